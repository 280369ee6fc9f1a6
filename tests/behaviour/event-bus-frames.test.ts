import type { EventBus, EventFrame, EventKind } from "agent-pool";
import { describe, expect, it } from "vitest";

import { kinds, team } from "./support.js";

const TEAM: EventKind[] = ["agent_pool_created", "agent_pool_run_joined", "agent_pool_run_joined"];

describe("frames that a bus answers", () => {
  it.each<[string, (frames: EventFrame[]) => ReturnType<NonNullable<EventBus["subscribe"]>>]>([
    ["an array", (frames) => frames],
    ["a promise of an array", async (frames) => frames],
    ["an iterable", (frames) => new Set(frames)],
    [
      "a generator",
      function* (frames) {
        yield* frames;
      },
    ],
    [
      "an async generator",
      async function* (frames) {
        yield* frames;
      },
    ],
    [
      "a promise of an async iterable",
      async (frames) => ({
        [Symbol.asyncIterator]: async function* () {
          yield* frames;
        },
      }),
    ],
  ])("may be %s", async (_, answer) => {
    const frames: EventFrame[] = [];
    const pool = await team({
      eventBus: {
        publish: (frame) => frames.push(numbered(frame, frames.length + 1)),
        subscribe: () => answer(frames),
      },
    });
    expect(kinds(await pool.subscribe().drain())).toEqual(TEAM);
  });

  it("are filtered once more: a sloppy bus widens nothing", async () => {
    const frames: EventFrame[] = [];
    const asked: unknown[] = [];
    const pool = await team({
      eventBus: {
        publish: (frame) => frames.push(numbered(frame, frames.length + 1)),
        subscribe: (filter, cursor) => {
          asked.push([filter.criteria.kinds, cursor?.event_seq]);
          return frames;
        },
      },
    });
    const filter = { kinds: ["agent_pool_run_joined"] } as const;
    const [first, ...rest] = await pool.subscribe(filter).drain();
    expect(kinds([first!, ...rest])).toEqual(["agent_pool_run_joined", "agent_pool_run_joined"]);
    expect(await pool.subscribe(filter, { cursor: first!.cursor }).drain()).toEqual(rest);
    const included = { include: ["agent_pool_run_joined"] };
    expect(asked).toEqual([
      [included, undefined],
      [included, 2],
    ]);
  });
});

function numbered(frame: EventFrame, event_seq: number): EventFrame {
  frame.event.envelope.event_seq = event_seq;
  frame.cursor.event_seq = event_seq;
  return frame;
}

it("frames may come back with what a bus adds to those that it stores", async () => {
  class RowId {
    readonly #bytes = [1, 2];
    toJSON(): string {
      return this.#bytes.join();
    }
  }
  const frames: EventFrame[] = [];
  const pool = await team({
    eventBus: {
      publish: (frame) => frames.push(Object.assign(numbered(frame, frames.length + 1), { id: new RowId(), at: new Date() })),
      subscribe: () => frames,
    },
  });
  expect(kinds(await pool.subscribe().drain())).toEqual(TEAM);
});

it("frames of the pool's own may come back however many receivers they name", async () => {
  const frames: EventFrame[] = [];
  const pool = await team({
    eventBus: {
      publish: (frame) => frames.push(numbered(frame, frames.length + 1)),
      subscribe: () => frames,
    },
  });
  const receivers = Array.from({ length: 65_536 }, (_, number) => `run.${number}`);
  const message = { message_id: "message.1", from: "run.planner", to: { topic: "topic.all" }, content_ref: "content.1" };
  await pool.recordMessageStatus(message, "delivered", receivers);
  const [frame] = await pool.subscribe({ kinds: ["run_message_delivered"] }).drain();
  expect(frame?.event.envelope.related_refs).toHaveLength(65_537);
});
