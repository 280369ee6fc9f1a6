// The size of the built package in bytes: uncompressed, and as a server sends it. Run as a program, it prints the sizes
// as JSON.

import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const dist = resolve(import.meta.dirname, "../dist");

/** @typedef {{ raw: number, gzip: number, brotli: number }} Sizes */

/**
 * The size of what a page loads that imports `agent-pool`: the WebAssembly module, and all JavaScript in the top
 * folder. (The modules of `agent-pool/testing` are in a folder below.)
 *
 * @returns {{ wasm: Sizes, javascript: Sizes }}
 */
export function sizes() {
  const scripts = readdirSync(dist).filter((name) => name.endsWith(".js"));
  return { wasm: sum(["wasm/agent_pool_bg.wasm"]), javascript: sum(scripts) };
}

/**
 * @param {string[]} names the files, each of which is sent by itself
 * @returns {Sizes}
 */
function sum(names) {
  const files = names.map((name) => readFileSync(join(dist, name)));
  const total = (/** @type {(file: Buffer) => number} */ measure) =>
    files.reduce((bytes, file) => bytes + measure(file), 0);
  return {
    raw: total((file) => file.length),
    gzip: total((file) => gzipSync(file, { level: 9 }).length),
    brotli: total((file) => brotliCompressSync(file).length),
  };
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(sizes()));
