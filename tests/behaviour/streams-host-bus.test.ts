import type { AgentPool, EventBus, EventBusSubscribeOptions, EventCursor, EventFrame } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, Deferred, kindOf, kinds, refusal, settle, take, team } from "./support.js";

const DONE = { done: true, value: undefined };

type Frames = ReturnType<NonNullable<EventBus["subscribe"]>>;

/** A host's bus that numbers its frames, and tells its followers of new ones. */
class HostBus implements EventBus {
  readonly frames: EventFrame[] = [];
  /** The requests of live streams: the runs of the filter, the number after which to begin, and the signal. */
  readonly asked: { runs: unknown; after: number; signal: AbortSignal }[] = [];
  following = 0;
  #news = new Deferred();
  readonly #answer: (bus: HostBus, after: number, signal: AbortSignal) => Frames;

  constructor(answer: (bus: HostBus, after: number, signal: AbortSignal) => Frames) {
    this.#answer = answer;
  }

  publish(frame: EventFrame): void {
    const event_seq = this.frames.length + 1;
    frame.event.envelope.event_seq = event_seq;
    frame.cursor.event_seq = event_seq;
    this.frames.push(frame);
    this.#news.resolve();
    this.#news = new Deferred();
  }

  subscribe(
    filter: Parameters<NonNullable<EventBus["subscribe"]>>[0],
    cursor: EventCursor | undefined,
    options?: EventBusSubscribeOptions,
  ): Frames {
    const after = Number(cursor?.event_seq ?? 0);
    if (options === undefined) return this.after(after);
    this.asked.push({ runs: filter.criteria.run_ids, after, signal: options.signal });
    return this.#answer(this, after, options.signal);
  }

  after(after: number): EventFrame[] {
    return this.frames.slice(after);
  }

