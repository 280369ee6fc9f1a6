import type { AgentPoolMember, MessageReceipt } from "agent-pool";

import type { MessageDraft, Reach } from "./model.js";

/**
 * Explains why a message reached some runs and not others. The receipt says whom it reached. The reasons follow from
 * the rules of addressing and of policies, applied to each member as it is now; the members may have changed since the
 * message was first sent.
 */
export function explain(
  poolId: string,
  draft: MessageDraft,
  receipt: MessageReceipt,
  members: readonly AgentPoolMember[],
): Reach[] {
  const reached = new Set(receipt.delivered_to);
  const present = members.map((member) => {
    const isReached = reached.delete(member.run_id);
    const whyNot = whyNotAddressed(poolId, draft, member) ?? whyKeptOut(draft, member);
    const reason = isReached ? (whyNot === undefined ? whyReached(draft) : THEN) : (whyNot ?? NOT_THEN);
    return { runId: member.run_id, isReached, reason };
  });
  const gone = [...reached].map((runId) => ({ runId, isReached: true, reason: "it was a member then" }));
  return [...present, ...gone];
}

/** The receipt names the run, though the message would not reach it now. The receipt does not say why it did then. */
const THEN = "it was among the receivers when the message was sent";
/** The receipt does not name the run, though the message would reach it now. */
const NOT_THEN = "it was not among the receivers when the message was sent";

function whyReached({ kind, to }: MessageDraft): string {
  switch (kind) {
    case "run":
      return "it is the run addressed";
    case "agent":
      return `it is a run of ${to}`;
    case "topic":
      return `it listens to ${to}`;
    case "pool":
      return "it is a member of the pool";
  }
}

function whyNotAddressed(
  poolId: string,
  { kind, to, from }: MessageDraft,
  member: AgentPoolMember,
): string | undefined {
  switch (kind) {
    case "run":
      return member.run_id === to ? undefined : "it is another run";
    case "agent":
      return member.agent_id === to ? undefined : `it is a run of ${member.agent_id}`;
    case "topic":
      return member.topics?.includes(to) === true ? undefined : `it does not listen to ${to}`;
    case "pool":
      if (to !== poolId) return "it is in another pool";
      return member.run_id === from ? "it is the sender, and a broadcast leaves out its sender" : undefined;
  }
}

function whyKeptOut({ policies }: MessageDraft, member: AgentPoolMember): string | undefined {
  const held = new Set(member.policy_refs?.map(({ id }) => id));
  const missing = policies.filter((policy) => !held.has(policy));
  return missing.length === 0 ? undefined : `it does not hold ${missing.join(", ")}`;
}
