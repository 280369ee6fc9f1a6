import { decode } from "./decode.js";
import { FollowedFrames } from "./followed-frames.js";
import { asyncFramesText, framesText, isAsyncIterable } from "./frames-text.js";
import type { GivenEventBus, GivenJournal } from "./port-forms.js";
import type { Clock, EventBus, IdSource, Journal, RunLauncher } from "./ports.js";
import type { Runtime } from "./runtime.js";
import { textJournal, textPublisher } from "./text-adapters.js";
import type { EventCursor, EventFrame } from "./types/frame.js";
import type { CompiledEventFilter } from "./types/filter.js";
import type { JournalRecord } from "./types/journal.js";
import type { RunRequest } from "./types/run.js";

// How the core calls the ports of the host. Methods are called on the host's own object; every call gets data of its
// own, so that a host may keep and change what it was given; and what a host throws goes through as it is.

/** A journal as the core calls it: takes and answers text. */
export interface HostJournal {
  append(recordText: string): string | undefined | void | Promise<string | undefined | void>;
  /**
   * Takes the texts of several records, with a line break between one and the next. The core reads of the array, without
   * a look at its length, what stands for each of them.
   */
  appendBatch?(linesText: string): unknown[] | Promise<unknown[]>;
}

/** An event bus as the core calls it; without `subscribe` the core keeps the frames itself. */
export interface HostEventBus {
  publish(frameText: string): void | Promise<void>;
  subscribe?(filterText: string, cursorText: string | undefined): string | Promise<string>;
  follow?(filterText: string, cursorText: string | undefined): HostFrames;
}

/** What a bus gives a live stream, as the core asks for it: texts of frames until `undefined`, or until it stops. */
export interface HostFrames {
  next(): string | undefined | Promise<string | undefined>;
  stop(): void;
}

export function hostJournal(runtime: Runtime, given: GivenJournal): HostJournal {
  const { append, appendBatch } = given.takesText ? textJournal(given.journal) : objectJournal(given.journal);
  const host: HostJournal = {
    append: (recordText) =>
      runtime.callPort(
        () => append(recordText),
        (cursor) => cursor,
      ),
  };
  if (given.canBatch) {
    host.appendBatch = (linesText) => {
      const lines = linesText.split("\n");
      const { length } = lines;
      return runtime.callPort(
        () => appendBatch(lines),
        (cursors) => cursorsOf(cursors, length),
      );
    };
  }
  return host;
}

/** How a journal is given the texts of records. */
export interface JournalCalls {
  append(recordText: string): ReturnType<Journal["append"]>;
  appendBatch(recordTexts: string[]): ReturnType<NonNullable<Journal["appendBatch"]>>;
}

function objectJournal(journal: Journal): JournalCalls {
  return {
    append: (recordText) => journal.append(decode<JournalRecord>(recordText)),
    // It was there when the pool was built.
    appendBatch: (recordTexts) => journal.appendBatch!(recordTexts.map((text) => decode<JournalRecord>(text))),
  };
}

/** A list of the host's may be anything in disguise; when the core reads this one, nothing is thrown. */
function cursorsOf(answer: unknown, length: number): unknown[] {
  if (answer === undefined) return [];
  // What the core refuses as no answer.
  if (!Array.isArray(answer) || answer.length !== length) return [null];
  return Array.from(answer);
}

export function hostEventBus(runtime: Runtime, given: GivenEventBus): HostEventBus {
  const { eventBus, canSubscribe } = given;
  const publishes = given.takesText ? textPublisher(given.eventBus) : objectPublisher(given.eventBus);
  const publish = (frameText: string): void | Promise<void> =>
    runtime.callPort(
      () => publishes(frameText),
      () => undefined,
    );
  if (!canSubscribe) return { publish };
  const asked = (filterText: string, cursorText: string | undefined) => ({
    filter: decode<CompiledEventFilter>(filterText),
    cursor: cursorText === undefined ? undefined : decode<EventCursor>(cursorText),
  });
  return {
    publish,
    subscribe: (filterText, cursorText) => {
      const { filter, cursor } = asked(filterText, cursorText);
      return runtime.callPort(
        // It was there when the pool was built.
        () => eventBus.subscribe!(filter, cursor),
        (frames) => (isAsyncIterable(frames) ? asyncFramesText(frames) : framesText(frames)),
      );
    },
    follow: (filterText, cursorText) => {
      const { filter, cursor } = asked(filterText, cursorText);
      return new FollowedFrames(runtime, eventBus, filter, cursor);
    },
  };
}

function objectPublisher(eventBus: EventBus): (frameText: string) => unknown {
  return (frameText) => eventBus.publish(decode<EventFrame>(frameText));
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
