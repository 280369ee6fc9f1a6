import { encodeFrame } from "./encode.js";

/** Whether the frames arrive asynchronously, one by one. */
export function isAsyncIterable(frames: unknown): frames is AsyncIterable<unknown> {
  return typeof frames === "object" && (frames as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] != null;
}

/** The frames that a host's bus returned all at once, as the text of a JSON array. */
export function framesText(frames: unknown): string {
  // The core refuses all but lists as invalid answers, and says which of these they are.
  if (typeof frames === "string") return '""';
  if (typeof frames !== "object" || frames === null) return "null";
  return Symbol.iterator in frames ? arrayText(Array.from(frames as Iterable<unknown>, frameText)) : "{}";
}

/** As {@link framesText}, for frames that arrive one by one. Resolves when the last one is there. */
export async function asyncFramesText(frames: AsyncIterable<unknown>): Promise<string> {
  const texts: string[] = [];
  for await (const frame of frames) texts.push(frameText(frame, texts.length));
  return arrayText(texts);
}

/** The text of one frame; `index` is its place, for error messages. */
export function frameText(frame: unknown, index: number): string {
  return encodeFrame(frame, `eventBus.subscribe[${index}]`);
}

function arrayText(texts: readonly string[]): string {
  return `[${texts.join()}]`;
}
