/** No id and no cursor is longer, in bytes. */
export const LONGEST_ID = 512;

/**
 * A place in the core's memory through which short texts cross (src/js/scratch.rs). Each would else take a call to find
 * room for it and another one to give that back.
 */
export class Scratch {
  readonly #memory: WebAssembly.Memory;
  readonly #start: number;
  #bytes: Uint8Array;

  constructor(memory: WebAssembly.Memory, start: number) {
    this.#memory = memory;
    this.#start = start;
    this.#bytes = new Uint8Array(memory.buffer);
  }

  /**
   * Writes a text after `end`, where the one before it ends, and answers where it ends itself. It is -1 from the first
   * text on that is not of printable ASCII, or longer than any id.
   */
  write(text: string, end: number): number {
    const { length } = text;
    if (end < 0 || length > LONGEST_ID) return -1;
    // Memory that has grown is another buffer.
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#memory.buffer);
    const bytes = this.#bytes;
    const start = this.#start + end;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7e) return -1;
      bytes[start + index] = code;
    }
    return end + length;
  }
}
