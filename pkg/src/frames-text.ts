import { encodeFrame } from "./encode.js";

/** Whether this is to be read by and by. */
export function isAsyncIterable(frames: unknown): frames is AsyncIterable<unknown> {
  return typeof frames === "object" && frames !== null && Symbol.asyncIterator in frames;
}

/** The frames a bus of the host answered all at once, as the text of a JSON array. */
export function framesText(frames: unknown): string {
  if (typeof frames === "object" && frames !== null && Symbol.iterator in frames) {
    return arrayText(Array.from(frames as Iterable<unknown>, frameText));
  }
  // What the core refuses as no answer.
  return "null";
}

/** The same of frames that come by and by, once all are there. */
export async function asyncFramesText(frames: AsyncIterable<unknown>): Promise<string> {
  const texts: string[] = [];
  for await (const frame of frames) texts.push(frameText(frame, texts.length));
  return arrayText(texts);
}

/** One of the frames. */
export function frameText(frame: unknown, index: number): string {
  return encodeFrame(frame, `eventBus.subscribe[${index}]`);
}

function arrayText(texts: readonly string[]): string {
  return `[${texts.join()}]`;
}
