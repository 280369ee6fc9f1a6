import { invalidInput } from "./errors.js";
import { isUnicode } from "./well-formed.js";

// Beyond these bounds an argument is a mistake, if not an attack: it is refused before it costs time and memory.
const MAX_DEPTH = 64;
const MAX_ENTRIES = 65_536;
const MAX_VALUES = 1_000_000;
const MAX_CHARACTERS = 64 * 1024 * 1024;
const MAX_U64 = 2n ** 64n - 1n;

/** What most texts are: printable ASCII in which nothing needs to be escaped. */
const PLAIN = /^[ !#-[\]-~]*$/;
const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

/**
 * Writes an argument as JSON text, for the core to read.
 *
 * Members that are `undefined`, functions or symbols are left out, as by `JSON.stringify`; `toJSON` is not called.
 * Every property is read once (those of a message that is sent twice, unless it is plain: see `plainMessage`). What the wire cannot hold, or what would be silently changed on the way, is an
 * `invalid_input` error that names the place, from `name` on.
 */
export function encode(value: unknown, name: string): string {
  return new Encoder(name, MAX_ENTRIES).encode(value);
}

/** As {@link encode}, of a frame: one of the core's own may name all receivers of a message, and what it was about. */
export function encodeFrame(frame: unknown, name: string): string {
  return new Encoder(name, MAX_VALUES).encode(frame);
}

class Encoder {
  readonly #name: string;
  /** How many entries a list or an object may have. */
  readonly #mostEntries: number;
  /** The keys and indices that lead to the value being written. They stay as they are when something is thrown. */
  readonly #path: (string | number)[] = [];
  #hasFailed = false;
  #values = 0;
  #characters = 0;

  constructor(name: string, mostEntries: number) {
    this.#name = name;
    this.#mostEntries = mostEntries;
  }

  encode(value: unknown): string {
    try {
      return this.#write(value) ?? this.#failUnpassable(value);
    } catch (cause) {
      if (this.#hasFailed) throw cause;
      // Getters and proxies may throw whatever is read of them.
      return this.#fail("cannot be read", { cause });
    }
  }

  /** The text of a value, or `undefined` if it is one that is left out. */
  #write(value: unknown): string | undefined {
    switch (typeof value) {
      case "string":
        return this.#string(value);
      case "number":
        return this.#number(value);
      case "bigint":
        return this.#bigint(value);
      case "boolean":
        return value ? "true" : "false";
      case "object":
        if (value === null) return "null";
        if (this.#path.length === MAX_DEPTH) this.#fail("is nested too deeply, or cyclic");
        return Array.isArray(value) ? this.#array(value) : this.#object(value);
      default:
        return undefined;
    }
  }

  #string(value: string): string {
    this.#count(1, value.length);
    if (PLAIN.test(value)) return `"${value}"`;
    if (!isUnicode(value)) this.#fail("is not well-formed Unicode");
    return JSON.stringify(value);
  }

  #number(value: number): string {
    if (!Number.isInteger(value)) this.#fail(Number.isFinite(value) ? "is not a whole number" : `is ${value}`);
    if (value < 0) this.#fail("is negative");
    if (value > Number.MAX_SAFE_INTEGER) this.#fail("is above 2^53-1; pass such a number as a bigint");
    return String(value);
  }

  #bigint(value: bigint): string {
    if (value < 0n) this.#fail("is negative");
    if (value > MAX_U64) this.#fail("is above 2^64-1");
    return String(value);
  }

  #array(array: readonly unknown[]): string {
    const { length } = array;
    this.#countEntries(length);
    const depth = this.#path.length;
    let text = "[";
    for (let index = 0; index < length; index += 1) {
      this.#path[depth] = index;
      const entry = array[index];
      if (index > 0) text += ",";
      text += this.#write(entry) ?? this.#failUnpassable(entry);
    }
    this.#path.length = depth;
    return `${text}]`;
  }

  #object(object: object): string {
    const keys = Object.keys(object);
    this.#countEntries(keys.length);
    const depth = this.#path.length;
    let text = "";
    for (const key of keys) {
      this.#path[depth] = key;
      const member = this.#write((object as Record<string, unknown>)[key]);
      if (member === undefined) continue;
      text += `${text === "" ? "" : ","}${this.#string(key)}:${member}`;
    }
    this.#path.length = depth;
    return `{${text}}`;
  }

  #countEntries(entries: number): void {
    const most = this.#mostEntries;
    if (entries > most) this.#fail(`has more than ${most} entries`);
    this.#count(entries + 1, 0);
  }

  #count(values: number, characters: number): void {
    this.#values += values;
    this.#characters += characters;
    if (this.#values > MAX_VALUES || this.#characters > MAX_CHARACTERS) this.#fail("makes the argument too large");
  }

  #failUnpassable(value: unknown): never {
    return this.#fail(`is ${typeof value}, which cannot be passed on`);
  }

  #fail(reason: string, thrown?: { readonly cause: unknown }): never {
    this.#hasFailed = true;
    const path = this.#path.map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return IDENTIFIER.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    });
    throw invalidInput(this.#name + path.join(""), reason, thrown);
  }
}
