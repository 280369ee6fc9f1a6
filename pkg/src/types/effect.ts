import type { PolicyRef } from "./policy.js";
import type { DestinationRef, EntityRef, SourceRef } from "./refs.js";

/** The kind of an effect on the outside world. The pool itself only delivers messages. */
export type EffectKind =
  | "provider_request"
  | "tool_execution"
  | "approval_dispatch"
  | "memory_write"
  | "extension_action"
  | "output_delivery"
  | "file_write"
  | "process_start"
  | "process_signal"
  | "isolated_process_start"
  | "child_agent_start"
  | "run_message_delivery"
  | "child_artifact_shutdown"
  | "detach_transfer"
  | "hook_mutation";

/** The announcement of an effect. */
export interface EffectIntent {
  /** The id of the effect. */
  effect_id: string;
  /** The kind of the effect. */
  kind: EffectKind;
  /** What it is about. */
  subject_ref: EntityRef;
  /** Who causes the effect. */
  source: SourceRef;
  /** The destination of the effect. */
  destination?: DestinationRef;
  /** The policies that apply. Left out when empty. */
  policy_refs?: PolicyRef[];
  /** The key by which a repeated call is recognised. */
  idempotency_key?: string;
  /** The key by which a repeated effect is recognised. */
  dedupe_key?: string;
  /** The content concerned. Left out when empty. */
  content_refs?: string[];
  /** A summary that may be shown in public. */
  redacted_summary: string;
}

/** The outcome of an effect. */
export type EffectTerminalStatus =
  "completed" | "failed" | "timed_out" | "cancelled" | "denied_before_execution" | "unknown";

/** The result of an effect. */
export interface EffectResult {
  /** The id of the effect. */
  effect_id: string;
  /** The outcome. */
  terminal_status: EffectTerminalStatus;
  /** The id that the outside world gave the operation. */
  external_operation_id?: string;
  /** A reference by which an unknown outcome can be found out. */
  reconciliation_ref?: string;
  /** A reference to the description of an error. */
  error_ref?: string;
  /** The content concerned. Left out when empty. */
  content_refs?: string[];
  /** A summary that may be shown in public. */
  redacted_summary: string;
}
