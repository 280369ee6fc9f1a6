import { MemoryEventBus, type EventBus, type EventCursor, type EventFrame, type EventKind } from "agent-pool";
import { askedEventBusContract, eventBusContract, type EventBusContractOptions } from "agent-pool/testing";
import { describe, expect, it } from "vitest";

import { Breaches, IMPATIENT, violations } from "./broken.js";

type Filter = Parameters<Required<EventBus>["subscribe"]>[0];

/** The kinds that a filter asks for, if it does. */
function kindsOf({ criteria: { kinds } }: Filter): readonly EventKind[] | undefined {
  return typeof kinds === "object" && "include" in kinds ? kinds.include : undefined;
}

/** A bus as a host may write it: it numbers frames, and heeds cursors and the kinds of a filter. */
class HostBus implements Required<EventBus> {
  readonly frames: EventFrame[] = [];

  /** What its observers got to see. */
  seen(): EventFrame[] {
    return this.frames;
  }

  publish(frame: EventFrame): unknown {
    frame.event.envelope.event_seq = this.frames.length + 1;
    this.frames.push(frame);
    return undefined;
  }

  subscribe(filter: Filter, cursor?: EventCursor): ReturnType<Required<EventBus>["subscribe"]> {
    const include = kindsOf(filter);
    return this.frames.filter(
      ({ event: { envelope } }) =>
        envelope.event_seq > (cursor?.event_seq ?? 0) &&
        (include === undefined || include.includes(envelope.event_kind)),
    );
  }
}

const OPTIONS: EventBusContractOptions<HostBus> = { ...IMPATIENT, frames: (eventBus) => eventBus.seen() };

describe("the contract of an event bus is kept by", () => {
  it("the one in memory", async () => {
    const contract = askedEventBusContract(() => new MemoryEventBus(), { frames: (eventBus) => eventBus.frames() });
    expect(await violations(contract)).toEqual([]);
  });

  it("a function", async () => {
    expect(await violations(eventBusContract(() => () => undefined))).toEqual([]);
  });

  it("one of a host's that can be asked", async () => {
    expect(await violations(askedEventBusContract(() => new HostBus(), OPTIONS))).toEqual([]);
  });

  it("one that answers later, and everything that it has, whatever it is asked", async () => {
    class Sloppy extends HostBus {
      override async publish(frame: EventFrame): Promise<void> {
        await Promise.resolve();
        super.publish(frame);
      }
      override async *subscribe(): AsyncGenerator<EventFrame> {
        yield* this.frames;
      }
    }
    expect(await violations(askedEventBusContract(async () => new Sloppy(), OPTIONS))).toEqual([]);
  });
});

describe("of a bus that breaks it, exactly the broken promise is found:", () => {
  const breaches = new Breaches();

  it.each<[string, string, new () => HostBus]>([
    [
      "takes every kind of frame",
      "one that knows no expired messages",
      class extends HostBus {
        override publish(frame: EventFrame): unknown {
          if (frame.event.envelope.event_kind === "run_message_expired") throw new Error("unknown kind");
          return super.publish(frame);
        }
      },
    ],
    [
      "takes frames with texts of every length and script",
      "one with columns of 255 characters",
      class extends HostBus {
        override publish(frame: EventFrame): unknown {
          if (frame.event.envelope.run_id.length > 255) throw new Error("too long for the column");
          return super.publish(frame);
        }
      },
    ],
    [
      "answers every publish",
      "one that forgets a frame",
      class extends HostBus {
        override publish(frame: EventFrame): unknown {
          super.publish(frame);
          return frame.event.envelope.event_kind === "run_message_expired" ? new Promise(() => undefined) : undefined;
        }
      },
    ],
    [
      "passes on every frame once, as it was given and in that order",
      "one whose observers miss the first frame",
      class extends HostBus {
        override seen(): EventFrame[] {
          return this.frames.slice(1);
        }
      },
    ],
    [
      "answers when it is asked for its frames, and ends",
      "one whose answer goes on and on",
      class extends HostBus {
        override async *subscribe(): AsyncGenerator<EventFrame> {
          yield* this.frames;
          await new Promise(() => undefined);
        }
      },
    ],
    [
      "numbers its frames from 1, without gaps",
      "one that begins at 0",
      class extends HostBus {
        override publish(frame: EventFrame): unknown {
          super.publish(frame);
          frame.event.envelope.event_seq = this.frames.length - 1;
          return undefined;
        }
        override subscribe(): EventFrame[] {
          return this.frames;
        }
      },
    ],
    [
      "answers its frames in the order in which they were published",
      "one that answers the last first",
      class extends HostBus {
        override subscribe(): EventFrame[] {
          return [...this.frames].reverse();
        }
      },
    ],
    [
      "answers its frames as they were published",
      "one that leaves out what it does not know",
      class extends HostBus {
        override subscribe(): EventFrame[] {
          return this.frames.map((frame) => ({ ...frame, event: { ...frame.event, payload: {} as never } }));
        }
      },
    ],
    [
      "answers the same frames when it is asked again",
      "one that marks what it answers",
      class extends HostBus {
        #asked = 0;
        override subscribe(): EventFrame[] {
          this.#asked += 1;
          const archive_cursor = { archive_id: "archive", position: `${this.#asked}` };
          return this.frames.map((frame) => ({ ...frame, archive_cursor }));
        }
      },
    ],
    [
      "answers all that comes after a cursor",
      "one that is off by one",
      class extends HostBus {
        override subscribe(filter: Filter, cursor?: EventCursor): ReturnType<HostBus["subscribe"]> {
          return super.subscribe(filter, cursor && { ...cursor, event_seq: Number(cursor.event_seq) + 1 });
        }
      },
    ],
    [
      "answers all that a filter asks for",
      "one that looks at the first kind only",
      class extends HostBus {
        override subscribe(filter: Filter, cursor?: EventCursor): ReturnType<HostBus["subscribe"]> {
          const include = kindsOf(filter)?.slice(0, 1);
          if (include === undefined) return super.subscribe(filter, cursor);
          return super.subscribe({ ...filter, criteria: { ...filter.criteria, kinds: { include } } }, cursor);
        }
      },
    ],
    [
      "numbers the frames of several pools together",
      "one that numbers those of each pool",
      class extends HostBus {
        readonly #counts = new Map<string, number>();
        override publish(frame: EventFrame): unknown {
          super.publish(frame);
          const pool = frame.event.envelope.event_id.replace(/\.\d+$/, "");
          const count = (this.#counts.get(pool) ?? 0) + 1;
          this.#counts.set(pool, count);
          frame.event.envelope.event_seq = count;
          return undefined;
        }
      },
    ],
  ])("%s (%s)", (promise, _, Bus) =>
    breaches.expect(
      askedEventBusContract(() => new Bus(), OPTIONS),
      promise,
    ),
  );

  it("and there is a broken one for every promise", () => {
    breaches.expectAllTried(askedEventBusContract(() => new HostBus(), OPTIONS));
  });
});
