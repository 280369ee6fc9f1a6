import { type AgentPool, type AgentPoolError, type EventBus, type EventFrame } from "agent-pool";
import { describe, expect, it } from "vitest";

import { anything, refusal, settle, team } from "../support.js";
import { THROWN, oddlyBroken, oddlyKept, spoil, thenable, untouchable } from "./hostile.js";

type Subscribe = NonNullable<EventBus["subscribe"]>;

/** A team on a host's bus that keeps its frames and answers as `subscribe` says. */
async function teamOn(subscribe: (frames: EventFrame[]) => unknown): Promise<AgentPool> {
  const frames: EventFrame[] = [];
  return team({
    eventBus: {
      publish: (frame) => {
        frame.event.envelope.event_seq = frames.push(frame);
      },
      subscribe: () => subscribe(frames) as ReturnType<Subscribe>,
    },
  });
}

const WAKE = { filter: { kinds: ["agent_pool_created"] } } as const;

/** The operations that ask the bus for frames. */
const QUESTIONS: [string, (pool: AgentPool) => Promise<unknown>][] = [
  ["subscribe", (pool) => pool.subscribe().drain()],
  ["suspendUntil", (pool) => pool.suspendUntil("run.writer", WAKE)],
];

/** The error with which both `subscribe` and `suspendUntil` fail. Also checks that the pool still works. */
async function failed(subscribe: (frames: EventFrame[]) => unknown): Promise<AgentPoolError> {
  const pool = await teamOn(subscribe);
  const [first, second] = await Promise.all(QUESTIONS.map(([, ask]) => refusal(ask(pool))));
  expect(second!.code).toBe(first!.code);
  expect(await pool.members()).toHaveLength(2);
  // The bus is asked once the wake is registered.
  expect((await pool.snapshot()).wakes).toMatchObject([{ registration: { status: "registered" } }]);
  return first!;
}

const fall = (reason: unknown): never => {
  throw reason;
};

describe("a bus that is asked and answers", () => {
  const frames: EventFrame[] = [];
  it.each(oddlyKept(frames, []))("by something that %s is taken at its first word", async (_, answer) => {
    const pool = await teamOn((kept) => {
      frames.splice(0, frames.length, ...kept);
      return answer();
    });
    expect(await pool.subscribe().drain()).toHaveLength(3);
    expect(await pool.suspendUntil("run.writer", WAKE)).toMatchObject({ status: "triggered" });
  });

  it.each<[string, () => unknown]>([
    ["never", () => new Promise(() => undefined)],
    ["by something whose `then` never calls back", () => thenable(() => undefined)],
    [
      "by frames that never end",
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
    ],
  ])("%s has the operations after a `suspendUntil` wait, until `close` gets out", async (_, answer) => {
    const pool = await teamOn(answer);
    expect(await pool.members()).toHaveLength(2);
    const waiting = [pool.suspendUntil("run.writer", WAKE), pool.members()].map(refusal);
    expect(await Promise.race([...waiting, settle()])).toBeUndefined();
    expect(await refusal(pool.close({ timeoutMillis: 1 }))).toMatchObject({ code: "close_timed_out" });
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ code: "closed" });
  });
});

describe("a bus that is asked and fails", () => {
  it.each(THROWN)("by throwing %s has it as the cause", async (_, thrown) => {
    const error = await failed(() => fall(thrown));
    expect(error.code).toBe("event_bus_rejected");
    expect(Object.is(error.cause, thrown)).toBe(true);
  });

  const gone = new Error("gone");
  it.each<[string, (frames: EventFrame[]) => unknown]>([
    ...oddlyBroken(gone),
    ["has an iterator that cannot be had", () => ({ [Symbol.iterator]: () => fall(gone) })],
    ["has an iterator that throws", () => ({ [Symbol.iterator]: () => ({ next: () => fall(gone) }) })],
    ["comes later and has an iterator that throws", async () => ({ [Symbol.iterator]: () => ({ next: () => fall(gone) }) })],
    ["has an asynchronous iterator that cannot be had", () => ({ [Symbol.asyncIterator]: () => fall(gone) })],
    [
      "has an asynchronous iterator that rejects",
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(gone) }) }),
    ],
    [
      "has an asynchronous iterator that throws",
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => fall(gone) }) }),
    ],
    [
      "ends in an error halfway",
      function* (frames) {
        yield frames[0];
        throw gone;
      },
    ],
  ])("by an answer that %s has its reason as the cause", async (_, answer) => {
    expect(await failed(answer)).toMatchObject({ code: "event_bus_rejected", cause: gone });
  });
});

