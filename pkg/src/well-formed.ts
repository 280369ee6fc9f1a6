/** With the flag `u` this matches only surrogates that are not part of a pair. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The ES2024 method, which browsers have had since 2023. It need not look through texts that have one byte per
 * character.
 */
const { isWellFormed } = String.prototype as { readonly isWellFormed?: (this: string) => boolean };

/** Whether a text is well-formed Unicode. */
export const isUnicode: (text: string) => boolean =
  isWellFormed === undefined ? (text) => !LONE_SURROGATE.test(text) : (text) => isWellFormed.call(text);

/** A port's answer, if it is a text of well-formed Unicode; otherwise `null`, which the core refuses. */
export function wellFormed(answer: unknown): string | null {
  return typeof answer === "string" && isUnicode(answer) ? answer : null;
}
