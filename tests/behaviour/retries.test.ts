import { type AgentPool, type JournalRecord } from "agent-pool";
import { beforeEach, describe, expect, it } from "vitest";

import { OUTLINE, anything, refusal, refusalWithoutTrace, team, told } from "./support.js";

const TARGET = { type: "run", run_id: "run.writer" };

let records: JournalRecord[];
let failAt: number;
let pool: AgentPool;
beforeEach(async () => {
  records = [];
  failAt = -1;
  pool = await team({
    journal: async (record) => {
      if (records.length === failAt) {
        failAt = -1;
        throw new Error("the disk is full");
      }
      records.push(record);
    },
  });
  records.length = 0;
});

describe("a send with the same key", () => {
  it("answers the same receipt and records nothing", async () => {
    const receipt = await pool.send(OUTLINE);
    expect(await pool.send(OUTLINE)).toEqual(receipt);
    expect(told(records)).toEqual(["accepted", "delivered"]);
  });

  it("is recognised by its id or its key alone, whatever was left out at first", async () => {
    const { message_id, idempotency_key, ...rest } = {
      ...OUTLINE,
      message_id: "message.a",
      idempotency_key: "key.b",
    };
    const receipt = await pool.send({ ...rest, message_id, idempotency_key });
    const recorded = (await pool.watchPool().drain()).length;
    expect(await pool.send({ ...rest, message_id })).toEqual(receipt);
    expect(await pool.send({ ...rest, idempotency_key })).toEqual(receipt);
    const [first, second] = [await pool.send({ ...rest, message_id: "both" }), { ...rest, idempotency_key: "both" }];
    expect(await pool.send(second)).toEqual(first);
    expect((await pool.watchPool().drain()).length).toBe(recorded + 2);
    const wake = { condition_id: "wake.a", idempotency_key: "key.c", filter: { tags: ["never"] } };
    const registration = await pool.suspendUntil("run.writer", wake);
    const { idempotency_key: _key, ...byId } = wake;
    const { condition_id: _id, ...byKey } = wake;
    expect(await pool.suspendUntil("run.writer", byId)).toEqual(registration);
    expect(await pool.suspendUntil("run.writer", byKey)).toEqual(registration);
  });

  it("is recognised by its id or its key alone while it is under way", async () => {
    const { message_id, ...rest } = { ...OUTLINE, idempotency_key: "key.b" };
    const { idempotency_key, ...unnamed } = rest;
    const receipts = await Promise.all([
      pool.send({ ...rest, message_id }),
      pool.send({ ...unnamed, message_id }),
      pool.send({ ...unnamed, idempotency_key }),
      // A message to an address with a field that nobody knows is sent by the general path.
      pool.send({ ...unnamed, idempotency_key, to: anything({ target: TARGET, unknown: 1 }) }),
    ]);
    for (const receipt of receipts) expect(receipt).toEqual(receipts[0]);
    expect(told(records)).toEqual(["accepted", "delivered"]);
    const responded = pool.recordMessageStatus({ ...rest, message_id }, "responded");
    const byKey = pool.recordMessageStatus({ ...unnamed, idempotency_key }, "responded");
    expect(await byKey).toEqual(await responded);
    expect(told(records)).toEqual(["accepted", "delivered", "responded"]);
  });

  it.each(["message_id", "idempotency_key"] as const)(
    "by its %s alone has the names of the first, which is under way, even if that fails",
    async (name) => {
      const named = { ...OUTLINE, idempotency_key: "key.b" };
      const { message_id: _id, idempotency_key: _key, ...unnamed } = named;
      failAt = 0;
      const first = refusal(pool.send(named));
      // An operation between the two that runs alone makes them two operations.
      const [, second] = [pool.members(), pool.send({ ...unnamed, [name]: named[name] })];
      expect(await first).toMatchObject({ code: "journal_rejected" });
      expect(await second).toMatchObject({ message_id: named.message_id, status: "delivered" });
      expect(told(records)).toEqual(["accepted", "delivered"]);
      for (const { idempotency_key, subject_ref, payload } of records) {
        expect([idempotency_key, subject_ref.id]).toEqual([named.idempotency_key, named.message_id]);
        expect(payload).toMatchObject({ message_id: named.message_id, idempotency_key: named.idempotency_key });
      }
      expect(await pool.send(named)).toEqual(await second);
    },
  );

  it("of a wake is recognised by its id or its key alone while that is being registered", async () => {
    const { condition_id, idempotency_key, filter } = {
      condition_id: "wake.a",
      idempotency_key: "key.c",
      filter: { tags: ["never"] },
    };
    const registrations = await Promise.all([
      pool.suspendUntil("run.writer", { condition_id, idempotency_key, filter }),
      pool.suspendUntil("run.writer", { condition_id, filter }),
      pool.suspendUntil("run.writer", { idempotency_key, filter }),
    ]);
    for (const registration of registrations) expect(registration).toEqual(registrations[0]);
    expect(told(records)).toEqual(["registered"]);
  });

  it("at the same time is one send", async () => {
    const receipts = await Promise.all([pool.send(OUTLINE), pool.send(OUTLINE), pool.send(OUTLINE)]);
    expect(new Set(receipts.map((receipt) => receipt.status))).toEqual(new Set(["delivered"]));
    expect(told(records)).toEqual(["accepted", "delivered"]);
  });

  it("delivers to those that were resolved before it failed, though others joined since", async () => {
    failAt = 1;
    const toDrafts = { ...OUTLINE, to: { topic: "topic.drafts" } };
    await expect(pool.send(toDrafts)).rejects.toMatchObject({ code: "journal_rejected" });
    await pool.joinRun({ run_id: "run.late", agent_id: "agent.late", topics: ["topic.drafts"] });
    expect(await pool.send(toDrafts)).toMatchObject({ status: "delivered", delivered_to: ["run.writer"] });
  });

  it.each<[string, object]>([
    ["another content", { content_ref: "content.other" }],
    ["another target", { to: { pool: "pool.team" } }],
    ["another sender", { from: "run.writer" }],
    ["another expiry", { expires_at_millis: 1 }],
    ["another key", { idempotency_key: "key.other" }],
    ["another id", { message_id: "message.other", idempotency_key: OUTLINE.message_id }],
  ])("but %s is a conflict, and records nothing", async (_, change) => {
    await pool.send(OUTLINE);
    const error = await refusalWithoutTrace(pool, () => pool.send({ ...OUTLINE, ...change }));
    expect(error).toMatchObject({ code: "idempotency_conflict", retry: "NotRetryable" });
    expect(told(records)).toEqual(["accepted", "delivered"]);
  });
});

