import { AgentPool, MemoryStore, type AgentPoolOptions, type EventFrame, type JournalRecord } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, Deferred, anything, joinTeam, refusal, settle, team, told } from "./support.js";

const TIMED_OUT = {
  code: "close_timed_out",
  kind: "Timeout",
  retry: "NotRetryable",
  ids: { pool_id: "pool.team" },
};
const CLOSED = { code: "closed", ids: { pool_id: "pool.team" } };
const never = (): Promise<never> => new Promise(() => undefined);

/** A team with a journal that can be told never to answer again. */
async function stuckTeam(options: Partial<AgentPoolOptions> = {}): Promise<{ pool: AgentPool; stick: () => void }> {
  let isStuck = false;
  const pool = await team({ journal: () => (isStuck ? never() : undefined), ...options });
  return { pool, stick: () => (isStuck = true) };
}

describe("close with a limit", () => {
  it("is as close without one where everything is finished in time", async () => {
    const records: JournalRecord[] = [];
    const frames: EventFrame[] = [];
    const pool = await team({
      journal: async (record) => {
        await settle();
        records.push(record);
      },
      eventBus: async (frame) => {
        await settle();
        frames.push(frame);
      },
    });
    const sent = pool.send(OUTLINE);
    await pool.close({ timeoutMillis: 60_000 });
    expect(await sent).toMatchObject({ status: "delivered" });
    expect([records.length, frames.length]).toEqual([5, 5]);
    expect(await refusal(pool.members())).toMatchObject(CLOSED);
    await pool.close({ timeoutMillis: 0 });
  });

  it("of 0 finishes what needs nobody else", async () => {
    const frames: EventFrame[] = [];
    const pool = await team({ journal: async () => undefined, eventBus: async (frame) => void frames.push(frame) });
    const sent = pool.send(OUTLINE);
    await pool.close({ timeoutMillis: 0 });
    expect(await sent).toMatchObject({ status: "delivered" });
    expect(frames).toHaveLength(5);
  });

  it.each([0, 20])("of %d ms gets out when the journal never answers, and so do all calls that wait", async (limit) => {
    const { pool, stick } = await stuckTeam();
    stick();
    const waiting = [
      pool.send(OUTLINE),
      pool.joinRun({ run_id: "run.x", agent_id: "agent.x" }),
      pool.members(),
      pool.flush(),
      pool.subscribe().drain(),
      pool.suspendUntil("run.writer", {}),
    ].map(refusal);
    expect(await refusal(pool.close({ timeoutMillis: limit }))).toMatchObject(TIMED_OUT);
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject(CLOSED);
    expect(await refusal(pool.members())).toMatchObject(CLOSED);
    await pool.close();
  });

  it("gets out when the event bus never answers, and tells that events may be missing there", async () => {
    const frames: EventFrame[] = [];
    const pool = await team({
      eventBus: (frame) => {
        frames.push(frame);
        return never();
      },
    });
    expect(await refusal(pool.close({ timeoutMillis: 0 }))).toMatchObject(TIMED_OUT);
    expect(frames).toHaveLength(1);
    expect(await refusal(pool.members())).toMatchObject(CLOSED);
  });

  it("ends a close without one that waits in vain", async () => {
    const { pool, stick } = await stuckTeam();
    stick();
    const sent = refusal(pool.send(OUTLINE));
    const patient = refusal(pool.close());
    expect(await refusal(pool.close({ timeoutMillis: 0 }))).toMatchObject(TIMED_OUT);
    expect(await patient).toMatchObject(TIMED_OUT);
    expect(await sent).toMatchObject(CLOSED);
  });

  it("is final: what a failing bus did not take is not tried again", async () => {
    const cause = new Error("the bus is down");
    let attempts = 0;
    let isDown = false;
    const pool = await team({
      eventBus: () => {
        attempts += 1;
        if (isDown) throw cause;
      },
    });
    isDown = true;
    await pool.send(OUTLINE);
    expect(await refusal(pool.close({ timeoutMillis: 60_000 }))).toMatchObject({ code: "event_bus_rejected", cause });
    const before = attempts;
    await pool.close();
    expect(attempts).toBe(before);
  });

  it.each([-1, 0.5, NaN, Infinity, 2 ** 31, "1", null])("of %s is refused, and the pool stays open", async (limit) => {
    const pool = await team();
    const error = await refusal(pool.close({ timeoutMillis: anything(limit) }));
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.message).toBe("options.timeoutMillis: is not a whole number from 0 to 2^31-1");
    expect(await pool.members()).toHaveLength(2);
    expect(await refusal(pool.close(anything({ timeout: 1 })))).toMatchObject({ code: "invalid_input" });
  });

  it.each(["journal", "eventBus"] as const)("from within a port (%s) is refused, and it stays open", async (port) => {
    const refused: Promise<unknown>[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      [port]: () => void refused.push(refusal(pool.close({ timeoutMillis: 0 }))),
    });
    await joinTeam(pool);
    expect(await Promise.all(refused)).toMatchObject(Array(3).fill({ code: "reentrant_call" }));
    expect(await pool.members()).toHaveLength(2);
  });

  it("awaited in an asynchronous `append`, which waits for itself, gets out", async () => {
    const closed: unknown[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      journal: async () => {
        await settle();
        closed.push(await refusal(pool.close({ timeoutMillis: 0 })));
      },
    });
    expect(await refusal(pool.joinRun({ run_id: "run.a", agent_id: "agent.a" }))).toMatchObject(CLOSED);
    await settle();
    expect(closed).toMatchObject([TIMED_OUT]);
  });
});

