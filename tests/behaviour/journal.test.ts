import { AgentPool, MemoryJournal, type Journal, type JournalRecord } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, Deferred, joinTeam, refusal, settle, team, told, traces } from "./support.js";

const DELIVERED = ["created", "run_joined", "run_joined", "accepted", "delivered"];

describe("a journal may be", () => {
  it("an object, whose method is called on it", async () => {
    class Kept implements Journal {
      readonly records: JournalRecord[] = [];
      append(record: JournalRecord): string {
        this.records.push(record);
        return `place.${this.records.length}`;
      }
    }
    const journal = new Kept();
    const pool = await team({ journal });
    const receipt = await pool.send(OUTLINE);
    expect(told(journal.records)).toEqual(DELIVERED);
    expect(receipt.journal_cursor).toBe("place.5");
  });

  it("a function, called without a `this` that would be of any use", async () => {
    const records: JournalRecord[] = [];
    const pool = await team({ journal: (record) => void records.push(record) });
    await pool.send(OUTLINE);
    expect(told(records)).toEqual(DELIVERED);
  });

  it("absent: the pool then keeps one in memory", async () => {
    const pool = await team();
    expect((await pool.send(OUTLINE)).journal_cursor).toBe("journal.5");
  });

  it("the one in memory, made before anything is loaded, and read back", async () => {
    const journal = new MemoryJournal();
    const pool = await team({ journal });
    await pool.send(OUTLINE);
    expect(told(await journal.records())).toEqual(DELIVERED);
  });
});

describe("a journal's answer", () => {
  it.each<[string, () => ReturnType<Journal["append"]>]>([
    ["at once", () => "place"],
    ["in a promise", async () => "place"],
    ["in a promise that takes its time", async () => (await settle(), "place")],
    ["in anything that has a `then`", () => ({ then: (kept) => Promise.resolve("place").then(kept) })],
  ])("is a cursor when it comes %s", async (_, append) => {
    const pool = await team({ journal: append });
    const receipt = await pool.send(OUTLINE);
    expect(receipt).toEqual({
      message_id: "message.outline",
      status: "delivered",
      delivered_to: ["run.writer"],
      journal_cursor: "place",
    });
  });

  it.each([
    ["nothing", () => undefined],
    ["a promise of nothing", async () => undefined],
  ])("of %s makes the record id the cursor", async (_, append) => {
    const pool = await team({ journal: append });
    expect((await pool.send(OUTLINE)).journal_cursor).toBe("journal.record.agent_pool.5");
  });
});

describe("a journal that fails", () => {
  const full = new Error("the disk is full");
  const failures: [string, () => Promise<never>][] = [
    [
      "throwing",
      () => {
        throw full;
      },
    ],
    ["rejecting", () => Promise.reject(full)],
    [
      "rejecting later",
      async () => {
        await settle();
        throw full;
      },
    ],
  ];

  it.each(failures)("by %s leaves no trace, and its own error is the cause", async (_, fail) => {
    let isFull = false;
    const kept: JournalRecord[] = [];
    const pool = await team({
      journal: (record) => {
        if (isFull) return fail();
        kept.push(record);
        return undefined;
      },
    });
    const before = await traces(pool);
    isFull = true;
    const error = await refusal(pool.send(OUTLINE));
    expect(error).toMatchObject({ code: "journal_rejected", kind: "JournalFailure", retry: "Retryable" });
    expect(error.cause).toBe(full);
    expect(error.ids.record_id).toBe("journal.record.agent_pool.4");
    expect(await traces(pool)).toEqual(before);
    isFull = false;
    expect((await pool.send(OUTLINE)).status).toBe("delivered");
    expect(kept.map((record) => record.journal_seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it("halfway through a send leaves what is journaled, and the same send again finishes it", async () => {
    const kept: JournalRecord[] = [];
    let room = 4;
    const pool = await team({
      journal: (record) => {
        if (kept.length === room) throw full;
        kept.push(record);
      },
    });
    await refusal(pool.send(OUTLINE));
    expect((await pool.snapshot()).messages?.[0]?.receipt.status).toBe("accepted");
    room = 99;
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered", delivered_to: ["run.writer"] });
    expect(told(kept)).toEqual(DELIVERED);
  });

  it("while runs join leaves none of them a member, and joining again makes them members", async () => {
    let isFull = true;
    const pool = await AgentPool.build({
      poolId: "pool.team",
      journal: () => {
        if (isFull) throw full;
      },
    });
    await refusal(joinTeam(pool));
    expect(await pool.members()).toEqual([]);
    isFull = false;
    await joinTeam(pool);
    expect((await pool.members()).map((member) => member.run_id)).toEqual(["run.planner", "run.writer"]);
  });
});

it("operations are served in the order of the calls, each whole, however long the journal takes", async () => {
  const kept: JournalRecord[] = [];
  const slow = new Deferred();
  const pool = await AgentPool.build({
    poolId: "pool.team",
    journal: async (record) => {
      if (kept.push(record) === 1) await slow.promise;
    },
  });
  const joined = joinTeam(pool);
  const members = pool.members();
  await settle();
  expect(told(kept)).toEqual(["created"]);
  slow.resolve();
  await joined;
  expect(told(kept)).toEqual(["created", "run_joined", "run_joined"]);
  expect((await members).length).toBe(1);
});
