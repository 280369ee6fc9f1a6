import { frameText, framesText, isAsyncIterable } from "./frames-text.js";
import type { Later } from "./later.js";
import type { EventBus, EventFrames } from "./ports.js";
import type { Runtime } from "./runtime.js";
import type { CompiledEventFilter } from "./types/filter.js";
import type { EventCursor } from "./types/frame.js";

/**
 * The frames that a bus gives a live stream, as the core asks for them. `next` gives the text of a JSON array of
 * frames, and `undefined` at the end or after `stop`.
 */
export interface HostFrames {
  next(): string | undefined | Later;
  stop(): void;
}

/** After this number of frames the event loop gets a turn. A bus that never waits would otherwise leave it none. */
const FRAMES_A_TURN = 64;

/** The answer of a host's bus to a live stream, and how far it was read. The core asks for one thing at a time. */
export class FollowedFrames implements HostFrames {
  readonly #runtime: Runtime;
  readonly #subscribe: (signal: AbortSignal) => ReturnType<NonNullable<EventBus["subscribe"]>>;
  readonly #stopping = new AbortController();
  #wasAsked = false;
  #iterator: AsyncIterator<unknown> | undefined;
  #taken = 0;

  constructor(
    runtime: Runtime,
    eventBus: Pick<EventBus, "subscribe">,
    filter: CompiledEventFilter,
    cursor: EventCursor | undefined,
  ) {
    this.#runtime = runtime;
    // `subscribe` was there when the pool was built.
    this.#subscribe = (signal) => eventBus.subscribe!(filter, cursor, { live: true, signal });
  }

  next(): string | undefined | Later {
    if (this.#iterator !== undefined) return this.#step(this.#iterator);
    if (this.#wasAsked) return undefined;
    this.#wasAsked = true;
    return this.#runtime.callPort(
      () => this.#subscribe(this.#stopping.signal),
      (frames) => this.#begin(frames),
    );
  }

  stop(): void {
    this.#stopping.abort();
    const iterator = this.#iterator;
    this.#iterator = undefined;
    // The result of `return` does not matter, even if it fails.
    Promise.resolve(iterator?.return?.()).catch(() => undefined);
  }

  #begin(frames: EventFrames): string | undefined | Later {
    if (!isAsyncIterable(frames)) return framesText(frames);
    this.#iterator = frames[Symbol.asyncIterator]();
    if (!this.#stopping.signal.aborted) return this.#step(this.#iterator);
    this.stop();
    return undefined;
  }

  #step(iterator: AsyncIterator<unknown>): string | undefined | Later {
    return this.#runtime.callPort(
      () => iterator.next(),
      (result) => {
        // The core refuses `null` as an invalid answer.
        if (typeof result !== "object" || result === null) return "null";
        if (!result.done) return this.#take(result.value);
        this.#iterator = undefined;
        return undefined;
      },
    );
  }

  #take(frame: unknown): string | Promise<string> {
    const text = `[${frameText(frame, this.#taken)}]`;
    this.#taken += 1;
    if (this.#taken % FRAMES_A_TURN !== 0) return text;
    return new Promise((resolve) => setTimeout(() => resolve(text)));
  }
}
