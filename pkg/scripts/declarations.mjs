// What becomes of the declarations that tsc wrote before they are shipped.

import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Deletes the declarations in a folder that cannot be reached from the entries. tsc writes one for every source, and
 * those that nobody can import only make the package larger.
 *
 * @param {string} folder
 * @param {string[]} entries
 */
export function keepReachable(folder, entries) {
  /** @type {Set<string>} */
  const reachable = new Set();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reachable.has(file)) continue;
    if (!existsSync(file)) throw new Error(`${file}: the public declarations lead here, and it is not in the package`);
    reachable.add(file);
    waiting.push(...imports(file));
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = join(folder, name);
    if (name.endsWith(".d.ts") && !reachable.has(file)) rmSync(file);
  }
}

/**
 * Takes the marks out of the comments of the declarations in a folder. A mark, such as `(REFERENCE 22)`, names the rule
 * behind what a comment says, in a document that users do not have.
 *
 * @param {string} folder
 */
export function leaveOutMarks(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".d.ts")) continue;
    const file = join(folder, name);
    writeFileSync(file, withoutMarks(readFileSync(file, "utf8")));
  }
}

/**
 * The text without its marks. A line that was broken before a mark or in it is broken after the sign that follows the
 * mark.
 *
 * @param {string} text
 */
function withoutMarks(text) {
  const marks = /(?:\s+\*)?\s+\((?:REFERENCE|DESIGN)\b[^()]*\)([.,:;]?)(?: |(?=\n))/g;
  return text.replaceAll(marks, (mark, /** @type {string} */ sign) => {
    const next = /\n *\* /.exec(mark)?.[0] ?? " ";
    return mark.endsWith(" ") ? `${sign}${next}` : sign;
  });
}

/**
 * The declarations that a declaration refers to. In tsc's output the references are `from "./x.js"` and
 * `import("./x.js")`.
 *
 * @param {string} file
 */
function imports(file) {
  const text = readFileSync(file, "utf8");
  const references = text.matchAll(/(?:from |import\()"(\.[^"]*)\.js"/g);
  return [...references].map(([, path]) => join(dirname(file), `${path}.d.ts`));
}
