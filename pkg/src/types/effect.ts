import type { PolicyRef } from "./policy.js";
import type { DestinationRef, EntityRef, SourceRef } from "./refs.js";

/** What is done to the outside. The pool itself only delivers messages. */
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

/** Announces an effect. */
export interface EffectIntent {
  /** Names the effect. */
  effect_id: string;
  /** What is done. */
  kind: EffectKind;
  /** What it is about. */
  subject_ref: EntityRef;
  /** Who does it. */
  source: SourceRef;
  /** To whom. */
  destination?: DestinationRef;
  /** The policies that apply. Left out when empty. */
  policy_refs?: PolicyRef[];
  /** Recognises a repeated call. */
  idempotency_key?: string;
  /** Recognises a repeated effect. */
  dedupe_key?: string;
  /** The content concerned. Left out when empty. */
  content_refs?: string[];
  /** What may be said of it in public. */
  redacted_summary: string;
}

/** What came of an effect. */
export type EffectTerminalStatus =
  "completed" | "failed" | "timed_out" | "cancelled" | "denied_before_execution" | "unknown";

/** Tells what came of an effect. */
export interface EffectResult {
  /** Names the effect. */
  effect_id: string;
  /** What came of it. */
  terminal_status: EffectTerminalStatus;
  /** What the outside calls it. */
  external_operation_id?: string;
  /** Where an unknown outcome can be found out. */
  reconciliation_ref?: string;
  /** Where an error is described. */
  error_ref?: string;
  /** The content concerned. Left out when empty. */
  content_refs?: string[];
  /** What may be said of it in public. */
  redacted_summary: string;
}
