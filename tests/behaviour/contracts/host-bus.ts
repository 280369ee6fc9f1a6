import type { EventBus, EventBusSubscribeOptions, EventCursor, EventFrame, EventKind } from "agent-pool";

export type Filter = Parameters<Required<EventBus>["subscribe"]>[0];

/** The kinds that a filter asks for; `undefined` if it asks for any. */
export function kindsOf({ criteria: { kinds } }: Filter): readonly EventKind[] | undefined {
  return typeof kinds === "object" && "include" in kinds ? kinds.include : undefined;
}

type Answer = ReturnType<Required<EventBus>["subscribe"]>;

/** A bus such as a host may write: it numbers frames, and observes cursors and the kinds of a filter. */
export class HostBus implements Required<EventBus> {
  readonly frames: EventFrame[] = [];

  /** The frames that its observers have seen. */
  seen(): EventFrame[] {
    return this.frames;
  }

  publish(frame: EventFrame): unknown {
    frame.event.envelope.event_seq = this.frames.length + 1;
    this.frames.push(frame);
    return undefined;
  }

  subscribe(filter: Filter, cursor?: EventCursor, _options?: EventBusSubscribeOptions): Answer {
    return this.held(filter, cursor);
  }

  held(filter: Filter, cursor?: EventCursor): EventFrame[] {
    const include = kindsOf(filter);
    return this.frames.filter(
      ({ event: { envelope } }) =>
        envelope.event_seq > (cursor?.event_seq ?? 0) &&
        (include === undefined || include.includes(envelope.event_kind)),
    );
  }
}

/** A bus whose answer to a live stream continues until the signal is aborted. */
export class LiveBus extends HostBus {
  /** Whether live answers end after the frames that the bus holds. */
  protected isOver = false;
  readonly #waiting: (() => void)[] = [];

  override publish(frame: EventFrame): unknown {
    super.publish(frame);
    for (const wake of this.#waiting.splice(0)) wake();
    return undefined;
  }

  override subscribe(filter: Filter, cursor?: EventCursor, options?: EventBusSubscribeOptions): Answer {
    return options === undefined ? super.subscribe(filter, cursor) : this.live(cursor, options.signal);
  }

  protected live(cursor: EventCursor | undefined, signal: AbortSignal): AsyncGenerator<EventFrame> {
    return this.from(this.begin(cursor), signal);
  }

  /** The index of the first frame of a live answer. */
  protected begin(cursor: EventCursor | undefined): number {
    return Number(cursor?.event_seq ?? 0);
  }

  protected async *from(place: number, signal: AbortSignal): AsyncGenerator<EventFrame> {
    for (let next = place; ; ) {
      while (next < this.frames.length) yield this.frames[next++]!;
      if (signal.aborted || this.isOver) return;
      await this.more(signal);
    }
  }

  /** Waits until there are more frames or the signal is aborted. */
  protected more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}
