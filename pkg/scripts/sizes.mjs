// What the built package weighs, in bytes: as it is, and as a server sends it. As a program it prints that as JSON.

import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const dist = resolve(import.meta.dirname, "../dist");

/** @typedef {{ raw: number, gzip: number, brotli: number }} Sizes */

/**
 * What a page loads that imports `agent-pool`: the WebAssembly module, and the JavaScript, which is all of the top
 * folder. (What `agent-pool/testing` adds lies below.)
 *
 * @returns {{ wasm: Sizes, javascript: Sizes }}
 */
export function sizes() {
  const scripts = readdirSync(dist).filter((name) => name.endsWith(".js"));
  return { wasm: sum(["wasm/agent_pool_bg.wasm"]), javascript: sum(scripts) };
}

/**
 * @param {string[]} names of files, each of which is sent by itself
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
