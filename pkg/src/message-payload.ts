import { destination } from "./made-refs.js";
import type { OptionalValues } from "./optional-members.js";
import { copyOf, type PlainMessage, type SendStatus } from "./plain-message.js";
import type { RunAddressTarget } from "./types/address.js";
import type { EffectIntent } from "./types/effect.js";
import type { RunMessageJournalPayload } from "./types/journal.js";
import type { PolicyRef } from "./types/policy.js";
import type { EntityRef, SourceRef } from "./types/refs.js";

// The payloads of a message's records. As in message-objects.ts, there is a literal with and one without each member
// that messages need not have.

/** The summary of a status. It is chosen from constants: a text put together would be one more object. */
export function summary(status: SendStatus): string {
  if (status === "accepted") return "run message accepted";
  return status === "delivered" ? "run message delivered" : "run message failed";
}

/** The payload of the journal record of a message that took on a status. */
export function messagePayload(
  message: PlainMessage,
  status: SendStatus,
  subject_ref: EntityRef,
  source: SourceRef,
  content_refs: string[],
  optional: OptionalValues | undefined,
): RunMessageJournalPayload {
  const effect_id = `effect.run_message.${message.messageId}`;
  const payload = payloadWithoutEffect(message, status, optional);
  if (status === "accepted") {
    payload.effect_intent = effectIntent(message, effect_id, subject_ref, source, content_refs, optional?.policyRefs);
  } else {
    const terminal_status = status === "delivered" ? "completed" : "failed";
    payload.effect_result = { effect_id, terminal_status, content_refs, redacted_summary: summary(status) };
  }
  // It has no receivers. To leave the member out from the beginning would take longer, for all messages.
  if (status === "failed") delete payload.delivered_to;
  return payload;
}

/** The payload but for what was to be effected, or was. */
function payloadWithoutEffect(
  message: PlainMessage,
  delivery_status: SendStatus,
  optional: OptionalValues | undefined,
): RunMessageJournalPayload {
  const { messageId: message_id, from: source_run_id, contentRef: content_ref } = message;
  const entries = optional?.entries;
  const reply_to = optional?.replyTo;
  const policy_refs = optional?.policyRefs;
  const address_target = addressTarget(message);
  const correlation = entries ? { entries } : {};
  const delivered_to = copyOf(message.receivers);
  const idempotency_key = message.idempotencyKey;
  const type = "run_message";
  if (reply_to === undefined) {
    if (policy_refs === undefined) {
      return {
        type,
        message_id,
        source_run_id,
        address_target,
        content_ref,
        correlation,
        delivery_status,
        delivered_to,
        idempotency_key,
      };
    }
    return {
      type,
      message_id,
      source_run_id,
      address_target,
      content_ref,
      correlation,
      delivery_status,
      delivered_to,
      policy_refs,
      idempotency_key,
    };
  }
  if (policy_refs === undefined) {
    return {
      type,
      message_id,
      source_run_id,
      address_target,
      content_ref,
      correlation,
      reply_to,
      delivery_status,
      delivered_to,
      idempotency_key,
    };
  }
  return {
    type,
    message_id,
    source_run_id,
    address_target,
    content_ref,
    correlation,
    reply_to,
    delivery_status,
    delivered_to,
    policy_refs,
    idempotency_key,
  };
}

/** That the message is to be delivered. */
function effectIntent(
  message: PlainMessage,
  effect_id: string,
  subject_ref: EntityRef,
  source: SourceRef,
  content_refs: string[],
  policy_refs: PolicyRef[] | undefined,
): EffectIntent {
  const target = destination(message.targetKind.destination, message.targetId);
  const idempotency_key = message.idempotencyKey;
  if (policy_refs === undefined) {
    return {
      effect_id,
      kind: "run_message_delivery",
      subject_ref,
      source,
      destination: target,
      idempotency_key,
      content_refs,
      redacted_summary: "run message delivery intent",
    };
  }
  return {
    effect_id,
    kind: "run_message_delivery",
    subject_ref,
    source,
    destination: target,
    policy_refs,
    idempotency_key,
    content_refs,
    redacted_summary: "run message delivery intent",
  };
}

function addressTarget({ targetKind, targetId }: PlainMessage): RunAddressTarget {
  switch (targetKind.entity) {
    case "run":
      return { type: "run", run_id: targetId };
    case "agent":
      return { type: "agent", agent_id: targetId };
    case "topic":
      return { type: "topic", topic_id: targetId };
    case "agent_pool":
      return { type: "pool", pool_id: targetId };
  }
}
