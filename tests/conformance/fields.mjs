// The fields of one operation. Each is checked when it is read, as the order of the checks is part of a trace.

import { Failure } from "./failure.mjs";

/** @typedef {{ [key: string]: import("./json.mjs").Json }} Fields */

/**
 * A field that must be present. Whether its type is right is for the package to check.
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
 * A field that must be present and have these members. The wire requires them, while the package would fill them in.
 *
 * @template Value
 * @param {Fields} fields
 * @param {string} name
 * @param {readonly string[]} members
 * @returns {Value}
 */
export function whole(fields, name, members) {
  const value = /** @type {Value} */ (required(fields, name));
  const given = /** @type {Fields} */ (Object(value));
  for (const member of members) {
    if (required(given, member) === null) throw Failure.malformed(`${name}.${member}: invalid type: null`);
  }
  return value;
}

/**
 * The known members of an object. The wire ignores other members, while the package, whose options these are, refuses
 * them.
 *
 * @template Value
 * @param {Value} value
 * @param {readonly string[]} members
 * @returns {Value}
 */
export function known(value, members) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return /** @type {Value} */ (Object.fromEntries(Object.entries(value).filter(([name]) => members.includes(name))));
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
 * A text that is used by the runner itself.
 *
 * @param {Fields} fields
 * @param {string} name
 */
export function text(fields, name) {
  const value = required(fields, name);
  if (typeof value !== "string") throw Failure.malformed(`invalid type: ${typeof value}, expected a string`);
  return value;
}
