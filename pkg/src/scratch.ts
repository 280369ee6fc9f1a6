/** No id and no cursor is longer, in bytes. */
export const LONGEST_ID = 512;

/** How many bytes there is room for (src/js/scratch.rs). */
const SIZE = 5 * LONGEST_ID;

const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * A place in the core's memory through which short texts cross (src/js/scratch.rs). Each would else take a call to find
 * room for it and another one to give that back.
 */
export class Scratch {
  readonly #memory: WebAssembly.Memory;
  readonly #start: number;
  #bytes = /* @__PURE__ */ new Uint8Array();

  constructor(memory: WebAssembly.Memory, start: number) {
    this.#memory = memory;
    this.#start = start;
  }

  /**
   * Writes a text and answers its length. It is -1 if the text is not of ASCII alone, so that its characters are not its
   * bytes, or if there is no room for it.
   */
  write(text: string): number {
    // Memory that has grown is another buffer.
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#memory.buffer, this.#start, SIZE);
    const { read, written } = encoder.encodeInto(text, this.#bytes);
    return read === text.length && written === read ? read : -1;
  }
}
