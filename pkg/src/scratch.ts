import { isUnicode } from "./well-formed.js";

/** The greatest length of ids and cursors, in bytes. */
export const LONGEST_ID = 512;

/** The size of the scratch in bytes (src/js/scratch.rs). */
const SIZE = 5 * LONGEST_ID;

const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * A place in the core's memory through which short texts cross (src/js/scratch.rs). Otherwise every text would need one
 * call to allocate room for it, and another to free that.
 */
export class Scratch {
  readonly #memory: WebAssembly.Memory;
  readonly #start: number;
  #bytes = /* @__PURE__ */ new Uint8Array();

  constructor(memory: WebAssembly.Memory, start: number) {
    this.#memory = memory;
    this.#start = start;
  }

  /** Writes a text and returns its length in bytes. Returns -1 if it does not fit, or is not well-formed Unicode. */
  write(text: string): number {
    // When the memory has grown it has a new buffer, and the old view has length 0.
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#memory.buffer, this.#start, SIZE);
    const { read, written } = encoder.encodeInto(text, this.#bytes);
    // Most texts are ASCII. In others the encoder would replace what is not well-formed.
    return read === text.length && (written === read || isUnicode(text)) ? written : -1;
  }
}

/** The length of a text in bytes. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
