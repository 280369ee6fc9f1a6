// Reads a written script in the same way as the native runner (tests/support/trace/script.rs).

import { parse } from "./json.mjs";

/** @typedef {import("./runner.mjs").Script} Script */

/**
 * Reads a script.
 *
 * @param {string} text
 * @returns {Script}
 * @throws {Error} A sentence for people if the text is not JSON, or lacks a part without which no trace can be written.
 *   A mistake in a single operation is no error here: it belongs in the trace.
 */
export function readScript(text) {
  const script = Object(read(text));
  const { name } = script;
  if (typeof name !== "string") throw new Error("`name` must be a text");
  const pools = list(script, "pools");
  // Errors of pools that did not open are reported by handle.
  const index = pools.findIndex((pool) => typeof Object(pool).handle !== "string");
  if (index >= 0) throw new Error(`\`pools[${index}].handle\` must be a text`);
  return { name, pools, ops: list(script, "ops") };
}

/** @param {string} text */
function read(text) {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * @param {{ [field: string]: unknown }} script
 * @param {string} field
 */
function list(script, field) {
  const value = script[field];
  if (!Array.isArray(value)) throw new Error(`\`${field}\` must be a list`);
  return value;
}
