/** With the flag u this finds only surrogates that are not part of a pair. */
export const LONE_SURROGATE = /\p{Surrogate}/u;

/** A text that a port answered, for the core to read; `null`, which the core refuses, if it is none, or not of Unicode. */
export function wellFormed(answer: unknown): string | null {
  return typeof answer === "string" && !LONE_SURROGATE.test(answer) ? answer : null;
}
