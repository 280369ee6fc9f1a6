import { invalidInput } from "./own-errors.js";

/**
 * Reads the known fields of an options object, each of them once.
 *
 * A field that is `undefined` counts as missing. A value that is not an object, an unknown field, and a field that
 * cannot be read are `invalid_input` errors that name the place, beginning with `name`.
 */
export function readFields<Fields extends object, Name extends keyof Fields & string>(
  given: Fields,
  name: string,
  known: readonly Name[],
): { -readonly [Field in Name]?: Fields[Field] } {
  // A promise that nobody awaited, or a `Map`, would count as an object without fields.
  if (!/^(Object|Module)$/.test(readAt(name, () => tagOf(given)))) throw invalidInput(name, "is not an object");
  const unknown = readAt(name, () => Object.keys(given)).find((key) => !known.some((field) => field === key));
  if (unknown !== undefined) throw invalidInput(`${name}.${unknown}`, `is unknown; known: ${known.join(", ")}`);
  const fields: { -readonly [Field in Name]?: Fields[Field] } = {};
  for (const field of known) {
    const value = readAt(`${name}.${field}`, () => given[field]);
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

/** Reads something of the host's. A getter or proxy may throw; that becomes an `invalid_input` error. */
export function readAt<Value>(place: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw invalidInput(place, "cannot be read", { cause });
  }
}

/** The class of a value by its name, which is the same in every realm; `Object` for most objects. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}
