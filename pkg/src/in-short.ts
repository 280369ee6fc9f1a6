import { decode } from "./decode.js";
import { fill, inString, mark, templateOf, wholeMark, type Template } from "./message-texts.js";

// What the core tells a port in short: instead of the object that is to be recorded or published, the list of what
// varies in it (src/js/in_short.rs).

/** Makes the object of the list. */
type Make<Facts, Made> = (facts: Facts) => Made;

const templates = new Map<Make<never, object>, Template>();

const isShort = (text: string): boolean => text.startsWith("[");

/** The object that the core's text tells of. */
export function objectOf<Facts, Made>(text: string, make: Make<Facts, Made>): Made {
  return isShort(text) ? make(JSON.parse(text)) : decode(text);
}

/** The same as text: put together as that of messages is. */
export function textOf<Facts, Made extends object>(text: string, make: Make<Facts, Made>): string {
  if (!isShort(text)) return text;
  const facts: unknown[] = JSON.parse(text);
  let template = templates.get(make);
  if (template === undefined) {
    const marks = facts.map((fact, slot) => (typeof fact === "string" ? mark(slot) : wholeMark(slot)));
    templates.set(make, (template = templateOf(make(marks as Facts))));
  }
  return fill(
    template,
    facts.map((fact) => (typeof fact === "string" ? inString(fact) : JSON.stringify(fact))),
  );
}
