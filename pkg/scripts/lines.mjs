// Lines in a module that was minified to a single one: as a stack trace is useless on a page that is one line.

import { parseAst } from "rolldown/parseAst";

/**
 * The module with a line for each statement and each member of a class. What else is white space, names of files and
 * indentation above all, is a tenth of what a page loads, and nobody reads it.
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
