/**
 * Reads JSON text that the core wrote. Integers above 2^53-1 become `bigint`; they can only come from numbers of the
 * host.
 *
 * The type is not checked: the Rust types are the one definition of the wire, and tests compare the TypeScript types
 * with them.
 */
export function decode<Value>(text: string): Value {
  // The core marks the texts that have such integers (src/js/text.rs). To look for them would take a tenth of the time
  // of reading.
  return (text.endsWith(" ") ? decodeWide(text) : JSON.parse(text)) as Value;
}

/**
 * Matches the beginning or end of a string (with the colon after it, if the string is a key), an escape in a string, or
 * a number that may be a wide integer, as 2^53 has 16 digits: the core writes no fractions. It does not match whole
 * strings: a string with some millions of escapes would exhaust V8's stack for the match.
 */
const TOKEN = /\\.|"(:?)|\d{16,}/g;

/**
 * Reads JSON text that may have integers above 2^53-1.
 *
 * `JSON.parse` would round wide integers, so they pass through it as strings. To tell them from real strings, every
 * real string value gets an `s` at its end, and every wide integer an `n`.
 */
export function decodeWide(text: string): unknown {
  let isInString = false;
  const marked = text.replace(TOKEN, (token: string, colon: string | undefined) => {
    if (colon === undefined) return isInString || Number.isSafeInteger(Number(token)) ? token : `"${token}n"`;
    isInString = !isInString;
    return isInString || colon !== "" ? token : 's"';
  });
  return JSON.parse(marked, (_key, value: unknown) => {
    if (typeof value !== "string") return value;
    const unmarked = value.slice(0, -1);
    return value.endsWith("n") ? BigInt(unmarked) : unmarked;
  });
}
