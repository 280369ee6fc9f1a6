/** With the flag u this finds only surrogates that are not part of a pair. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What ES2024 has for it, which browsers have had since 2023: texts of one byte a character it need not look through. */
const { isWellFormed } = String.prototype as { readonly isWellFormed?: (this: string) => boolean };

/** Whether a text is of Unicode. */
export const isUnicode: (text: string) => boolean =
  isWellFormed === undefined ? (text) => !LONE_SURROGATE.test(text) : (text) => isWellFormed.call(text);

/** A text that a port answered, for the core to read; `null`, which the core refuses, if it is none, or not of Unicode. */
export function wellFormed(answer: unknown): string | null {
  return typeof answer === "string" && isUnicode(answer) ? answer : null;
}
