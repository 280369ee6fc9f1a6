import { decode } from "./decode.js";
import { fill, inString, mark, templateOf, wholeMark, type Template } from "./templates.js";

// The short form in which the core tells a port what to record or publish: instead of the whole object, a list of what
// varies in it. After the list comes the part of a record that is given in full, its payload (src/js/in_short.rs).

/** Makes the object from the list and from the part that is given in full. */
export type Make<Facts extends readonly unknown[], Made> = (facts: Facts, inFull: never) => Made;

const templates = new Map<Make<never, object>, Template>();

const isShort = (text: string): boolean => text.startsWith("[");

/** The object that the core's text describes. The list begins with the index of its maker. */
export function objectOf<Facts extends readonly unknown[], Made>(
  text: string,
  makers: readonly Make<Facts, Made>[],
): Made {
  if (!isShort(text)) return decode(text);
  const { make, facts, inFull } = read(text, makers);
  return make(facts, (inFull && JSON.parse(inFull)) as never);
}

/** As {@link objectOf}, but as text, put together by a template of its kind. */
export function textOf<Facts extends readonly unknown[]>(
  text: string,
  makers: readonly Make<Facts, object>[],
): string {
  // The space is the core's mark for `decode`.
  if (!isShort(text)) return text.trimEnd();
  const { make, facts, inFull } = read(text, makers);
  let template = templates.get(make);
  if (template === undefined) {
    const marks = facts.map((fact, slot) => (typeof fact === "string" ? mark(slot) : wholeMark(slot)));
    const sample = make(marks as unknown as Facts, wholeMark(facts.length) as never);
    templates.set(make, (template = templateOf(JSON.stringify(sample))));
  }
  const texts = facts.map((fact) => (typeof fact === "string" ? inString(fact) : `${fact}`));
  return fill(template, [...texts, inFull]);
}

function read<Facts extends readonly unknown[], Made>(
  text: string,
  makers: readonly Make<Facts, Made>[],
): { readonly make: Make<Facts, Made>; readonly facts: Facts; readonly inFull: string } {
  // Inside JSON strings a tab is escaped, so a tab can only be the separator.
  const [list = "", inFull = ""] = text.split("\t");
  const [kind, ...facts] = JSON.parse(list);
  return { make: makers[kind]!, facts, inFull };
}
