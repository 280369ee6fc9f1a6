import { AgentPool, type AgentPoolMemberInput } from "agent-pool";
import { expect, it } from "vitest";

import { explain } from "../../www/src/model/explain.js";
import type { AddressKind, MessageDraft } from "../../www/src/model/model.js";

const POOL = "pool.explained";
const TEAM: readonly AgentPoolMemberInput[] = [
  { run_id: "run.a", agent_id: "agent.one", topics: ["topic.x"], policy_refs: ["policy.p"] },
  { run_id: "run.b", agent_id: "agent.one", topics: ["topic.x", "topic.y"] },
  { run_id: "run.c", agent_id: "agent.two", policy_refs: ["policy.p", "policy.q"] },
];
const NOT_THEN = "it was not among the receivers when the message was sent";
const ADDRESSES: readonly (readonly [AddressKind, readonly string[]])[] = [
  ["run", ["run.a", "run.b", "run.c", "run.nobody"]],
  ["agent", ["agent.one", "agent.two", "agent.nobody"]],
  ["topic", ["topic.x", "topic.y", "topic.nobody"]],
  ["pool", [POOL, "pool.other"]],
];

it("whoever a message did not reach has a reason of its own, whatever the address and the policies", async () => {
  const pool = await AgentPool.build({ poolId: POOL });
  for (const member of TEAM) await pool.joinRun(member);
  const members = await pool.members();
  for (const [kind, targets] of ADDRESSES) {
    for (const to of targets) {
      for (const policies of [[], ["policy.p"], ["policy.p", "policy.q"]]) {
        const draft: MessageDraft = { from: "run.a", kind, to, contentRef: "content.x", policies };
        const receipt = await pool.send({
          from: draft.from,
          to: { target: { type: kind, [`${kind}_id`]: to } as never },
          content_ref: draft.contentRef,
          policy_refs: policies,
        });
        const reach = explain(POOL, draft, receipt, members);
        const reached = reach.filter(({ isReached }) => isReached).map(({ runId }) => runId);
        expect(reached).toEqual(receipt.delivered_to ?? []);
        expect(reach.filter(({ reason }) => reason === NOT_THEN)).toEqual([]);
      }
    }
  }
});

it("a message that is sent again says who came, went and came back as another meanwhile", async () => {
  const pool = await AgentPool.build({ poolId: POOL });
  for (const member of TEAM) await pool.joinRun(member);
  const draft: MessageDraft = { from: "run.a", kind: "agent", to: "agent.one", contentRef: "content.x", policies: [] };
  const message = { message_id: "message.x", from: "run.a", to: { agent: "agent.one" }, content_ref: "content.x" };
  await pool.joinRun({ run_id: "run.e", agent_id: "agent.two" });
  await pool.send(message);
  await pool.leaveRun("run.b");
  await pool.joinRun({ run_id: "run.d", agent_id: "agent.one" });
  await pool.leaveRun("run.e");
  await pool.joinRun({ run_id: "run.e", agent_id: "agent.one" });
  await pool.joinRun({ run_id: "run.a", agent_id: "agent.two" });
  expect(explain(POOL, draft, await pool.send(message), await pool.members())).toEqual([
    { runId: "run.a", isReached: true, reason: "it was among the receivers when the message was sent" },
    { runId: "run.c", isReached: false, reason: "it is a run of agent.two" },
    { runId: "run.d", isReached: false, reason: NOT_THEN },
    { runId: "run.e", isReached: false, reason: NOT_THEN },
    { runId: "run.b", isReached: true, reason: "it was a member then" },
  ]);
});
