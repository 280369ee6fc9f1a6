import { logicalClock, manualClock, type EventFrameInput, type WakeRegistrationStatus } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, refusalWithoutTrace, team } from "./support.js";

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
  const joined = {
    condition_id: "wake.joined",
    filter: { agent_ids: ["agent.planner"], kinds: ["agent_pool_run_left"] },
  } as const;

  it.each([
    ["live", "triggered"],
    ["on_message", "registered"],
  ] as const)("%s leaves a wake that waits for membership %s", async (wakeMatching, status) => {
    const pool = await team({ wakeMatching });
    await pool.suspendUntil("run.writer", joined);
    await pool.leaveRun("run.planner");
    expect(await statusOf(pool, "wake.joined")).toBe(status);
    expect((await pool.pollWake("wake.joined")).status).toBe("triggered");
  });

  it("live also goes by the events of the host that the pool is shown", async () => {
    const pool = await team({ clock: logicalClock() });
    await pool.suspendUntil("run.writer", { condition_id: "wake.tool", filter: { kinds: ["tool_completed"] } });
    await pool.observe(toolCompleted("run.planner"));
    expect(await statusOf(pool, "wake.tool")).toBe("triggered");
    expect(await pool.subscribe({ families: ["tool"] }).drain()).toHaveLength(1);
  });
});

function toolCompleted(run_id: string): EventFrameInput {
  return {
    cursor: { scope: "all", event_seq: 0, event_id: "event.tool" },
    event: {
      envelope: {
        schema_version: 1,
        event_id: "event.tool",
        event_seq: 0,
        event_family: "tool",
        event_kind: "tool_completed",
        payload_schema_version: 1,
        timestamp: "1970-01-01T00:00:00Z",
        recorded_at: "1970-01-01T00:00:00Z",
        run_id,
        agent_id: "agent.planner",
        trace_id: "trace.tool",
        span_id: "span.tool",
        subject_ref: { kind: "tool_call", id: "call.1", privacy: "content_refs_only" },
        source: { kind: "tool", id: "tool.search", trust: "host_provided", privacy: "content_refs_only" },
        delivery_semantics: "best_effort_live",
        privacy: "content_refs_only",
        content_capture: "off",
        redaction_policy_id: "redaction.host",
        runtime_package_fingerprint: "package.host",
      },
      payload: { mode: "redacted_summary", redacted_summary: "a search came to its end" },
    },
  };
}
