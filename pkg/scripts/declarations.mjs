import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
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
