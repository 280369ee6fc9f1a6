import { decode } from "./decode.js";
import { FollowedFrames } from "./followed-frames.js";
import { asyncFramesText, framesText, isAsyncIterable } from "./frames-text.js";
import { CalledEventBus, type HostEventBus } from "./host-event-bus.js";
import type { GivenEventBus } from "./port-forms.js";
import type { Clock, IdSource, RunLauncher } from "./ports.js";
import type { Later, Runtime } from "./runtime.js";
import { wellFormed } from "./well-formed.js";
import type { EventCursor } from "./types/frame.js";
import type { CompiledEventFilter } from "./types/filter.js";
import type { RunRequest } from "./types/run.js";

// How the core calls the ports of the host. Methods are called on the host's own object; every call gets data of its
// own, so that a host may keep and change what it was given; and what a host throws goes through as it is.

/** What a bus gives a live stream, as the core asks for it: texts of frames until `undefined`, or until it stops. */
export interface HostFrames {
  next(): string | undefined | Later;
  stop(): void;
}

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
        // It was there when the pool was built.
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

export function hostClock(clock: Clock): () => number {
  return () => clock.now();
}

export function hostIds(ids: IdSource): () => string | null {
  return () => wellFormed(ids.next());
}

/** Keeps the inputs of runs that are being started: an input never crosses, the core gets a number in place of it. */
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
): (requestText: string) => [RunHandle] | Later {
  return (requestText) => {
    const { input: token, ...request } = decode<RunRequest & { readonly input?: number }>(requestText);
    const started = token === undefined ? request : { ...request, input: inputs.take(token) };
    return runtime.callPort(
      () => launcher.start(started),
      (runHandle): [RunHandle] => [runHandle],
    );
  };
}
