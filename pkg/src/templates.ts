// JSON texts that differ only in a few values.
//
// For each kind, a sample is made and written once, with marks in the places of what varies. A text is then made by
// putting the values there. So records and frames are described only once (as objects), and `JSON.stringify`, which
// takes five times as long, is not needed for each of them.

/** A mark for a part of a JSON string. */
export const mark = (slot: number): string => String.fromCharCode(0xe000 + slot);
/** A mark for a whole JSON string, or for a number. */
export const wholeMark = (slot: number): string => String.fromCharCode(0xe100 + slot);
const MARKS = /"([\ue100-\ue1ff])"|([\ue000-\ue1ff])/;

/**
 * A text in pieces: the first fixed piece, and then, by turns, the slot of what varies and the fixed piece after it.
 */
export interface Template {
  readonly first: string;
  readonly slots: readonly number[];
  readonly after: readonly string[];
}

/** Makes a template from the JSON of a sample. */
export function templateOf(text: string): Template {
  // `split` gives, by turns, a fixed piece and the two groups of the pattern, of which one has matched.
  const [first = "", ...rest] = text.split(MARKS);
  const slots: number[] = [];
  const after: string[] = [];
  for (let index = 0; index < rest.length; index += 3) {
    slots.push((rest[index] ?? rest[index + 1] ?? "").charCodeAt(0) & 0xff);
    after.push(rest[index + 2] ?? "");
  }
  return { first, slots, after };
}

/** Fills a template: `texts` has the text for each slot. */
export function fill({ first, slots, after }: Template, texts: readonly string[]): string {
  let text = first;
  for (let index = 0; index < slots.length; index += 1) text += texts[slots[index]!]! + after[index]!;
  return text;
}

/**
 * A text as it stands between the quotes of a JSON string. It must not have control characters; ids and cursors have
 * none.
 */
export function inString(text: string): string {
  return /["\\]/.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}