describe("a call that failed half-way", () => {
  it("says under which id and key its message is finished, if it was given none", async () => {
    const { message_id: _, ...unnamed } = OUTLINE;
    failAt = 1;
    const { code, ids } = await refusal(pool.send(unnamed));
    expect(code).toBe("journal_rejected");
    expect(ids).toMatchObject({ message_id: expect.any(String), idempotency_key: ids.message_id });
    const { message_id, status } = await pool.send({ ...unnamed, message_id: ids.message_id });
    expect({ message_id, status }).toEqual({ message_id: ids.message_id, status: "delivered" });
    expect(told(records)).toEqual(["accepted", "delivered"]);
  });

  it("says under which id and key its wake is finished, if it was given none", async () => {
    const condition = { filter: { kinds: ["run_message_delivered"] } } as const;
    await pool.send(OUTLINE);
    records.length = 0;
    failAt = 1;
    const { code, ids } = await refusal(pool.suspendUntil("run.writer", condition));
    expect(code).toBe("journal_rejected");
    expect(ids).toMatchObject({ condition_id: expect.any(String), idempotency_key: ids.condition_id });
    const wake = await pool.suspendUntil("run.writer", { ...condition, condition_id: ids.condition_id });
    expect(wake).toMatchObject({ condition_id: ids.condition_id, status: "triggered" });
    expect(told(records)).toEqual(["registered", "triggered"]);
  });

  it("says so also with a journal that takes batches", async () => {
    const refused = await team({
      journal: { append: () => undefined, appendBatch: () => Promise.reject(new Error("the disk is full")) },
    });
    const { message_id: _, ...unnamed } = OUTLINE;
    const errors = await Promise.all([1, 2, 3].map(() => refusal(refused.send(unnamed))));
    expect(new Set(errors.map(({ ids }) => ids.message_id)).size).toBe(3);
  });
});

describe("what became of a message", () => {
  it("may be recorded once more, and then ends it", async () => {
    await pool.send(OUTLINE);
    const receipt = await pool.recordMessageStatus(OUTLINE, "responded", ["run.writer"]);
    expect(receipt).toMatchObject({ status: "responded", delivered_to: ["run.writer"] });
    expect(await pool.recordMessageStatus(OUTLINE, "responded")).toEqual(receipt);
    const error = await refusalWithoutTrace(pool, () => pool.recordMessageStatus(OUTLINE, "failed"));
    expect(error).toMatchObject({ code: "invalid_status_transition", kind: "InvalidStateTransition" });
    expect(await pool.send(OUTLINE)).toEqual(receipt);
    expect(told(records)).toEqual(["accepted", "delivered", "responded"]);
  });

  it("is a receipt also when it reached nobody", async () => {
    const receipt = await pool.send({ ...OUTLINE, to: { run: "run.nobody" } });
    expect(receipt).toEqual({ message_id: OUTLINE.message_id, status: "failed", journal_cursor: expect.any(String) });
  });
});

it("a sender that is no member is an error that names it, and nothing is recorded", async () => {
  const error = await refusalWithoutTrace(pool, () => pool.send({ ...OUTLINE, from: "run.stranger" }));
  expect(error).toMatchObject({ code: "sender_not_member", ids: { run_id: "run.stranger" } });
  expect(error.message).not.toContain("stranger");
});

it("a run that leaves is told as it was, and leaving again is an error", async () => {
  const member = { run_id: "run.writer", agent_id: "agent.writer", topics: ["topic.drafts"] };
  failAt = 0;
  await expect(pool.leaveRun("run.writer")).rejects.toMatchObject({ code: "journal_rejected" });
  expect(await pool.leaveRun("run.writer")).toEqual(member);
  const error = await refusalWithoutTrace(pool, () => pool.leaveRun("run.writer"));
  expect(error).toMatchObject({ code: "not_a_member", ids: { run_id: "run.writer" } });
});
