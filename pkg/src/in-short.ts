import { decode } from "./decode.js";
import { fill, inString, mark, templateOf, wholeMark, type Template } from "./templates.js";

// The short form in which the core tells a port what to record or publish: instead of the whole object, a list of what
// varies in it. The first entry is the number of its maker. A record has its payload, in full, as the last one, before
// which there is a tab (src/js/in_short.rs).

/** Makes the object from the list. */
export type Make<Facts extends readonly unknown[], Made> = (facts: Facts) => Made;

const templates = new Map<Make<never, object>, Template>();

const isShort = (text: string): boolean => text.startsWith("[");

/** The object that the core's text describes. */
export function objectOf<Facts extends readonly [kind: number, ...unknown[]], Made>(
  text: string,
  makers: readonly Make<Facts, Made>[],
): Made {
  if (!isShort(text)) return decode(text);
  const facts = JSON.parse(text) as Facts;
  return makers[facts[0]]!(facts);
}

/** As {@link objectOf}, but as text, put together by a template of its kind. */
export function textOf<Facts extends readonly [kind: number, ...unknown[]]>(
  text: string,
  makers: readonly Make<Facts, object>[],
): string {
  // The space is the core's mark for `decode`.
  if (!isShort(text)) return text.trimEnd();
  // Inside JSON strings a tab is escaped, so a tab can only be the separator.
  const [list, payload] = text.split(",\t");
  const facts = JSON.parse(payload ? `${list}]` : list!) as Facts;
  const make = makers[facts[0]]!;
  let template = templates.get(make);
  if (template === undefined) {
    const marks = facts.map((fact, slot) => (typeof fact === "string" ? mark(slot) : wholeMark(slot)));
    const sample = make([...marks, wholeMark(facts.length)] as unknown as Facts);
    templates.set(make, (template = templateOf(JSON.stringify(sample))));
  }
  const texts = facts.map((fact) => (typeof fact === "string" ? inString(fact) : `${fact}`));
  return fill(template, [...texts, payload?.slice(0, -1) ?? ""]);
}
