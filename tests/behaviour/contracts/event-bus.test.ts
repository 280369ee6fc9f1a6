import { MemoryEventBus, type EventBusSubscribeOptions, type EventCursor, type EventFrame } from "agent-pool";
import { askedEventBusContract, eventBusContract, type EventBusContractOptions } from "agent-pool/testing";
import { describe, expect, it } from "vitest";

import { Breaches, IMPATIENT, revised, violations } from "./broken.js";
import { HostBus, LiveBus, kindsOf, type Filter } from "./host-bus.js";

const ONCE_AND_IN_ORDER = "gives a live stream every frame once and in order, those to come too if it goes on";

/** The criteria that a filter may have for events of a pool, except for runs: no filter leaves the runs open. */
const CRITERIA = [
  "agent_ids",
  "families",
  "kinds",
  "source_kinds",
  "destination_kinds",
  "subject_kinds",
  "related_entity_kinds",
  "correlation_keys",
  "tags",
  "privacy_classes",
  "delivery_semantics",
  "terminal_only",
] as const;

function inLatin1(frame: EventFrame): EventFrame {
  const mangled = (member: unknown) =>
    typeof member === "string" ? member.replace(/[^\u0000-\u00ff]/g, "?") : member;
  return revised(frame, mangled) as EventFrame;
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

  it("one that takes a millisecond for every frame", async () => {
    class Slow extends HostBus {
      override async publish(frame: EventFrame): Promise<void> {
        await new Promise((resolve) => setTimeout(resolve, 1));
        super.publish(frame);
      }
    }
    const options = { ...OPTIONS, patienceMillis: 2_000 };
    expect(await violations(askedEventBusContract(() => new Slow(), options))).toEqual([]);
  });

  it("one that leaves out all that the runs of a filter rule out", async () => {
    class Strict extends HostBus {
      override subscribe(filter: Filter, cursor?: EventCursor): EventFrame[] {
        const { run_ids } = filter.criteria;
        const held = this.held(filter, cursor);
        return run_ids === "any" ? held : held.filter(({ event }) => run_ids.include.includes(event.envelope.run_id));
      }
    }
    expect(await violations(askedEventBusContract(() => new Strict(), OPTIONS))).toEqual([]);
  });

  it("one whose answer to a live stream goes on, however it heeds the end of it", async () => {
    class Failing extends LiveBus {
      protected override async more(signal: AbortSignal): Promise<void> {
        await super.more(signal);
        signal.throwIfAborted();
      }
    }
    class Polled extends LiveBus {
      protected override async more(signal: AbortSignal): Promise<void> {
        await super.more(signal);
        this.isOver = true;
      }
    }
    class Clumsy extends LiveBus {
      protected override live(cursor: EventCursor | undefined, signal: AbortSignal): AsyncGenerator<EventFrame> {
        const answer = super.live(cursor, signal);
        answer.return = () => {
          throw new Error("nobody told me how to end");
        };
        return answer;
      }
    }
    for (const Bus of [LiveBus, Failing, Polled, Clumsy]) {
      expect(await violations(askedEventBusContract<HostBus>(() => new Bus(), OPTIONS))).toEqual([]);
    }
  });
});

it("a bus that loses frames of foreign script a millisecond after it took them is found out", async () => {
  class Forgetful extends HostBus {
    override async publish(frame: EventFrame): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (/^[ -~]*$/.test(frame.event.envelope.run_id)) super.publish(frame);
    }
  }
  const options = { ...OPTIONS, patienceMillis: 2_000 };
  const found = await violations(eventBusContract(() => new Forgetful(), options));
  expect(found.map(({ clause }) => clause)).toEqual(["passes on every frame once, as it was given and in that order"]);
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
      "answers all of some hundreds of frames",
      "one that answers a page at most",
      class extends HostBus {
        override subscribe(filter: Filter, cursor?: EventCursor): EventFrame[] {
          return this.held(filter, cursor).slice(0, 100);
        }
      },
    ],
    [
      "answers a live stream as well",
      "one that knows no live streams",
      class extends HostBus {
        override subscribe(filter: Filter, cursor?: EventCursor, options?: EventBusSubscribeOptions): EventFrame[] {
          if (options !== undefined) throw new Error("too many arguments");
          return this.held(filter, cursor);
        }
      },
    ],
    [
      ONCE_AND_IN_ORDER,
      "one that begins with now",
      class extends LiveBus {
        protected override begin(): number {
          return this.frames.length;
        }
      },
    ],
    [
      ONCE_AND_IN_ORDER,
      "one that listens only after it gave what it held",
      class extends LiveBus {
        protected override async *live(cursor: EventCursor | undefined, signal: AbortSignal) {
          yield* this.frames.slice(this.begin(cursor));
          yield* this.from(this.frames.length, signal);
        }
      },
    ],
    [
      ONCE_AND_IN_ORDER,
      "one that gives twice what it held",
      class extends LiveBus {
        protected override async *live(cursor: EventCursor | undefined, signal: AbortSignal) {
          yield* this.frames.slice(this.begin(cursor));
          yield* super.live(cursor, signal);
        }
      },
    ],
    [
      ONCE_AND_IN_ORDER,
      "one that goes on and gives nothing more",
      class extends LiveBus {
        protected override more(signal: AbortSignal): Promise<void> {
          return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
        }
      },
    ],
    [
      "ends what goes on when the signal is aborted",
      "one that waits for the next frame",
      class extends LiveBus {
        protected override more(): Promise<void> {
          return super.more(new AbortController().signal);
        }
      },
    ],
    [
      "passes on every frame once, as it was given and in that order",
      "one whose observers know no texts but in Latin-1",
      class extends HostBus {
        override seen(): EventFrame[] {
          return this.frames.map(inLatin1);
        }
      },
    ],
    [
      "answers its frames as they were published",
      "one that answers in Latin-1",
      class extends HostBus {
        override subscribe(filter: Filter, cursor?: EventCursor): EventFrame[] {
          return this.held(filter, cursor).map(inLatin1);
        }
      },
    ],
    ...CRITERIA.map((criterion): [string, string, new () => HostBus] => [
      "answers all that a filter asks for",
      `one that answers nothing to ${criterion}`,
      class extends HostBus {
        override subscribe(filter: Filter, cursor?: EventCursor): EventFrame[] {
          const asked = filter.criteria[criterion];
          return asked === "any" || asked === false ? this.held(filter, cursor) : [];
        }
      },
    ]),
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
