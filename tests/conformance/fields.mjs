// The fields of one operation, each looked at when it is asked for: the order of the checks is part of a trace.

import { Failure } from "./failure.mjs";

/** @typedef {{ [key: string]: import("./json.mjs").Json }} Fields */

/**
 * A field that must be there. That it is of the right type is for the package to find out.
 *
 * @template Value
 * @param {Fields} fields
 * @param {string} name
 * @returns {Value}
 */
export function required(fields, name) {
  if (!Object.hasOwn(Object(fields), name)) throw Failure.malformed(`missing field \`${name}\``);
  return /** @type {Value} */ (fields[name]);
}

/**
 * A field that may be absent, or null.
 *
 * @template Value
 * @param {Fields} fields
 * @param {string} name
 * @returns {Value | undefined}
 */
export function optional(fields, name) {
  return /** @type {Value | undefined} */ (fields[name] ?? undefined);
}

/**
 * A field that is the runner's own business.
 *
 * @param {Fields} fields
 * @param {string} name
 */
export function text(fields, name) {
  const value = required(fields, name);
  if (typeof value !== "string") throw Failure.malformed(`invalid type: ${typeof value}, expected a string`);
  return value;
}
