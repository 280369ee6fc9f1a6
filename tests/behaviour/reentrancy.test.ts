import { AgentPool, MemoryStore, type AgentPoolError, type EventFrame } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, joinTeam, refusal, settle, team } from "./support.js";

describe("a call from within `append`, which would wait for itself, is refused", () => {
  const calls: [string, (pool: AgentPool) => Promise<unknown>][] = [
    ["send", (pool) => pool.send(OUTLINE)],
    ["joinRun", (pool) => pool.joinRun({ run_id: "run.late", agent_id: "agent.late" })],
    ["members", (pool) => pool.members()],
    ["subscribe", (pool) => pool.subscribe().drain()],
    ["watchPool", (pool) => pool.watchPool().drain()],
    ["flush", (pool) => pool.flush()],
    ["close", (pool) => pool.close()],
  ];

  it.each(calls)("%s", async (_, call) => {
    const refused: Promise<AgentPoolError>[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      journal: () => void refused.push(refusal(call(pool))),
    });
    await joinTeam(pool);
    expect(await pool.send(OUTLINE)).toMatchObject({ status: "delivered" });
    for (const error of await Promise.all(refused)) {
      expect(error).toMatchObject({ code: "reentrant_call", kind: "InvalidStateTransition", retry: "NotRetryable" });
    }
    expect(refused).toHaveLength(5);
    await pool.close();
  });

  it("also through another handle on the same pool, and with a journal that answers later", async () => {
    const refused: Promise<AgentPoolError>[] = [];
    const store = new MemoryStore();
    const other = await AgentPool.build({ poolId: "pool.team", store });
    const pool = await AgentPool.build({
      poolId: "pool.team",
      store,
      journal: async () => void refused.push(refusal(other.members())),
    });
    await joinTeam(pool);
    expect((await Promise.all(refused)).map((error) => error.code)).toEqual(Array(3).fill("reentrant_call"));
  });

  it("unless it is a call of another pool", async () => {
    const archive = await AgentPool.build({ poolId: "pool.archive" });
    const pool = await AgentPool.build({
      poolId: "pool.team",
      journal: async (record) => {
        await archive.joinRun({ run_id: record.run_id, agent_id: record.agent_id });
      },
    });
    await joinTeam(pool);
    expect(await archive.members()).toHaveLength(2);
  });
});

describe("a call from within `publish` is served after the operation under way", () => {
  it("when it is not waited for", async () => {
    const answers: Promise<unknown>[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      eventBus: (frame) => {
        if (frame.event.envelope.event_kind !== "run_message_accepted") return;
        answers.push(pool.snapshot().then((snapshot) => snapshot.messages?.[0]?.receipt.status));
      },
    });
    await joinTeam(pool);
    await pool.send(OUTLINE);
    expect(await Promise.all(answers)).toEqual(["delivered"]);
  });

  it("and awaiting it in an asynchronous `publish` waits for nobody in vain", async () => {
    const seen: string[] = [];
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      eventBus: async (frame: EventFrame) => {
        const { event_kind, run_id } = frame.event.envelope;
        if (event_kind === "agent_pool_run_joined") {
          const content_ref = `content.welcome.${run_id}`;
          await pool.send({ message_id: content_ref, from: run_id, to: { run: run_id }, content_ref });
        }
        seen.push(event_kind);
      },
    });
    await joinTeam(pool);
    await pool.flush();
    const welcome = ["run_message_accepted", "run_message_delivered"];
    expect(seen.filter((kind) => kind.startsWith("run_message"))).toEqual([...welcome, ...welcome]);
  });

  it("even if every event leads to another", async () => {
    let sent = 0;
    const pool: AgentPool = await AgentPool.build({
      poolId: "pool.team",
      eventBus: (frame) => {
        if (frame.event.envelope.event_kind !== "run_message_delivered" || sent === 50) return;
        sent += 1;
        void pool.send({ ...OUTLINE, message_id: `message.${sent}` });
      },
    });
    await joinTeam(pool);
    await pool.send(OUTLINE);
    await settle();
    expect((await pool.snapshot()).messages).toHaveLength(51);
  });
});

it("calls made one right after the other take their turns in that order", async () => {
  const pool = await team({ journal: async () => settle() });
  const joined = pool.joinRun({ run_id: "run.editor", agent_id: "agent.editor" });
  const sent = pool.send({ ...OUTLINE, to: { run: "run.editor" } });
  const left = pool.leaveRun("run.editor");
  const after = pool.members();
  await joined;
  expect(await sent).toMatchObject({ status: "delivered", delivered_to: ["run.editor"] });
  expect(await left).toEqual({ run_id: "run.editor", agent_id: "agent.editor" });
  expect(await after).toHaveLength(2);
});
