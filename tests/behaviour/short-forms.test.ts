import { AgentPool, type RunAddressInput, type RunMessage, type RunMessageInput } from "agent-pool";
import { describe, expect, it } from "vitest";

import { OUTLINE, team } from "./support.js";

async function stored(pool: AgentPool, message: RunMessageInput): Promise<RunMessage> {
  await pool.send(message);
  const messages = (await pool.snapshot()).messages ?? [];
  return messages[messages.length - 1]!.message;
}

describe("what comes out is the full form", () => {
  it.each<[RunAddressInput, RunAddressInput, string, string]>([
    [{ run: "x" }, { target: { type: "run", run_id: "x" } }, "agent", "run"],
    [{ agent: "x" }, { target: { type: "agent", agent_id: "x" } }, "agent", "agent"],
    [{ topic: "x" }, { target: { type: "topic", topic_id: "x" } }, "topic", "topic"],
    [{ pool: "x" }, { target: { type: "pool", pool_id: "x" } }, "agent_pool", "agent_pool"],
  ])("of the address %j", async (short, { ...target }, destination, related) => {
    const { to } = await stored(await team(), { ...OUTLINE, to: short });
    expect(to).toEqual({
      ...target,
      destination_ref: { kind: destination, id: "x", privacy: "content_refs_only", retention: "host_policy" },
      related_refs: [{ kind: related, id: "x", privacy: "content_refs_only" }],
    });
    expect((await stored(await team(), { ...OUTLINE, to })).to).toEqual(to);
  });

  it("of a message", async () => {
    const message = await stored(await team(), { ...OUTLINE, policy_refs: ["policy.public"] });
    expect(message).toMatchObject({
      message_id: "message.outline",
      idempotency_key: "message.outline",
      correlation: {},
      policy_refs: [{ kind: "permission", id: "policy.public" }],
    });
  });

  it("of a filter", async () => {
    const pool = await team();
    const scoped = await pool.scopeFilter({ kinds: ["run_started"], tags: { include: ["t"] }, queue: { capacity: 3 } });
    expect(scoped).toEqual({
      run_ids: { include: ["run.planner", "run.writer"] },
      agent_ids: "any",
      turn_ids: "any",
      families: "any",
      kinds: { include: ["run_started"] },
      source_kinds: "any",
      destination_kinds: "any",
      subject_kinds: "any",
      related_entity_kinds: "any",
      correlation_keys: "any",
      tags: { include: ["t"] },
      privacy_classes: "any",
      delivery_semantics: "any",
      terminal_only: false,
      payload_access: "envelope_only",
      queue: { capacity: 3, terminal_reserve: 1, overflow: "drop_non_terminal" },
    });
    expect(await pool.scopeFilter(scoped)).toEqual(scoped);
    const compiled = await pool.compileScopedFilter(scoped);
    expect(compiled).toMatchObject({ criteria: scoped, indexed_fields: ["run_id", "event_kind", "tag"] });
    expect(compiled.filter_fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("of a wake condition", async () => {
    const pool = await team();
    await pool.suspendUntil("run.writer", { condition_id: "wake.reply", filter: { kinds: ["run_started"] } });
    const [wake] = (await pool.snapshot()).wakes ?? [];
    expect(wake?.condition).toMatchObject({
      condition_id: "wake.reply",
      run_id: "run.writer",
      idempotency_key: "wake.reply",
      resume_with: "matching_event_refs",
      filter: { kinds: { include: ["run_started"] }, run_ids: "any" },
    });
  });

  it("of policies", async () => {
    const pool = await AgentPool.build({
      poolId: "pool.x",
      messagePolicy: { required_policy_refs: ["p1", { kind: "host", id: "p2", version: "3" }] },
      policyRefs: ["p3"],
    });
    expect(await pool.snapshot()).toMatchObject({
      message_policy: {
        required_policy_refs: [
          { kind: "permission", id: "p1" },
          { kind: "host", id: "p2", version: "3" },
        ],
        include_sender_in_pool_broadcast: false,
      },
      wake_policy: { envelope_only: true },
      policy_refs: [{ kind: "permission", id: "p3" }],
    });
  });
});

describe("of message id and idempotency key", () => {
  const { message_id: _, ...bare } = OUTLINE;

  it("one left out is the other one's text, so that a retry that names either is recognised", async () => {
    const pool = await team();
    const receipt = await pool.send({ ...bare, idempotency_key: "k1" });
    expect(receipt.message_id).toBe("k1");
    expect(await pool.send({ ...bare, message_id: "k1" })).toEqual(receipt);
    expect(await pool.send({ ...bare, message_id: "k1", idempotency_key: "k1" })).toEqual(receipt);
  });

  it("both left out make every send a message of its own", async () => {
    const pool = await team();
    const first = await pool.send(bare);
    const second = await pool.send(bare);
    expect(first.message_id).not.toBe(second.message_id);
    expect((await pool.snapshot()).messages).toHaveLength(2);
  });
});

it("fields that are undefined are as good as left out, and those that the wire does not know are ignored", async () => {
  const pool = await AgentPool.build({ poolId: "pool.x", journal: undefined, clock: undefined, wasm: undefined });
  await pool.joinRun({ run_id: "run.a", agent_id: "agent.a", topics: undefined, policy_refs: undefined });
  const member = { run_id: "run.b", agent_id: "agent.b", nickname: "bee" };
  await pool.joinRun(member);
  expect(await pool.members()).toEqual([
    { run_id: "run.a", agent_id: "agent.a" },
    { run_id: "run.b", agent_id: "agent.b" },
  ]);
});
