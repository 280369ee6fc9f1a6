import { AgentPool, MemoryStore, type AgentPoolError, type Journal, type JournalRecord } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, anything, joinTeam, refusal, settle, team, told, traces } from "../support.js";
import {
  FAILURES,
  TREATMENTS,
  expectUnmoved,
  oddlyBroken,
  oddlyKept,
  spoil,
  thenable,
  untouchable,
} from "./hostile.js";

const PLANNER = { run_id: "run.planner", agent_id: "agent.planner" };

describe("a journal that answers", () => {
  it.each<[string, Journal["append"]]>([
    ["at once", () => "place"],
    ["later", async () => (await settle(), "place")],
    ...oddlyKept<string | undefined>("place", "elsewhere"),
  ])("by something that %s is taken at its first word", async (_, append) => {
    const pool = await team({ journal: append });
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered", journal_cursor: "place" });
    await settle();
    expect((await pool.snapshot()).messages).toHaveLength(1);
  });

  it.each<[string, () => unknown]>([
    ["never", () => new Promise(() => undefined)],
    ["by something whose `then` never calls back", () => thenable(() => undefined)],
  ])("%s has the pool's other operations wait, until `close` gets out", async (_, append) => {
    let isStuck = false;
    const pool = await team({ journal: () => (isStuck ? (append() as Promise<undefined>) : undefined) });
    isStuck = true;
    const waiting = [pool.send(OUTLINE), pool.members(), pool.subscribe().drain()].map(refusal);
    const first = await Promise.race([...waiting, settle()]);
    expect(first).toBeUndefined();
    expect(await refusal(pool.close({ timeoutMillis: 1 }))).toMatchObject({ code: "close_timed_out" });
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ code: "closed" });
  });
});

describe("a journal that fails", () => {
  const failed = async (append: () => unknown): Promise<AgentPoolError> => {
    let isFailing = false;
    const pool = await team({ journal: () => (isFailing ? (append() as undefined) : undefined) });
    const before = await traces(pool);
    isFailing = true;
    const error = await refusal(pool.send(OUTLINE));
    expect(error).toMatchObject({ code: "journal_rejected", kind: "JournalFailure", retry: "Retryable" });
    isFailing = false;
    expect(await traces(pool)).toEqual(before);
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
    return error;
  };

  it.each(FAILURES)("by %s has that as the cause, and the pool goes on", async (_, fail, reason) => {
    const error = await failed(fail);
    expect(Object.hasOwn(error, "cause")).toBe(true);
    expect(Object.is(error.cause, reason)).toBe(true);
  });

  const full = new Error("the disk is full");
  it.each(oddlyBroken(full))("by an answer that %s has its reason as the cause", async (_, answer) => {
    expect((await failed(answer)).cause).toBe(full);
  });
});

describe("a journal whose answer is garbage: nothing happens", () => {
  it.each<[string, unknown]>([
    ["a number", 1],
    ["null", null],
    ["a symbol", Symbol("place")],
    ["an object", { cursor: "journal.1" }],
    ["a text object", new String("place")],
    ["a list", ["place"]],
    ["an empty text", ""],
    ["a text of 513 bytes", "c".repeat(513)],
    ["a text of 513 bytes in fewer characters", "é".repeat(256) + "c"],
    ["a text with a line break", "a\nb"],
    ["a text with a zero", "a\0"],
    ["half a surrogate pair", "a\ud800"],
    ["a promise of a number", Promise.resolve(1)],
    ["a promise of half a surrogate pair", Promise.resolve("\udc00")],
    ["a promise of an object that cannot be touched", Promise.resolve([untouchable()])],
  ])("%s", async (_, answer) => {
    let garbles = false;
    const pool = await team({ journal: () => (garbles ? (answer as string) : undefined) });
    const before = await traces(pool);
    garbles = true;
    // The record of a message reaches the journal by another path than that of a member.
    const joining = { run_id: "run.late", agent_id: "agent.late" };
    for (const call of [() => pool.send(OUTLINE), () => pool.joinRun(joining)]) {
      const error = await refusal(call());
      expect(error).toMatchObject({ code: "invalid_port_answer", kind: "HostConfigurationNeeded" });
      expect(error.message).toContain("journal: ");
    }
    expect(await traces(pool)).toEqual(before);
  });

  it("an object that cannot be touched is a failure of the journal", async () => {
    const pool = await AgentPool.build({ poolId: "pool.team", journal: () => untouchable() as never });
    expect(await refusal(pool.joinRun(PLANNER))).toMatchObject({ code: "journal_rejected" });
  });

  it.each(["c".repeat(512), "é".repeat(256), "\u{1f4d3}", " "])("but %j is a cursor", async (cursor) => {
    const pool = await team({ journal: () => cursor });
    expect(await pool.send(OUTLINE)).toMatchObject({ journal_cursor: cursor });
  });
});

