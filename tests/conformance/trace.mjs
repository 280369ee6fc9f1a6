// node tests/conformance/trace.mjs SCRIPT: prints the trace that a script leaves when it is run through the built
// package, which `cargo xtask build` puts into pkg/dist.

import { readFile } from "node:fs/promises";

import { parse, stringify } from "./json.mjs";
import { run } from "./runner.mjs";

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("usage: node tests/conformance/trace.mjs SCRIPT\n");
  process.exit(2);
}
const script = /** @type {import("./runner.mjs").Script} */ (parse(await readFile(file, "utf8")));
process.stdout.write(`${stringify(await run(script))}\n`);
