/**
 * Reads JSON text that the core wrote. Integers above 2^53-1, which only a host's own numbers can be, come out as
 * `bigint`.
 *
 * The type is taken on trust: the Rust types are the one definition of the wire, and tests hold these to them.
 */
export function decode<Value>(text: string): Value {
  // 2^53 has 16 digits, so most texts hold nothing that looks like such a number, and are read the quick way. That is asked
  // twice, as the shorter question takes a twentieth of the longer one's time.
  const mayBeWide = /\d{16}/.test(text) && /[:,[]\d{16,}[,\]}]/.test(text);
  return (mayBeWide ? decodeWide(text) : JSON.parse(text)) as Value;
}

/**
 * Where a string begins or ends, with the colon after it if it was a key; an escape in a string; or a number that may be a
 * wide one: the core writes no fractions. Strings are not matched whole: over one of some millions of escapes V8's stack
 * for that would be exhausted.
 */
const TOKEN = /\\.|"(:?)|\d{16,}/g;

/**
 * `JSON.parse` would round wide integers, so they pass it as strings. To be told apart from the strings that were there
 * before, all of these get an `s` at the end, and the integers an `n`.
 */
function decodeWide(text: string): unknown {
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
