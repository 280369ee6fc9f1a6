// node tests/conformance/trace.mjs SCRIPT
//
// Prints the trace that a script leaves when it is run through the built package, which `cargo xtask build` puts into
// pkg/dist. If the script cannot be read, the program prints a sentence on standard error and exits with 2.

import { readFile } from "node:fs/promises";

import { stringify } from "./json.mjs";
import { run } from "./runner.mjs";
import { readScript } from "./script.mjs";

const [file, ...more] = process.argv.slice(2);
if (file === undefined || more.length > 0) {
  process.stderr.write("usage: node tests/conformance/trace.mjs SCRIPT\n");
  process.exit(2);
}
const script = await read(file);
process.stdout.write(`${stringify(await run(script))}\n`);

/** @param {string} file */
async function read(file) {
  try {
    return readScript(await readFile(file, "utf8"));
  } catch (error) {
    process.stderr.write(`trace: ${file}: ${error instanceof Error ? error.message : error}\n`);
    return process.exit(2);
  }
}
