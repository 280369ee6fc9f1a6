import type { EventBus, EventFrame, EventKind } from "agent-pool";
import { describe, expect, it } from "vitest";

import { kinds, refusal, team } from "./support.js";

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

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "[]"],
    ["a number", 5],
    ["an object that is no iterable", {}],
    ["what holds no frames", [{ event: {} }]],
    ["what holds a frame that cannot be read", [cyclic()]],
  ])("that are %s are a failure of the bus, and no more", async (_, answer) => {
    const pool = await team({ eventBus: { publish: () => undefined, subscribe: () => answer as EventFrame[] } });
    const error = await refusal(pool.subscribe().drain());
    expect(["event_bus_rejected", "invalid_port_answer"]).toContain(error.code);
    expect(await pool.members()).toHaveLength(2);
  });

  it("that fail halfway are a failure of the bus, with its own error as the cause", async () => {
    const gone = new Error("gone");
    const pool = await team({
      eventBus: {
        publish: () => undefined,
        subscribe: async function* () {
          throw gone;
        },
      },
    });
    const error = await refusal(pool.subscribe().drain());
    expect(error).toMatchObject({ code: "event_bus_rejected", cause: gone });
  });
});

function numbered(frame: EventFrame, event_seq: number): EventFrame {
  frame.event.envelope.event_seq = event_seq;
  frame.cursor.event_seq = event_seq;
  return frame;
}

function cyclic(): object {
  const frame: { event?: object } = {};
  frame.event = frame;
  return frame;
}
