import { invalidInput } from "./errors.js";

// Beyond these bounds an argument is a mistake, if not an attack: it is refused before it costs time and memory.
const MAX_DEPTH = 64;
const MAX_ENTRIES = 65_536;
const MAX_VALUES = 1_000_000;
const MAX_CHARACTERS = 64 * 1024 * 1024;
const MAX_U64 = 2n ** 64n - 1n;

/**
 * Writes an argument as JSON text, for the core to read.
 *
 * Members that are `undefined`, functions or symbols are left out, as by `JSON.stringify`; `toJSON` is not called.
 * Every property is read once. What the wire cannot hold, or what would be silently changed on the way, is an
 * `invalid_input` error that names the place, from `name` on.
 */
export function encode(value: unknown, name: string): string {
  return new Encoder(name).encode(value);
}

class Encoder {
  readonly #name: string;
  /** The keys and indices that lead to the value being written. */
  readonly #path: (string | number)[] = [];
  #values = 0;
  #characters = 0;

  constructor(name: string) {
    this.#name = name;
  }

  encode(value: unknown): string {
    return this.#write(value) ?? this.#fail(`is ${typeof value}, which cannot be passed on`);
  }

  /** The text of a value, or `undefined` if it is one that is left out. */
  #write(value: unknown): string | undefined {
    switch (typeof value) {
      case "string":
        return this.#string(value);
      case "number":
        return this.#counted(this.#number(value));
      case "bigint":
        return this.#counted(this.#bigint(value));
      case "boolean":
        return this.#counted(String(value));
      case "object":
        return value === null ? this.#counted("null") : this.#nested(value);
      default:
        return undefined;
    }
  }

  #string(value: string): string {
    this.#count(value.length);
    // With the flag u this finds only surrogates that are not part of a pair.
    if (/\p{Surrogate}/u.test(value)) this.#fail("is not well-formed Unicode");
    return JSON.stringify(value);
  }

  #number(value: number): string {
    if (!Number.isFinite(value)) this.#fail(`is ${value}, not a whole number`);
    if (!Number.isInteger(value)) this.#fail("is not a whole number");
    if (value < 0) this.#fail("is negative");
    if (!Number.isSafeInteger(value)) this.#fail("is above 2^53-1; pass such a number as a bigint");
    return String(value);
  }

  #bigint(value: bigint): string {
    if (value < 0n) this.#fail("is negative");
    if (value > MAX_U64) this.#fail("is above 2^64-1");
    return String(value);
  }

  #nested(value: object): string {
    if (this.#path.length === MAX_DEPTH) this.#fail("is nested too deeply, or cyclic");
    return this.#reading(() => Array.isArray(value)) ? this.#array(value as unknown[]) : this.#object(value);
  }

  #array(array: readonly unknown[]): string {
    const length = this.#reading(() => array.length);
    this.#bound(length);
    const texts: string[] = [];
    for (let index = 0; index < length; index += 1) {
      this.#path.push(index);
      const entry = this.#reading(() => array[index]);
      texts.push(this.#write(entry) ?? this.#fail(`is ${typeof entry}, which cannot be passed on`));
      this.#path.pop();
    }
    return this.#counted(`[${texts.join()}]`, length + 2);
  }

  #object(object: object): string {
    const keys = this.#reading(() => Object.keys(object));
    this.#bound(keys.length);
    const texts: string[] = [];
    for (const key of keys) {
      this.#path.push(key);
      const text = this.#write(this.#reading(() => (object as Record<string, unknown>)[key]));
      if (text !== undefined) texts.push(`${this.#string(key)}:${text}`);
      this.#path.pop();
    }
    return this.#counted(`{${texts.join()}}`, keys.length + 2);
  }

  /** Getters and proxies may throw whatever is read. */
  #reading<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (cause) {
      return this.#fail("cannot be read", { cause });
    }
  }

  #bound(entries: number): void {
    if (entries > MAX_ENTRIES) this.#fail(`has more than ${MAX_ENTRIES} entries`);
  }

  #counted(text: string, added = text.length): string {
    this.#count(added);
    return text;
  }

  #count(characters: number): void {
    this.#values += 1;
    this.#characters += characters;
    if (this.#values > MAX_VALUES || this.#characters > MAX_CHARACTERS) this.#fail("makes the argument too large");
  }

  #fail(reason: string, thrown?: { readonly cause: unknown }): never {
    const path = this.#path.map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    });
    throw invalidInput(this.#name + path.join(""), reason, thrown);
  }
}
