// Adds line breaks to a module that was minified to a single line: a stack trace of such a module is useless.

import { parseAst } from "rolldown/parseAst";

/**
 * The module with a line for each statement and each member of a class. More white space, mainly indentation, and the
 * names of files would be a tenth of what a page loads, and nobody reads them.
 *
 * @param {string} code
 */
export function inLines(code) {
  /** @type {number[]} */
  const starts = [];
  collectStarts(parseAst(code), starts);
  const places = [...new Set(starts)].sort((one, other) => one - other);
  const lines = places.map((start, index) => code.slice(start, places[index + 1]));
  return `${code.slice(0, places[0])}${lines.join("\n")}`;
}

/**
 * @param {unknown} node
 * @param {number[]} starts where a line may begin
 */
function collectStarts(node, starts) {
  if (typeof node !== "object" || node === null) return;
  for (const [name, member] of Object.entries(node)) {
    const holdsStatements = (name === "body" || name === "consequent") && Array.isArray(member);
    if (holdsStatements) for (const { start } of member) starts.push(start);
    collectStarts(member, starts);
  }
}
