/**
 * Reads JSON text that the core wrote. Integers above 2^53-1, which only a host's own numbers can be, come out as
 * `bigint`.
 *
 * The type is taken on trust: the Rust types are the one definition of the wire, and tests hold these to them.
 */
export function decode<Value>(text: string): Value {
  // 2^53 has 16 digits, so most texts hold no such number, and are read the quick way.
  return (/\d{16}/.test(text) ? decodeWide(text) : JSON.parse(text)) as Value;
}

/**
 * Where a string begins or ends, with the colon after it if it was a key; an escape in a string; or a number. Strings are
 * not matched whole: over one of some millions of escapes V8's stack for that would be exhausted.
 */
const TOKEN = /\\.|"(:?)|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * `JSON.parse` would round wide integers, so they pass it as strings. To be told apart from the strings that were there
 * before, all of these get an `s` at the end, and the integers an `n`.
 */
function decodeWide(text: string): unknown {
  let isInString = false;
  const marked = text.replace(TOKEN, (token: string, colon: string | undefined) => {
    if (token.startsWith('"')) {
      isInString = !isInString;
      return isInString || colon !== "" ? token : 's"';
    }
    return !isInString && isWide(token) ? `"${token}n"` : token;
  });
  return JSON.parse(marked, (_key, value: unknown) => {
    if (typeof value !== "string") return value;
    const unmarked = value.slice(0, -1);
    return value.endsWith("n") ? BigInt(unmarked) : unmarked;
  });
}

function isWide(token: string): boolean {
  return /^\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token));
}