  /** The frames after a number, and then new ones, until the signal is aborted. */
  async *follow(after: number, signal: AbortSignal): AsyncGenerator<EventFrame> {
    const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    this.following += 1;
    try {
      let next = after;
      while (!signal.aborted) {
        if (next < this.frames.length) yield this.frames[next++]!;
        else await Promise.race([this.#news.promise, stopped]);
      }
    } finally {
      this.following -= 1;
    }
  }
}

const SHAPES: [string, (bus: HostBus, after: number, signal: AbortSignal) => Frames][] = [
  ["an array", (bus, after) => bus.after(after)],
  ["a promise of an array", async (bus, after) => bus.after(after)],
  ["an iterable", (bus, after) => new Set(bus.after(after))],
  [
    "a generator",
    function* (bus, after) {
      yield* bus.after(after);
    },
  ],
  [
    "an async generator that ends",
    async function* (bus, after) {
      yield* bus.after(after);
    },
  ],
  ["an async generator that goes on and on", (bus, after, signal) => bus.follow(after, signal)],
  ["a promise of one", async (bus, after, signal) => bus.follow(after, signal)],
  [
    "an async iterable whose iterator can only go on",
    (bus, after, signal) => {
      const frames = bus.follow(after, signal);
      signal.addEventListener("abort", () => void frames.return(undefined));
      return { [Symbol.asyncIterator]: () => ({ next: () => frames.next() }) };
    },
  ],
  ["everything that it has, whatever it is asked", (bus) => bus.frames],
  ["the same, going on and on", (bus, _, signal) => bus.follow(0, signal)],
];

it("frames out of order or repeated reach `drain()` as they are, and an iteration once each, in order", async () => {
  const odd = ([first, second, third, fourth]: EventFrame[]) => [first!, third!, third!, second!, fourth!];
  const bus = new HostBus(() => odd(bus.frames));
  const pool = await team({ eventBus: bus });
  await pool.joinRun({ run_id: "run.editor", agent_id: "agent.editor" });
  const reading = pool.subscribe()[Symbol.asyncIterator]();
  const seqs = (frames: EventFrame[]) => frames.map((frame) => frame.event.envelope.event_seq);
  expect(seqs(await take(reading, 3))).toEqual([1, 3, 4]);
  await reading.return();
  bus.after = () => odd(bus.frames);
  expect(seqs(await pool.subscribe().drain())).toEqual([1, 3, 3, 2, 4]);
});

describe.each(SHAPES)("a live stream of a bus of the host's that answers %s", (_, answer) => {
  it("gives what is there, and then what comes, each frame once", async () => {
    const eventBus = new HostBus(answer);
    const pool = await team({ eventBus });
    const stream = pool.subscribe();
    const reading = stream[Symbol.asyncIterator]();
    const seen = await take(reading, 3);
    expect(seen).toEqual(await stream.drain());
    for (const id of ["message.1", "message.2"]) {
      const next = take(reading, 2);
      await pool.send({ ...OUTLINE, message_id: id });
      seen.push(...(await next));
    }
    expect(seen).toEqual(await stream.drain());
    const waiting = reading.next();
    await settle();
    await reading.return();
    expect(await waiting).toEqual(DONE);
    await settle();
    expect(eventBus.following).toBe(0);
    expect(eventBus.asked.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it("sees joiners come in and leavers go, by the members there are", async () => {
    const eventBus = new HostBus(answer);
    const pool = await team({ eventBus });
    const reading = pool.subscribe()[Symbol.asyncIterator]();
    await take(reading, 3);
    await pool.leaveRun("run.planner");
    const sent = await pool.send({ ...OUTLINE, from: "run.writer", to: { run: "run.writer" } });
    expect(sent.status).toBe("delivered");
    // Called in one turn, so that the join is not noticed before what comes after it.
    void pool.joinRun({ run_id: "run.editor", agent_id: "agent.editor" });
    void pool.send({ message_id: "m", from: "run.editor", to: { run: "run.writer" }, content_ref: "content" });
    const runs = (await take(reading, 5)).map((frame) => [kindOf(frame), frame.event.envelope.run_id]);
    expect(runs).toEqual([
      ["run_message_accepted", "run.writer"],
      ["run_message_delivered", "run.writer"],
      ["agent_pool_run_joined", "run.editor"],
      ["run_message_accepted", "run.editor"],
      ["run_message_delivered", "run.editor"],
    ]);
    const runsAsked = eventBus.asked.map(({ runs }) => JSON.stringify(runs));
    expect(runsAsked).toContain('{"include":["run.writer"]}');
    expect(runsAsked.at(-1)).toBe('{"include":["run.editor","run.writer"]}');
    await pool.close();
    expect((await reading.next()).done).toBe(true);
    await settle();
    expect(eventBus.following).toBe(0);
  });

  it("goes on when the host shows the pool that something came", async () => {
    const eventBus = new HostBus(answer);
    const pool = await team({ eventBus });
    const reading = pool.subscribe()[Symbol.asyncIterator]();
    const [first] = await take(reading, 3);
    const next = reading.next();
    await settle();
    const own = structuredClone(first!);
    own.event.envelope.event_id = "event.host";
    eventBus.publish(own);
    await pool.observe(own);
    expect((await next).value?.event.envelope.event_id).toBe("event.host");
    await pool.close();
  });
});

describe("a live stream of a bus of the host's", () => {
  it("asks on from the last frame seen, and only when there may be something new", async () => {
    const eventBus = new HostBus((bus, after) => bus.after(after));
    const pool = await team({ eventBus });
    const reading = pool.subscribe()[Symbol.asyncIterator]();
    await take(reading, 3);
    void reading.next();
    await settle();
    expect(eventBus.asked.map(({ after }) => after)).toEqual([0]);
    await pool.members();
    await pool.snapshot();
    await settle();
    expect(eventBus.asked).toHaveLength(1);
    await pool.send(OUTLINE);
    await settle();
    expect(eventBus.asked[1]?.after).toBe(3);
    expect(eventBus.asked.length).toBeLessThanOrEqual(3);
  });

  it("that never answers holds up nobody, and can be left", async () => {
    const eventBus = new HostBus(() => new Promise(() => undefined));
    const pool = await team({ eventBus });
    const reading = pool.subscribe()[Symbol.asyncIterator]();
    const other = pool.subscribe()[Symbol.asyncIterator]();
    const waiting = [reading.next(), other.next()];
    await pool.send(OUTLINE);
    expect(await pool.members()).toHaveLength(2);
    expect(eventBus.asked.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    await reading.return();
    await settle();
    expect(eventBus.asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await pool.close();
    expect(await Promise.all(waiting)).toEqual([DONE, DONE]);
    await settle();
    expect(eventBus.asked.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it("that answers only after the reader left has its iterable ended", async () => {
    const answer = new Deferred<AsyncIterable<EventFrame>>();
    const eventBus = new HostBus(() => answer.promise);
    const pool = await team({ eventBus });
    const reading = pool.subscribe()[Symbol.asyncIterator]();
    const waiting = reading.next();
    await settle();
    await reading.return();
    await settle();
    const ended = new Deferred<string>();
    answer.resolve({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error("nobody reads this")),
        return: async () => {
          ended.resolve("ended");
          return DONE as IteratorReturnResult<undefined>;
        },
      }),
    });
    expect(await waiting).toEqual(DONE);
    expect(await ended.promise).toBe("ended");
  });

  const gone = new Error("gone");

  it.each<[string, (bus: HostBus, after: number) => unknown, object]>([
    [
      "throws",
      () => {
        throw gone;
      },
      { code: "event_bus_rejected", cause: gone },
    ],
    ["rejects", () => Promise.reject(gone), { code: "event_bus_rejected", cause: gone }],
    ["answers nothing", () => undefined, { code: "invalid_port_answer" }],
    ["answers garbage", () => [{ event: {} }], { code: "invalid_port_answer" }],
    [
      "answers an iterable that throws",
      function* () {
        throw gone;
      },
      { code: "event_bus_rejected", cause: gone },
    ],
    ["answers frames without numbers", unnumbered, { code: "invalid_port_answer" }],
    ["has an iterator that answers garbage", () => iterator(() => 5), { code: "invalid_port_answer" }],
    ["has an iterator that gives garbage", () => iterator(() => ({ value: {} })), { code: "invalid_port_answer" }],
    ["has no iterator", () => ({ [Symbol.asyncIterator]: 5 }), { code: "event_bus_rejected" }],
  ])("that %s fails it, and no more", async (_, answer, expected) => {
    const pool = await team({ eventBus: new HostBus(answer as never) });
    const reading = pool.subscribe()[Symbol.asyncIterator]();
    const waiting = [reading.next(), reading.next()] as const;
    expect(await refusal(waiting[0])).toMatchObject(expected);
    expect([await waiting[1], await reading.next()]).toEqual([DONE, DONE]);
    expect(await pool.subscribe().drain()).toHaveLength(3);
  });

  it("whose asynchronous iterator is undefined is read by its other one", async () => {
    const pool = await team({
      eventBus: new HostBus((bus) => ({
        [Symbol.asyncIterator]: undefined,
        [Symbol.iterator]: () => bus.frames[Symbol.iterator](),
      }) as never),
    });
    expect(await pool.subscribe().drain()).toHaveLength(3);
    expect((await pool.subscribe()[Symbol.asyncIterator]().next()).done).toBe(false);
  });

  it.each<[string, (this: void) => unknown, string]>([
    [
      "throws",
      () => {
        throw gone;
      },
      "event_bus_rejected",
    ],
    ["gives garbage", () => ({ event: 5 }), "invalid_port_answer"],
  ])("that %s midway fails it after what came before", async (_, midway, code) => {
    const eventBus = new HostBus(async function* (bus) {
      yield* bus.after(0);
      yield midway() as EventFrame;
    });
    const pool = await team({ eventBus });
    const reading = pool.subscribe()[Symbol.asyncIterator]();
    expect(await take(reading, 3)).toHaveLength(3);
    expect(await refusal(reading.next())).toMatchObject({ code });
    expect(await reading.next()).toEqual(DONE);
    await settle();
    expect(eventBus.asked.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it("is bounded by the queue of its filter, whatever the bus brings meanwhile", async () => {
    const eventBus = new HostBus((bus, after, signal) => bus.follow(after, signal));
    const pool = await team({ eventBus });
    const reading = pool.subscribe({ queue: { capacity: 4 } })[Symbol.asyncIterator]();
    await take(reading, 3);
    for (let count = 0; count < 5; count += 1) await pool.send({ ...OUTLINE, message_id: `message.${count}` });
    await settle();
    const seen = await take(reading, 3);
    await pool.send({ ...OUTLINE, message_id: "message.late" });
    seen.push(...(await take(reading, 1)));
    expect(seen.map((frame) => frame.cursor.event_seq)).toEqual([4, 5, 6, 14]);
    expect(seen[3]!.overflow).toMatchObject({ dropped_count: 7 });
    await pool.close();
  });

  it("may call the pool from the port, and wait for it", async () => {
    let pool: AgentPool | undefined;
    const eventBus = new HostBus(async (bus, after) => {
      await pool?.members();
      return bus.after(after);
    });
    pool = await team({ eventBus });
    expect(kinds(await take(pool.subscribe()[Symbol.asyncIterator](), 3))).toHaveLength(3);
  });
});

function unnumbered(bus: HostBus): EventFrame[] {
  return bus.frames.map((frame) => {
    const copy = structuredClone(frame);
    copy.event.envelope.event_seq = 0;
    return copy;
  });
}

function iterator(next: () => unknown): AsyncIterable<EventFrame> {
  return { [Symbol.asyncIterator]: () => ({ next: next as never }) };
}

it("a bus that never waits leaves everything else its turn", async () => {
  const eventBus = new HostBus((bus, _, signal) => {
    async function* endless(): AsyncGenerator<EventFrame> {
      for (let number = 1; !signal.aborted; number += 1) {
        const frame = structuredClone(bus.frames[0]!);
        frame.event.envelope.event_seq = number;
        yield frame;
      }
    }
    return endless();
  });
  const pool = await team({ eventBus });
  const reading = pool.subscribe({ queue: { capacity: 5 } })[Symbol.asyncIterator]();
  await reading.next();
  await settle();
  await reading.return();
  expect(eventBus.asked.map(({ signal }) => signal.aborted)).toEqual([true]);
  await pool.close();
});