describe("a handle that was closed as it stood", () => {
  it("holds up no other handle on its pool, and what it left half done is made up for there", async () => {
    const store = new MemoryStore();
    const records: JournalRecord[] = [];
    let room = 4;
    const journal = (record: JournalRecord): Promise<never> | undefined => {
      if (records.length === room) return never();
      records.push(record);
      return undefined;
    };
    const pool = await team({ store, journal });
    const other = await AgentPool.build({ poolId: "pool.team", store, journal });
    const sent = refusal(pool.send(OUTLINE));
    const members = other.members();
    const again = other.send(OUTLINE);
    await settle();
    expect(told(records)).toEqual(["created", "run_joined", "run_joined", "accepted"]);
    room = 99;
    await refusal(pool.close({ timeoutMillis: 0 }));
    expect(await sent).toMatchObject(CLOSED);
    expect(await members).toHaveLength(2);
    expect(await again).toMatchObject({ status: "delivered", delivered_to: ["run.writer"] });
    expect(told(records).slice(3)).toEqual(["accepted", "delivered"]);
  });

  it.each([
    ["answers", (answer: Deferred<string>) => answer.resolve("too late")],
    ["rejects", (answer: Deferred<string>) => answer.reject(new Error("too late"))],
  ])("takes no notice of a journal that %s later", async (_, settleIt) => {
    const store = new MemoryStore();
    const late = new Deferred<string>();
    let isStuck = false;
    const pool = await team({ store, journal: () => (isStuck ? late.promise : undefined) });
    isStuck = true;
    const joined = refusal(pool.joinRun({ run_id: "run.late", agent_id: "agent.late" }));
    await refusal(pool.close({ timeoutMillis: 0 }));
    await joined;
    const before = await store.records("pool.team");
    settleIt(late);
    await settle();
    expect(await store.records("pool.team")).toEqual(before);
    const again = await AgentPool.build({ poolId: "pool.team", store });
    expect(await again.members()).toHaveLength(2);
  });

  it("leaves its events to another handle on pool and bus, in their order", async () => {
    const store = new MemoryStore();
    const taken: string[] = [];
    const slow = new Deferred();
    const eventBus = {
      publish: async (frame: EventFrame) => {
        await slow.promise;
        taken.push(frame.event.envelope.event_kind);
      },
    };
    const pool = await team({ store, eventBus });
    const other = await AgentPool.build({ poolId: "pool.team", store, eventBus });
    await refusal(pool.close({ timeoutMillis: 0 }));
    await other.send(OUTLINE);
    slow.resolve();
    await other.flush();
    expect(taken).toEqual([
      "agent_pool_created",
      "agent_pool_run_joined",
      "agent_pool_run_joined",
      "run_message_accepted",
      "run_message_delivered",
    ]);
  });

  it("ends its live streams, with what had come until then", async () => {
    const { pool, stick } = await stuckTeam();
    const reading = pool
      .subscribe({ kinds: ["run_message_accepted", "run_message_delivered"] })
      [Symbol.asyncIterator]();
    const first = reading.next();
    await pool.send(OUTLINE);
    expect((await first).value?.event.envelope.event_kind).toBe("run_message_accepted");
    stick();
    const unopened = pool.watchPool()[Symbol.asyncIterator]();
    const waiting = refusal(pool.leaveRun("run.writer"));
    const opening = unopened.next();
    await refusal(pool.close({ timeoutMillis: 0 }));
    await waiting;
    expect((await reading.next()).value?.event.envelope.event_kind).toBe("run_message_delivered");
    expect(await reading.next()).toEqual({ done: true, value: undefined });
    expect(await opening).toEqual({ done: true, value: undefined });
  });

  it("lets a run that was started and not joined go with its error", async () => {
    const { pool, stick } = await stuckTeam({ runLauncher: async () => "the run's handle" });
    stick();
    const started = refusal(pool.startRun({ run_id: "run.new", agent_id: "agent.new" }));
    await settle();
    await refusal(pool.close({ timeoutMillis: 0 }));
    expect(await started).toMatchObject({ ...CLOSED, runHandle: "the run's handle" });
  });

  it("waits no longer for a run that is being started", async () => {
    const pool = await team({ runLauncher: never });
    const started = refusal(pool.startRun({ run_id: "run.new", agent_id: "agent.new" }));
    expect(await refusal(pool.close({ timeoutMillis: 0 }))).toMatchObject(TIMED_OUT);
    const error = await started;
    expect(error).toMatchObject(CLOSED);
    expect("runHandle" in error).toBe(false);
  });
});

