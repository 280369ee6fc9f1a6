import { AgentPool, type AgentPoolError, type PoolStream, type PoolStreamIterator } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, Deferred, anything, joinTeam, refusal, settle, take, team } from "./support.js";

const DONE = { done: true, value: undefined };

const STREAMS: [string, (pool: AgentPool, signal?: AbortSignal) => PoolStream<unknown>][] = [
  ["subscribe", (pool, signal) => pool.subscribe({}, { signal })],
  ["watchPool", (pool, signal) => pool.watchPool(undefined, { signal })],
];

/** The members of a signal that a stream needs. */
function listening(): object {
  return { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
}

function unreadable(): never {
  throw new Error("unreadable");
}

describe.each(STREAMS)("a reading of %s", (_, open) => {
  function reading(pool: AgentPool, signal?: AbortSignal): PoolStreamIterator<unknown> {
    return open(pool, signal)[Symbol.asyncIterator]();
  }

  /** A reading that has given everything there was. */
  async function readUp(pool: AgentPool, signal?: AbortSignal): Promise<PoolStreamIterator<unknown>> {
    const there = await open(pool).drain();
    const begun = reading(pool, signal);
    await take(begun, there.length);
    return begun;
  }

  it("ends at once by `return()`, also for those who wait", async () => {
    const pool = await team();
    const begun = await readUp(pool);
    const waiting = [begun.next(), begun.next(), begun.next()];
    expect(await begun.return()).toEqual(DONE);
    expect(await Promise.all(waiting)).toEqual([DONE, DONE, DONE]);
    await pool.send(OUTLINE);
    expect([await begun.next(), await begun.return()]).toEqual([DONE, DONE]);
  });

  it("ends by `return()` before it began, and holds nothing", async () => {
    const pool = await team();
    const unread = reading(pool);
    await unread.return();
    expect(await unread.next()).toEqual(DONE);
  });

  it("ends by `return()` while it is being opened, and holds up nobody", async () => {
    const slow = new Deferred();
    let journaled = 0;
    const pool = await team({
      journal: async () => {
        if (++journaled > 3) await slow.promise;
      },
    });
    const sent = pool.send(OUTLINE);
    const opening = reading(pool);
    const waiting = opening.next();
    const members = pool.members();
    await opening.return();
    expect(await waiting).toEqual(DONE);
    slow.resolve();
    await sent;
    expect(await members).toHaveLength(2);
  });

  it("ends by disposal", async () => {
    const pool = await team();
    const begun = open(pool)[Symbol.asyncIterator]();
    await begun.next();
    await begun[Symbol.asyncDispose]();
    expect(await begun.next()).toEqual(DONE);
  });

  it("ends without an error when its signal is aborted, also for those who wait", async () => {
    const pool = await team();
    const abort = new AbortController();
    const begun = await readUp(pool, abort.signal);
    const waiting = [begun.next(), begun.next()];
    abort.abort(new Error("enough"));
    expect(await Promise.all(waiting)).toEqual([DONE, DONE]);
    expect(await begun.next()).toEqual(DONE);
  });

  it("gives nothing if its signal is aborted already", async () => {
    const pool = await team();
    const seen: unknown[] = [];
    for await (const item of open(pool, AbortSignal.abort())) seen.push(item);
    expect(seen).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["a number", 5],
    ["a text", "abort"],
    ["a function", () => undefined],
    ["a controller", new AbortController()],
    ["an object whose `aborted` is no boolean", { ...listening(), aborted: "maybe" }],
    ["an object that takes no listener off again", { ...listening(), removeEventListener: undefined }],
    ["an object that cannot be read", Object.defineProperty(listening(), "aborted", { get: unreadable })],
  ])("takes no signal that is %s", async (_, signal) => {
    const pool = await team();
    const failed = { code: "invalid_input", message: expect.stringMatching(/^options\.signal: /) };
    expect(await refusal(reading(pool, anything(signal)).next())).toMatchObject(failed);
    expect(await refusal(open(pool, anything(signal)).drain())).toMatchObject(failed);
  });

  it.each<[string, (signal: object) => object]>([
    ["cannot be read any more", (signal) => Object.defineProperty(signal, "aborted", { get: unreadable })],
    ["takes no listener after all", (signal) => Object.assign(signal, { addEventListener: unreadable })],
  ])("fails, and is over, if its signal %s", async (_, spoil) => {
    const pool = await team();
    const signal = listening();
    const begun = reading(pool, anything(signal));
    spoil(signal);
    const failed = { code: "invalid_input", message: expect.stringMatching(/^options\.signal: /) };
    expect(await refusal(begun.next())).toMatchObject(failed);
    expect(await begun.next()).toEqual(DONE);
    await pool.close();
  });

  it("ends as ever if its signal refuses to take the listener off again", async () => {
    const pool = await team();
    const stubborn = { ...listening(), removeEventListener: unreadable };
    const left = await readUp(pool, anything(stubborn));
    expect(await left.return()).toEqual(DONE);
    const closed = await readUp(pool, anything(stubborn));
    const waiting = closed.next();
    await pool.close();
    expect(await waiting).toEqual(DONE);
  });

  it("takes a host's own signal, which has what is asked of one", async () => {
    const pool = await team();
    const begun = await readUp(pool, anything(listening()));
    expect(await begun.return()).toEqual(DONE);
  });

  it("shares its signal with many without a listener for each, and takes that off again, however they end", async () => {
    const pool = await team();
    const { signal } = new AbortController();
    let listening = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...listener: [never, never]) => {
      listening += 1;
      addEventListener.apply(signal, listener);
    };
    signal.removeEventListener = (...listener: [never, never]) => {
      listening -= 1;
      removeEventListener.apply(signal, listener);
    };
    const [returned, closed] = [await readUp(pool, signal), await readUp(pool, signal)];
    expect(listening).toBe(1);
    await returned.return();
    expect(listening).toBe(1);
    await pool.close();
    expect([await closed.next(), await closed.return()]).toEqual([DONE, DONE]);
    expect(listening).toBe(0);
  });

  it("ends with all others of its signal", async () => {
    const pool = await team();
    const abort = new AbortController();
    const many = await Promise.all(Array.from({ length: 20 }, () => readUp(pool, abort.signal)));
    const left = many.pop()!;
    await left.return();
    const waiting = many.map((each) => each.next());
    abort.abort();
    expect(await Promise.all(waiting)).toEqual(many.map(() => DONE));
    await pool.close();
  });

  it("ends with the pool, also for those who wait", async () => {
    const pool = await team();
    const begun = await readUp(pool);
    const waiting = [begun.next(), begun.next()];
    await pool.close();
    expect(await Promise.all(waiting)).toEqual([DONE, DONE]);
  });

  it("does not hold up the end of the pool while it is being opened", async () => {
    const pool = await team();
    const waiting = reading(pool).next();
    await pool.close();
    await waiting;
  });

  it("of a pool that is closed fails as closed, and is over", async () => {
    const pool = await team();
    const late = reading(pool);
    await pool.close();
    const waiting = [refusal(late.next()), late.next()] as const;
    expect(await waiting[0]).toMatchObject({ code: "closed", ids: { pool_id: "pool.team" } });
    expect([await waiting[1], await late.next()]).toEqual([DONE, DONE]);
  });

  it("serves those who wait in their order", async () => {
    const pool = await team();
    const begun = reading(pool);
    const there = await open(pool).drain();
    const order: number[] = [];
    const waiting = there.map(async (_, index) => {
      const { value } = await begun.next();
      order.push(index);
      return value;
    });
    expect(await Promise.all(waiting)).toEqual(there);
    expect(order).toEqual(there.map((_, index) => index));
  });

  it("is one of its own, each time", async () => {
    const pool = await team();
    const stream = open(pool);
    const [first, second] = [stream[Symbol.asyncIterator](), stream[Symbol.asyncIterator]()];
    const there = await stream.drain();
    expect(await take(first, there.length)).toEqual(there);
    await first.return();
    expect(await take(second, there.length)).toEqual(there);
  });

  it("that is first read from within `append` is refused: it would wait for itself", async () => {
    const refused: Promise<AgentPoolError>[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      journal: () => void refused.push(refusal(reading(pool).next())),
    });
    await joinTeam(pool);
    expect((await Promise.all(refused)).map(({ code }) => code)).toEqual(Array(3).fill("reentrant_call"));
  });

  it("that is first read from within `publish` begins after the operation, and may be waited for there", async () => {
    const items: unknown[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      eventBus: async (frame) => {
        if (frame.event.envelope.event_kind !== "run_message_accepted") return;
        items.push((await reading(pool).next()).value);
      },
    });
    await joinTeam(pool);
    await pool.send(OUTLINE);
    await pool.flush();
    expect(items).toEqual([(await open(pool).drain())[0]]);
  });

  it("may call the pool for every item, and await it", async () => {
    const pool = await team();
    let sent = 0;
    for await (const _ of open(pool)) {
      if (sent === 20) break;
      sent += 1;
      await pool.send({ ...OUTLINE, message_id: `message.${sent}` });
    }
    expect((await pool.snapshot()).messages).toHaveLength(20);
  });
});

it("a pool closed by the reader of its own stream ends it after what was there", async () => {
  const pool = await team();
  const seen: unknown[] = [];
  for await (const frame of pool.subscribe()) {
    seen.push(frame);
    if (seen.length === 1) await pool.close();
  }
  expect(seen).toHaveLength(3);
});

it("a bus that is down when the pool is closed ends the streams all the same", async () => {
  let isDown = false;
  const pool = await team({
    eventBus: () => {
      if (isDown) throw new Error("down");
    },
  });
  const reading = pool.subscribe()[Symbol.asyncIterator]();
  await take(reading, 3);
  isDown = true;
  await pool.send(OUTLINE);
  await take(reading, 1);
  const waiting = reading.next();
  await settle();
  expect(await refusal(pool.close())).toMatchObject({ code: "event_bus_rejected" });
  expect(await waiting).toEqual(DONE);
  isDown = false;
  await pool.close();
});
