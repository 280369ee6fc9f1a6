import { decode } from "./decode.js";
import { FollowedFrames, type HostFrames } from "./followed-frames.js";
import { asyncFramesText, framesText, isAsyncIterable } from "./frames-text.js";
import { HeldAnswer } from "./held-answer.js";
import { isThenable, type Later } from "./later.js";
import { sendStatus } from "./message-host.js";
import { eventBusCalls, type EventBusCalls } from "./port-calls.js";
import type { GivenEventBus } from "./read-ports.js";
import { rfc3339 } from "./rfc3339.js";
import type { Runtime } from "./runtime.js";
import type { CompiledEventFilter } from "./types/filter.js";
import type { EventCursor } from "./types/frame.js";

/** A host's event bus as the core calls it. For a bus without `subscribe`, the core keeps the frames itself. */
export interface HostEventBus {
  /** Publishes a frame, given as text: in full, or in short (in-short.ts). */
  publish(frameText: string): void | Later;
  /**
   * Publishes the frame of a message that is held in a slot. Returns 0 if the bus has taken it, the number of an answer
   * that is to come, or -1 if the bus threw.
   */
  publishMessage(slot: number, status: number, eventNumber: number, millis: number, eventSeq: number): number;
  /** Throws what `publishMessage` could not. */
  takeAnswer(): void;
  subscribe?(filterText: string, cursorText: string | undefined): string | Later;
  follow?(filterText: string, cursorText: string | undefined): HostFrames;
}

/** What the core is told when the bus has taken a frame. */
const nothing = (): undefined => undefined;

/**
 * Calls a host's bus. Its methods are called on its own object. Every frame is made anew, so that the host may keep and
 * change it. What the bus throws is passed on unchanged.
 */
class CalledEventBus implements HostEventBus {
  readonly #runtime: Runtime;
  readonly #calls: EventBusCalls;
  readonly #held = new HeldAnswer<void>();

  constructor(runtime: Runtime, eventBus: GivenEventBus) {
    this.#runtime = runtime;
    this.#calls = eventBusCalls(eventBus);
  }

  publish(frameText: string): void | Later {
    return this.#runtime.callPort(() => this.#calls.publishText(frameText), nothing);
  }

  publishMessage(slot: number, number: number, eventNumber: number, millis: number, eventSeq: number): number {
    const runtime = this.#runtime;
    const message = runtime.messages.at(slot);
    try {
      runtime.requireOn();
      const answer = this.#calls.publishMessage(message, sendStatus(number), eventNumber, rfc3339(millis), eventSeq);
      if (isThenable(answer)) return runtime.later(answer, nothing);
      runtime.requireOn();
      return 0;
    } catch (thrown) {
      this.#held.fail(thrown);
      return -1;
    }
  }

  takeAnswer(): void {
    this.#held.take();
  }
}

/** The bus as the core calls it. The core asks it for frames only if it has `subscribe`. */
export function hostEventBus(runtime: Runtime, given: GivenEventBus): HostEventBus {
  const { eventBus, canSubscribe } = given;
  const host = new CalledEventBus(runtime, given);
  if (!canSubscribe) return host;
  const asked = (filterText: string, cursorText: string | undefined) => ({
    filter: decode<CompiledEventFilter>(filterText),
    cursor: cursorText === undefined ? undefined : decode<EventCursor>(cursorText),
  });
  return Object.assign(host, {
    subscribe: (filterText: string, cursorText: string | undefined) => {
      const { filter, cursor } = asked(filterText, cursorText);
      return runtime.callPort(
        // `subscribe` was there when the pool was built.
        () => eventBus.subscribe!(filter, cursor),
        (frames) => (isAsyncIterable(frames) ? asyncFramesText(frames) : framesText(frames)),
      );
    },
    follow: (filterText: string, cursorText: string | undefined) => {
      const { filter, cursor } = asked(filterText, cursorText);
      return new FollowedFrames(runtime, eventBus, filter, cursor);
    },
  });
}
