import { logicalClock, manualClock, type WakeRegistrationStatus } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, refusalWithoutTrace, team, toolCompleted } from "./support.js";

const REPLY = {
  condition_id: "wake.reply",
  filter: { run_ids: ["run.planner"], kinds: ["run_message_delivered"] },
} as const;

async function statusOf(
  pool: Awaited<ReturnType<typeof team>>,
  id: string,
): Promise<WakeRegistrationStatus | undefined> {
  return (await pool.snapshot()).wakes?.find((wake) => wake.condition.condition_id === id)?.registration.status;
}

describe("a run that waits", () => {
  it("is woken by the message it waits for", async () => {
    const pool = await team();
    expect((await pool.suspendUntil("run.writer", REPLY)).status).toBe("registered");
    await pool.send(OUTLINE);
    expect(await statusOf(pool, "wake.reply")).toBe("triggered");
    expect((await pool.pollWake("wake.reply")).status).toBe("triggered");
  });

  it("is woken at once by what already happened", async () => {
    const pool = await team();
    await pool.send(OUTLINE);
    expect((await pool.suspendUntil("run.writer", REPLY)).status).toBe("triggered");
  });

  it("waits no longer when its time is over", async () => {
    const clock = manualClock(1_000);
    const pool = await team({ clock });
    await pool.suspendUntil("run.writer", { ...REPLY, timeout_millis: 500 });
    clock.advance(499);
    expect((await pool.pollWake("wake.reply")).status).toBe("registered");
    clock.advance(1);
    expect((await pool.pollWake("wake.reply")).status).toBe("timed_out");
  });

  it("can be told not to wait, and what has ended stays as it is", async () => {
    const pool = await team();
    await pool.suspendUntil("run.writer", REPLY);
    const cancelled = await pool.cancelWake("wake.reply");
    expect(cancelled.status).toBe("cancelled");
    await pool.send(OUTLINE);
    expect(await pool.pollWake("wake.reply")).toEqual(cancelled);
    expect(await pool.cancelWake("wake.reply")).toEqual(cancelled);
  });

  it("is told by the same condition again how it stands, and a different one of that id is a conflict", async () => {
    const pool = await team();
    const registered = await pool.suspendUntil("run.writer", REPLY);
    expect(await pool.suspendUntil("run.writer", REPLY)).toEqual(registered);
    const error = await refusalWithoutTrace(pool, () => pool.suspendUntil("run.writer", { ...REPLY, filter: {} }));
    expect(error.code).toBe("idempotency_conflict");
  });

  it("waits for itself only, and only as a member", async () => {
    const pool = await team();
    const mismatch = await refusalWithoutTrace(pool, () =>
      pool.suspendUntil("run.writer", { ...REPLY, run_id: "run.planner" }),
    );
    expect(mismatch.code).toBe("wake_run_mismatch");
    const stranger = await refusalWithoutTrace(pool, () => pool.suspendUntil("run.stranger", REPLY));
    expect(stranger).toMatchObject({ code: "not_a_member", ids: { run_id: "run.stranger" } });
    const unknown = await refusalWithoutTrace(pool, () => pool.pollWake("wake.unknown"));
    expect(unknown).toMatchObject({ code: "wake_not_registered", ids: { condition_id: "wake.unknown" } });
  });
});

describe("wake matching", () => {
  const left = {
    condition_id: "wake.left",
    filter: { agent_ids: ["agent.planner"], kinds: ["agent_pool_run_left"] },
  } as const;

  it.each([
    ["live", "triggered"],
    ["on_message", "registered"],
  ] as const)("%s leaves a wake that waits for membership %s", async (wakeMatching, status) => {
    const pool = await team({ wakeMatching });
    await pool.suspendUntil("run.writer", left);
    await pool.leaveRun("run.planner");
    expect(await statusOf(pool, "wake.left")).toBe(status);
    expect((await pool.pollWake("wake.left")).status).toBe("triggered");
  });

  it("live also goes by the events of the host that the pool is shown", async () => {
    const pool = await team({ clock: logicalClock() });
    await pool.suspendUntil("run.writer", { condition_id: "wake.tool", filter: { kinds: ["tool_completed"] } });
    await pool.observe(toolCompleted("run.planner"));
    expect(await statusOf(pool, "wake.tool")).toBe("triggered");
    expect(await pool.subscribe({ families: ["tool"] }).drain()).toHaveLength(1);
  });
});
