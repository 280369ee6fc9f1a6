// JSON with exact integers. `JSON.parse` rounds integers above 2^53-1, and scripts contain such.

/** @typedef {null | boolean | number | bigint | string | Json[] | { [key: string]: Json }} Json */

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\]+|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(true|false|null))\s*/y;

/**
 * Parses JSON text; integers that are not safe come out as `bigint`.
 *
 * @param {string} text
 * @returns {Json}
 */
export function parse(text) {
  const token = new RegExp(TOKEN);
  /** @returns {[mark?: string, string?: string, number?: string, word?: string]} */
  const next = () => {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new SyntaxError(`no token at ${at}`);
    return /** @type {[string?, string?, string?, string?]} */ (match.slice(1));
  };
  /** @returns {Json} */
  const value = (read = next()) => {
    const [mark, string, number, word] = read;
    if (string !== undefined || word !== undefined) return JSON.parse(/** @type {string} */ (string ?? word));
    if (number !== undefined) return unwhole(number) ?? integer(number) ?? Number(number);
    if (mark === "[") return array();
    if (mark === "{") return object();
    throw new SyntaxError(`no value before ${token.lastIndex}`);
  };
  const array = () => {
    /** @type {Json[]} */
    const entries = [];
    list("]", (read) => entries.push(value(read)));
    return entries;
  };
  const object = () => {
    /** @type {{ [key: string]: Json }} */
    const members = {};
    list("}", (read) => {
      const key = JSON.parse(read[1] ?? "");
      if (next()[0] !== ":") throw new SyntaxError(`no colon before ${token.lastIndex}`);
      // Not an assignment: `__proto__` must be a name like any other.
      Object.defineProperty(members, key, { value: value(), configurable: true, enumerable: true, writable: true });
    });
    return members;
  };
  /**
   * @param {string} end
   * @param {(read: ReturnType<typeof next>) => void} entry
   */
  const list = (end, entry) => {
    let read = next();
    if (read[0] === end) return;
    for (;;) {
      entry(read);
      const [mark] = next();
      if (mark === end) return;
      if (mark !== ",") throw new SyntaxError(`no comma before ${token.lastIndex}`);
      read = next();
    }
  };
  const whole = value();
  if (token.lastIndex !== text.length) throw new SyntaxError(`more than JSON at ${token.lastIndex}`);
  return whole;
}

/** @param {string} digits */
function integer(digits) {
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(Number(digits)) ? BigInt(digits) : undefined;
}

/**
 * A number that is not written as a whole number, though JavaScript takes it for one, such as `1.0` or `-0`. The wire
 * has no such numbers, so it becomes a value that no field accepts.
 *
 * @param {string} digits
 */
function unwhole(digits) {
  return /^-0$|[.eE]/.test(digits) && Number.isInteger(Number(digits)) ? [[]] : undefined;
}

/**
 * Compact JSON text, keys sorted, members that are `undefined` left out.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function stringify(value) {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stringify).join()}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${stringify(member)}`).join()}}`;
}
