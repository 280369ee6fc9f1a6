import { decode } from "./decode.js";
import { encode } from "./encode.js";
import type { Clock, EventBus, EventFrames, IdSource, Journal, RunLauncher } from "./ports.js";
import type { Runtime } from "./runtime.js";
import type { EventCursor, EventFrame } from "./types/frame.js";
import type { CompiledEventFilter } from "./types/filter.js";
import type { JournalRecord } from "./types/journal.js";
import type { RunRequest } from "./types/run.js";

// How the core calls the ports of the host. Methods are called on the host's own object; every call gets data of its
// own, so that a host may keep and change what it was given; and what a host throws goes through as it is.

/** A journal as the core calls it: takes and answers text. */
export interface HostJournal {
  append(recordText: string): string | undefined | void | Promise<string | undefined | void>;
}

/** An event bus as the core calls it; without `subscribe` the core keeps the frames itself. */
export interface HostEventBus {
  publish(frameText: string): void | Promise<void>;
  subscribe?(filterText: string, cursorText: string | undefined): string | Promise<string>;
}

export function hostJournal(runtime: Runtime, journal: Journal): HostJournal {
  return {
    append: (recordText) =>
      runtime.callPort(
        () => journal.append(decode<JournalRecord>(recordText)),
        (cursor) => cursor,
      ),
  };
}

export function hostEventBus(runtime: Runtime, eventBus: EventBus, canSubscribe: boolean): HostEventBus {
  const publish = (frameText: string): void | Promise<void> =>
    runtime.callPort(
      () => eventBus.publish(decode<EventFrame>(frameText)),
      () => undefined,
    );
  if (!canSubscribe) return { publish };
  return {
    publish,
    subscribe: (filterText, cursorText) => {
      const filter = decode<CompiledEventFilter>(filterText);
      const cursor = cursorText === undefined ? undefined : decode<EventCursor>(cursorText);
      // It was there when the pool was built.
      return runtime.callPort(() => eventBus.subscribe!(filter, cursor), framesText);
    },
  };
}

export function hostClock(clock: Clock): () => number {
  return () => clock.now();
}

export function hostIds(ids: IdSource): () => string {
  return () => ids.next();
}

/** What `startRun` calls have in their requests' place of `input`: the input itself stays on this side. */
export class RunInputs {
  readonly #inputs = new Map<number, unknown>();
  #last = 0;

  /** Keeps an input until the request was made use of; answers what stands for it. */
  keep(input: unknown): number {
    this.#last += 1;
    this.#inputs.set(this.#last, input);
    return this.#last;
  }

  /** Gives up an input, for whoever comes first. */
  take(token: number): unknown {
    const input = this.#inputs.get(token);
    this.#inputs.delete(token);
    return input;
  }
}

export function hostRunLauncher<RunHandle>(
  runtime: Runtime,
  launcher: RunLauncher<RunHandle>,
  inputs: RunInputs,
): (requestText: string) => RunHandle | Promise<RunHandle> {
  return (requestText) => {
    const { input: token, ...request } = decode<RunRequest & { readonly input?: number }>(requestText);
    const started = token === undefined ? request : { ...request, input: inputs.take(token) };
    return runtime.callPort(
      () => launcher.start(started),
      (runHandle) => runHandle,
    );
  };
}

/** The frames a bus of the host answered, as the text of a JSON array. */
function framesText(frames: EventFrames): string | Promise<string> {
  if (typeof frames === "object" && frames !== null) {
    if (Symbol.asyncIterator in frames) return asyncFramesText(frames);
    if (Symbol.iterator in frames) return arrayText(Array.from(frames, frameText));
  }
  // What the core refuses as no answer.
  return "null";
}

async function asyncFramesText(frames: AsyncIterable<unknown>): Promise<string> {
  const texts: string[] = [];
  for await (const frame of frames) texts.push(frameText(frame, texts.length));
  return arrayText(texts);
}

function frameText(frame: unknown, index: number): string {
  return encode(frame, `eventBus.subscribe[${index}]`);
}

function arrayText(texts: readonly string[]): string {
  return `[${texts.join()}]`;
}
