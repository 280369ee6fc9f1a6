import { AgentPool, AgentPoolError, manualClock } from "agent-pool";
import { expect, it } from "vitest";

import { OUTLINE, refusal, team } from "./support.js";

it("an error keeps its fields as JSON and through a message to another thread, and can be made anew there", async () => {
  const error = await refusal((await team()).send({ ...OUTLINE, from: "run.stranger" }));
  const fields = structuredClone(error.toJSON());
  expect(JSON.parse(JSON.stringify(error))).toEqual(fields);
  const { kind, retry, code, message, ids } = error;
  expect(fields).toEqual({ kind, retry, code, message, ids });
  const made = new AgentPoolError(fields);
  expect(made).toMatchObject(fields);
  expect(made.message).toBe(message);
});

const WAKE = { condition_id: "wake.a", idempotency_key: "key.a", filter: { kinds: ["tool_completed"] } } as const;
const TIMED = { ...WAKE, condition_id: "wake.timed", idempotency_key: "key.timed", timeout_millis: 5 };
const SENT = { message_id: "message.outline", idempotency_key: "message.outline" };
const SUSPENDED = { condition_id: WAKE.condition_id, idempotency_key: WAKE.idempotency_key };

it.each<[string, (pool: AgentPool) => Promise<unknown>, object]>([
  ["joinRun", (pool) => pool.joinRun({ run_id: "run.new", agent_id: "agent.new" }), { run_id: "run.new" }],
  ["startRun", (pool) => pool.startRun({ run_id: "run.new", agent_id: "agent.new" }), { run_id: "run.new" }],
  ["leaveRun", (pool) => pool.leaveRun("run.writer"), { run_id: "run.writer" }],
  ["send", (pool) => pool.send({ ...OUTLINE, ...SENT }), SENT],
  ["recordMessageStatus", (pool) => pool.recordMessageStatus({ ...OUTLINE, ...SENT }, "responded"), SENT],
  ["suspendUntil", (pool) => pool.suspendUntil("run.writer", WAKE), SUSPENDED],
  ["pollWake", (pool) => pool.pollWake("wake.timed"), { condition_id: "wake.timed" }],
  ["cancelWake", (pool) => pool.cancelWake("wake.timed"), { condition_id: "wake.timed" }],
])("if the journal refuses its record, %s names the record and what the call is about", async (_, call, about) => {
  let isFull = false;
  const clock = manualClock(0);
  const journal = (): void => {
    if (isFull) throw new Error("full");
  };
  const pool = await team({ journal, clock, runLauncher: () => undefined });
  await pool.suspendUntil("run.writer", TIMED);
  clock.advance(5);
  isFull = true;
  const { code, ids } = await refusal(call(pool));
  const record_id = "journal.record.agent_pool.5";
  expect({ code, ids }).toEqual({ code: "journal_rejected", ids: { ...about, record_id } });
});

it("what is the host's own is no part of an error's JSON", async () => {
  const cause = { secret: 1n };
  const pool = await AgentPool.build({
    poolId: "pool.team",
    journal: () => {
      throw cause;
    },
  });
  const error = await refusal(pool.joinRun({ run_id: "run.a", agent_id: "agent.a" }));
  expect(error.cause).toBe(cause);
  expect(Object.keys(error.toJSON())).toEqual(["kind", "retry", "code", "message", "ids"]);
});

it("an error has a cause if and only if something was thrown, and a handle likewise, even `undefined`", async () => {
  const stranger = await refusal((await team()).send({ ...OUTLINE, from: "run.stranger" }));
  expect(["cause" in stranger, "runHandle" in stranger]).toEqual([false, false]);
  let isFull = false;
  const journal = (): void => {
    if (isFull) throw undefined;
  };
  const pool = await team({ journal, runLauncher: () => undefined });
  isFull = true;
  const lost = await refusal(pool.startRun({ run_id: "run.new", agent_id: "agent.new" }));
  expect(lost).toMatchObject({ code: "journal_rejected", cause: undefined, runHandle: undefined });
  expect(["cause" in lost, "runHandle" in lost]).toEqual([true, true]);
});

it("an error that a host makes needs no ids, and is told by its name", () => {
  const error = new AgentPoolError({ kind: "Timeout", retry: "Retryable", code: "closed", message: "made up" });
  expect(error.ids).toEqual({});
  expect([error.name, `${error}`]).toEqual(["AgentPoolError", "AgentPoolError: made up"]);
});

it("what a user may print is named as in the manual", async () => {
  const pool = await team();
  const names = [pool, pool.subscribe(), pool.watchPool()].map((object) => object.constructor.name);
  expect(names).toEqual(["AgentPool", "PoolStream", "PoolStream"]);
});
