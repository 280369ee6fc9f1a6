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

/** A JSON string, with the colon after it if it is a key; or a number. */
const TOKEN = /"(?:[^"\\]+|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * `JSON.parse` would round wide integers, so they pass it as strings. To be told apart from the strings that were there
 * before, all of these get an `s` in front, and the integers an `n`.
 */
function decodeWide(text: string): unknown {
  const marked = text.replace(TOKEN, (token: string, colon: string | undefined) => {
    if (colon !== undefined) return token;
    if (token.startsWith('"')) return `"s${token.slice(1)}`;
    return isWide(token) ? `"n${token}"` : token;
  });
  return JSON.parse(marked, (_key, value: unknown) => {
    if (typeof value !== "string") return value;
    return value.startsWith("n") ? BigInt(value.slice(1)) : value.slice(1);
  });
}

function isWide(token: string): boolean {
  return /^\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token));
}
