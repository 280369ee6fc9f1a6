// JSON texts that are alike but for a few values.
//
// Of each kind a sample is made and written once, with marks in the place of what varies; to make a text is then to put
// that in. So there is one description of records and frames, and `JSON.stringify`, which takes five times as long, is not
// needed for each of them.

/** Stands for a part of a JSON string. */
export const mark = (slot: number): string => String.fromCharCode(0xe000 + slot);
/** Stands for the whole of a JSON string, or in place of a number. */
export const wholeMark = (slot: number): string => String.fromCharCode(0xe100 + slot);
const MARKS = /"([\ue100-\ue1ff])"|([\ue000-\ue1ff])/;

/** A text in pieces: what comes first, and then what varies and what comes after that, by turns. */
export interface Template {
  readonly first: string;
  readonly slots: readonly number[];
  readonly after: readonly string[];
}

/** The template of the JSON of a sample. */
export function templateOf(text: string): Template {
  // By turns what stays, and of a mark what either half of the pattern found.
  const [first = "", ...rest] = text.split(MARKS);
  const slots: number[] = [];
  const after: string[] = [];
  for (let index = 0; index < rest.length; index += 3) {
    slots.push((rest[index] ?? rest[index + 1] ?? "").charCodeAt(0) & 0xff);
    after.push(rest[index + 2] ?? "");
  }
  return { first, slots, after };
}

/** The text in which these stand in the places of the marks, by slot. */
export function fill({ first, slots, after }: Template, texts: readonly string[]): string {
  let text = first;
  for (let index = 0; index < slots.length; index += 1) text += texts[slots[index]!]! + after[index]!;
  return text;
}

/** A text as it stands between the quotes of a JSON string. Ids and cursors hold no control characters. */
export function inString(text: string): string {
  return /["\\]/.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}