describe("a journal that calls the pool", () => {
  it("at once and gives away the refusal as its own has it as the cause", async () => {
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      journal: async () => void (await pool.members()),
    });
    const error = await refusal(pool.joinRun(PLANNER));
    expect(error).toMatchObject({ code: "journal_rejected", cause: { code: "reentrant_call" } });
  });

  it("in its `then` is served after the operation under way", async () => {
    const calls: Promise<unknown>[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      journal: () =>
        thenable<undefined>((fulfil) => {
          calls.push(pool.members());
          fulfil(undefined);
        }),
    });
    await joinTeam(pool);
    expect((await Promise.all(calls)).map((members) => (members as unknown[]).length)).toEqual([1, 1, 2]);
  });

  it("to close it, after it was called, has the operation under way finish first", async () => {
    const closed: Promise<void>[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      journal: async () => {
        await settle();
        if (closed.length === 0) closed.push(pool.close());
      },
    });
    await pool.joinRun(PLANNER);
    await closed[0];
    expect(await refusal(pool.members())).toMatchObject({ code: "closed" });
  });
});

describe("what a journal was given is its own:", () => {
  const story = async (journal: Journal["append"]): Promise<unknown> => {
    const store = new MemoryStore();
    const pool = await team({ store, journal, clock: () => 0 });
    await pool.suspendUntil("run.writer", { condition_id: "wake.w", filter: { kinds: ["run_message_delivered"] } });
    await pool.send(OUTLINE);
    await pool.send(OUTLINE);
    return [await traces(pool), await pool.pollWake("wake.w"), await store.records("pool.team")];
  };

  it.each(TREATMENTS)("%s changes nothing", (_, treat) => expectUnmoved(story, treat));

  it("a record that was spoilt and then refused is given anew", async () => {
    const records: JournalRecord[] = [];
    let isFull = true;
    const pool = await AgentPool.build({
      poolId: "pool.team",
      journal: (record) => {
        if (isFull) {
          spoil(record);
          throw new Error("the disk is full");
        }
        records.push(record);
      },
    });
    await refusal(pool.joinRun(PLANNER));
    isFull = false;
    await pool.joinRun(PLANNER);
    expect(records).toMatchObject([
      { journal_seq: 1, payload: { lifecycle_status: "created" } },
      { journal_seq: 2, payload: { lifecycle_status: "run_joined", member_run_ids: ["run.planner"] } },
    ]);
  });
});

describe("a journal whose `append`", () => {
  it("is replaced later is called as it is then", async () => {
    const [first, second]: [JournalRecord[], JournalRecord[]] = [[], []];
    const journal: Journal = { append: (record) => void first.push(record) };
    const pool = await team({ journal });
    journal.append = (record) => void second.push(record);
    await pool.send(OUTLINE);
    expect([told(first), told(second)]).toEqual([
      ["created", "run_joined", "run_joined"],
      ["accepted", "delivered"],
    ]);
  });

  it.each<[string, unknown]>([
    ["gone", undefined],
    ["no function", 5],
  ])("is %s when it is called is a failure of the journal", async (_, later) => {
    const journal = { append: anything(() => undefined) };
    const pool = await AgentPool.build({ poolId: "pool.team", journal });
    journal.append = anything(later);
    const error = await refusal(pool.joinRun(PLANNER));
    expect(error).toMatchObject({ code: "journal_rejected", cause: expect.any(TypeError) });
  });

  it("cannot be read is refused when the pool is built, and a failure of the journal later", async () => {
    const cause = new Error("not to be read");
    let isReadable = false;
    const journal: Journal = {
      get append() {
        if (isReadable) return () => undefined;
        throw cause;
      },
    };
    const error = await refusal(AgentPool.build({ poolId: "pool.team", journal }));
    expect(error).toMatchObject({ code: "invalid_input", cause });
    expect(error.message).toMatch(/^options\.journal\.append: /);
    isReadable = true;
    const pool = await team({ journal });
    isReadable = false;
    expect(await refusal(pool.send(OUTLINE))).toMatchObject({ code: "journal_rejected", cause });
    isReadable = true;
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
  });
});

it("a journal that two pools share is told of both, each with numbers of its own, and fails each for itself", async () => {
  const records: JournalRecord[] = [];
  const isOf = (poolId: string, record: JournalRecord): boolean => JSON.stringify(record).includes(poolId);
  let refused: string | undefined;
  const journal: Journal = {
    append: async (record) => {
      await settle();
      if (refused !== undefined && isOf(refused, record)) throw new Error("not this one");
      records.push(record);
    },
  };
  const pools = await Promise.all(["pool.one", "pool.two"].map((poolId) => team({ poolId, journal })));
  refused = "pool.one";
  const editor = { run_id: "run.editor", agent_id: "agent.editor" };
  expect(await Promise.allSettled(pools.map((pool) => pool.joinRun(editor)))).toMatchObject([
    { status: "rejected", reason: { code: "journal_rejected", ids: { record_id: "journal.record.agent_pool.4" } } },
    { status: "fulfilled" },
  ]);
  const numbers = (poolId: string): number[] =>
    records.filter((record) => isOf(poolId, record)).map((record) => record.journal_seq);
  expect([numbers("pool.one"), numbers("pool.two")]).toEqual([
    [1, 2, 3],
    [1, 2, 3, 4],
  ]);
});

it("a cursor that is no Unicode is refused instead of changed", async () => {
  const pool = await AgentPool.build({ poolId: "pool.x", journal: () => "cursor \ud800" });
  expect((await refusal(pool.joinRun(PLANNER))).code).toBe("invalid_port_answer");
  await pool.close();
});