describe("a bus that is asked and answers garbage is a failure, and no more:", () => {
  it.each<[string, (frames: EventFrame[]) => unknown]>([
    ["nothing", () => undefined],
    ["null", () => null],
    ["a number", () => 5],
    ["a text", () => "[]"],
    ["an object", () => ({})],
    ["a function", () => () => []],
    ["an object that cannot be touched", () => untouchable()],
    ["frames that are none", () => [null]],
    ["a frame that cannot be touched", () => [untouchable()]],
    ["a frame that leads to itself", ([frame]) => [Object.assign(frame!, { frame })]],
    [
      "a frame whose event cannot be read",
      ([frame]) => [Object.defineProperty({ ...frame }, "event", { enumerable: true, get: () => fall(1) })],
    ],
    ["spoilt frames", (frames) => (frames.forEach(spoil), frames)],
    ["a hole", () => new Array(3)],
  ])("%s", async (_, answer) => {
    const error = await failed(answer);
    expect(["event_bus_rejected", "invalid_port_answer"]).toContain(error.code);
  });
});

it.each<[string, (frames: EventFrame[]) => unknown, string]>([
  ["an object that holds the frames", (frames) => ({ frames }), "object"],
  ["their JSON", (frames) => JSON.stringify(frames), "string"],
  ["nothing", () => undefined, "null"],
])("the error says so if a bus answers with %s", async (_, answer, type) => {
  const { message } = await failed(answer);
  expect(message).toBe(`eventBus.subscribe: invalid type: ${type}, expected a list`);
});

describe("a bus that is asked and calls the pool", () => {
  it("while a `suspendUntil` waits for it is refused", async () => {
    const refused: Promise<AgentPoolError>[] = [];
    const pool: AgentPool = await teamOn((frames) => {
      refused.push(refusal(pool.members()));
      return frames;
    });
    await pool.suspendUntil("run.writer", WAKE);
    expect(await Promise.all(refused)).toMatchObject([{ code: "reentrant_call" }]);
  });

  it("while a reader waits for it is served", async () => {
    const members: Promise<unknown>[] = [];
    const pool: AgentPool = await teamOn((frames) => {
      members.push(pool.members());
      return frames;
    });
    expect(await pool.subscribe().drain()).toHaveLength(3);
    expect(await members[0]).toHaveLength(2);
  });
});

/** Ways to end a reading from within a call of the bus. */
const ENDS: [string, (reading: AsyncIterator<EventFrame>, abort: AbortController) => unknown][] = [
  ["leaves it", (reading) => reading.return!()],
  ["aborts its signal", (_, abort) => abort.abort()],
];

/** The calls of the bus that a reading makes. */
const CALLS: [string, (end: () => void) => unknown][] = [
  [
    "`subscribe`",
    (end) => {
      end();
      return [];
    },
  ],
  [
    "the iterator that it answers",
    (end) => ({
      get [Symbol.asyncIterator]() {
        end();
        return () => ({ next: async () => ({ done: true }) });
      },
    }),
  ],
  [
    "the iterator's `next`",
    (end) => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          end();
          return new Promise(() => undefined);
        },
      }),
    }),
  ],
];

describe.each(CALLS)("a bus that from %s", (_, call) => {
  it.each(ENDS)("%s ends the reading that it is asked for", async (_, end) => {
    const abort = new AbortController();
    const thrown: unknown[] = [];
    let asks = 0;
    const pool = await teamOn(() => {
      asks += 1;
      return call(() => {
        try {
          void end(reading, abort);
        } catch (error) {
          thrown.push(error);
        }
      });
    });
    const reading = pool.subscribe({}, { signal: abort.signal })[Symbol.asyncIterator]();
    expect(await reading.next()).toEqual({ done: true, value: undefined });
    expect(asks).toBe(1);
    expect(thrown).toEqual([]);
    await settle();
    expect(await pool.members()).toHaveLength(2);
  });
});

it("what a bus answered is its own: spoiling it later changes nothing that was read", async () => {
  let answered: EventFrame[] = [];
  const pool = await teamOn((frames) => (answered = frames));
  const read = await pool.subscribe().drain();
  const copy = structuredClone(read);
  spoil(answered);
  expect(read).toEqual(copy);
});

it("a bus whose `subscribe` is gone when it is asked is a failure of the bus", async () => {
  const eventBus: EventBus = { publish: () => undefined, subscribe: () => [] };
  const pool = await team({ eventBus });
  eventBus.subscribe = anything(undefined);
  expect(await refusal(pool.subscribe().drain())).toMatchObject({
    code: "event_bus_rejected",
    cause: expect.any(TypeError),
  });
});

it("a bus that has no frames to give, or none with numbers, is told so", async () => {
  for (const answer of [5, null, undefined, {}]) {
    const pool = await teamOn(() => answer);
    expect((await refusal(pool.subscribe().drain())).code).toBe("invalid_port_answer");
    await pool.close();
  }
  const frames: EventFrame[] = [];
  const pool = await team({ eventBus: { publish: (frame) => void frames.push(frame), subscribe: () => frames } });
  const error = await refusal(pool.subscribe().drain());
  expect(error).toMatchObject({
    code: "invalid_port_answer",
    message: expect.stringContaining("numbers its frames from 1"),
  });
  await pool.close();
});
