import type {
  AgentPoolMemberInput,
  EventFilterInput,
  EventKind,
  RunAddressInput,
  RunMessageInput,
  WakeConditionInput,
} from "agent-pool";

import type { EventChoice, MemberDraft, MessageDraft, WakeDraft } from "../model/model.js";

// Turns what the forms give into arguments of the pool.

export function memberInput({ runId, agentId, topics, policies }: MemberDraft): AgentPoolMemberInput {
  return { run_id: runId, agent_id: agentId, topics, policy_refs: policies };
}

export function messageInput(message_id: string, draft: MessageDraft): RunMessageInput {
  const { from, contentRef, policies } = draft;
  return { message_id, from, to: addressInput(draft), content_ref: contentRef, policy_refs: policies };
}

export function wakeInput(condition_id: string, { kind, of, timeoutSeconds }: WakeDraft): WakeConditionInput {
  const filter: EventFilterInput = { kinds: [kind], run_ids: of === undefined ? "any" : [of] };
  if (timeoutSeconds === undefined) return { condition_id, filter };
  return { condition_id, filter, timeout_millis: Math.round(timeoutSeconds * 1000) };
}

/** A filter whose queue is so long that nothing is left out as long as the page keeps up. */
export function filterInput(choice: EventChoice): EventFilterInput {
  return { kinds: KINDS[choice], queue: { capacity: 4096 } };
}

const KINDS: Readonly<Record<EventChoice, "any" | readonly EventKind[]>> = {
  all: "any",
  messages: [
    "run_message_accepted",
    "run_message_delivered",
    "run_message_responded",
    "run_message_failed",
    "run_message_timed_out",
    "run_message_expired",
    "run_message_cancelled",
  ],
  members: ["agent_pool_created", "agent_pool_run_joined", "agent_pool_run_left"],
  wakes: [
    "wake_condition_registered",
    "wake_condition_triggered",
    "wake_condition_timed_out",
    "wake_condition_cancelled",
    "wake_condition_failed",
  ],
};

function addressInput({ kind, to }: MessageDraft): RunAddressInput {
  switch (kind) {
    case "run":
      return { run: to };
    case "agent":
      return { agent: to };
    case "topic":
      return { topic: to };
    case "pool":
      return { pool: to };
  }
}
