import { invalidInput } from "./own-errors.js";
import { isUnicode } from "./well-formed.js";

// An argument beyond these bounds is a mistake, if not an attack. It is refused before it costs time and memory.
const MAX_DEPTH = 64;
const MAX_ENTRIES = 65_536;
const MAX_VALUES = 1_000_000;
const MAX_CHARACTERS = 64 * 1024 * 1024;
const MAX_U64 = 2n ** 64n - 1n;

/** Printable ASCII in which nothing needs to be escaped, as most texts are. */
const PLAIN = /^[ !#-[\]-~]*$/;
const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

/**
 * Writes an argument as JSON text, for the core to read.
 *
 * Members that are `undefined` are left out; `toJSON` is not called. Every property is read once. (Those of a message
 * that `send` passes here were read by `readPlainMessage` before.) A value that the wire cannot hold, an object that is
 * not a plain one, and a value that would be silently changed on the way are `invalid_input` errors that name the
 * place, beginning with `name`.
 */
export function encode(value: unknown, name: string): string {
  return new Encoder(name, false).encode(value);
}

/**
 * As {@link encode}, but for a frame. It allows longer lists: a frame from the core may name all receivers of a
 * message, and what the message was about. A bus may add things of its own to the frames that it stores: of an object
 * of a class the own members are written, and members that are functions or symbols are left out.
 */
export function encodeFrame(frame: unknown, name: string): string {
  return new Encoder(name, true).encode(frame);
}

class Encoder {
  readonly #name: string;
  readonly #isFrame: boolean;
  /**
   * The keys and indices that lead to the value being written. They are kept when something is thrown, for the error
   * message.
   */
  readonly #path: (string | number)[] = [];
  #hasFailed = false;
  #values = 0;
  #characters = 0;

  constructor(name: string, isFrame: boolean) {
    this.#name = name;
    this.#isFrame = isFrame;
  }

  encode(value: unknown): string {
    try {
      return this.#write(value) ?? this.#failUnpassable(value);
    } catch (cause) {
      if (this.#hasFailed) throw cause;
      // A getter or a proxy of the host's threw while it was read.
      return this.#fail("cannot be read", { cause });
    }
  }

  /** The text of a value, or `undefined` if the value is to be left out. */
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
        // A bus may add functions to the frames that it stores. In an argument, a function is probably one that
        // somebody forgot to call: if `policy_refs: () => [...]` were left out, everybody would receive the message.
        if (value !== undefined && !this.#isFrame) this.#failUnpassable(value);
        return undefined;
    }
  }

  #string(value: string): string {
    this.#count(0, value.length);
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
    if (!this.#isFrame && !isPlain(object)) this.#fail("is not a plain object");
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
    const most = this.#isFrame ? MAX_VALUES : MAX_ENTRIES;
    if (entries > most) this.#fail(`has more than ${most} entries`);
    this.#count(entries, 0);
  }

  #count(values: number, characters: number): void {
    this.#values += values;
    this.#characters += characters;
    if (this.#values > MAX_VALUES || this.#characters > MAX_CHARACTERS) this.#fail("makes the argument too large");
  }

  #failUnpassable(value: unknown): never {
    return this.#fail(value === undefined ? "is missing" : `cannot be a ${typeof value}`);
  }

  #fail(reason: string, thrown?: { readonly cause: unknown }): never {
    this.#hasFailed = true;
    const path = this.#path.map((step) => {
      // An index is no identifier, and is written as it is.
      return IDENTIFIER.test(step as string) ? `.${step}` : `[${JSON.stringify(step)}]`;
    });
    throw invalidInput(this.#name + path.join(""), reason, thrown);
  }
}

/**
 * Whether an object is of no class, in whatever realm. Of others the own members are not all: a promise that nobody
 * awaited, a `Map`, or an object with accessors in its class would lose what it holds.
 */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