it("a run that is started in time is handed back, since it cannot join any more", async () => {
  const launching = new Deferred<string>();
  const pool = await team({ runLauncher: () => launching.promise });
  const started = refusal(pool.startRun({ run_id: "run.new", agent_id: "agent.new" }));
  const closing = pool.close({ timeoutMillis: 60_000 });
  await settle();
  launching.resolve("the run's handle");
  expect(await started).toMatchObject({ ...CLOSED, runHandle: "the run's handle" });
  await closing;
});

it("answers who closes it once more while it is given up, from another handle's bus", async () => {
  const store = new MemoryStore();
  const { pool, stick } = await stuckTeam({ store });
  const again: Promise<unknown>[] = [];
  let isWatched = false;
  const other = await AgentPool.build({
    poolId: "pool.team",
    store,
    eventBus: () => {
      if (isWatched && again.length === 0) again.push(refusal(pool.close()));
    },
  });
  stick();
  isWatched = true;
  const stuck = refusal(pool.joinRun({ run_id: "run.stuck", agent_id: "agent.stuck" }));
  const joined = other.joinRun({ run_id: "run.x", agent_id: "agent.x" });
  expect(await refusal(pool.close({ timeoutMillis: 0 }))).toMatchObject(TIMED_OUT);
  expect(await stuck).toMatchObject(CLOSED);
  await joined;
  expect(await Promise.all(again)).toMatchObject([TIMED_OUT]);
  await other.close();
});
