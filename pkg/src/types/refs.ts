/** What an {@link EntityRef} refers to, in the order that lists of related refs are sorted by (REFERENCE 15). */
export type EntityKind =
  | "run"
  | "turn"
  | "attempt"
  | "agent"
  | "agent_pool"
  | "topic"
  | "event"
  | "message"
  | "wake_condition"
  | "context_contribution"
  | "context_item"
  | "context_projection"
  | "content"
  | "artifact"
  | "capability"
  | "package_sidecar"
  | "runtime_package"
  | "policy_decision"
  | "effect"
  | "effect_intent"
  | "effect_result"
  | "tool_call"
  | "approval_request"
  | "stream_rule"
  | "realtime_session"
  | "hook"
  | "execution_environment"
  | "child_artifact"
  | "subagent_run"
  | "extension_action"
  | "output_delivery";

/** What a {@link SourceRef} refers to. */
export type SourceKind =
  | "sdk"
  | "host"
  | "user"
  | "system"
  | "developer"
  | "memory"
  | "compaction"
  | "hook"
  | "extension"
  | "tool"
  | "remote_channel"
  | "scheduled_task"
  | "subagent"
  | "external_runtime"
  | "replay";

/** What a {@link DestinationRef} refers to. */
export type DestinationKind =
  | "agent"
  | "agent_pool"
  | "topic"
  | "provider"
  | "context_projection"
  | "journal"
  | "event_stream"
  | "telemetry"
  | "output_sink"
  | "host"
  | "user"
  | "remote_channel"
  | "tool"
  | "extension"
  | "subagent"
  | "external_runtime";

/** How openly something may be shown. The pool's own records are all `content_refs_only`. */
export type PrivacyClass = "public" | "internal" | "content_refs_only" | "sensitive" | "secret";

/** How long something is kept. */
export type RetentionClass = "ephemeral" | "run_scoped" | "session_scoped" | "durable" | "persistent" | "host_policy";

/** How far a source is believed. */
export type TrustClass = "trusted" | "sdk_generated" | "host_provided" | "user_provided" | "external" | "untrusted";

/** One key and value that a host hangs on messages and events. Filters select on the key. */
export interface CorrelationEntry {
  /** What the value is about. */
  key: string;
  /** The value. */
  value: string;
}

/** Refers to a thing that records and events are about. */
export interface EntityRef {
  /** What it is. */
  kind: EntityKind;
  /** Which one. */
  id: string;
  /** Where it comes from. */
  source?: SourceRef;
  /** How openly it may be shown. */
  privacy: PrivacyClass;
  /** What may be said of it in public. */
  redacted_summary?: string;
}

/** Refers to where something comes from. */
export interface SourceRef {
  /** What it is. */
  kind: SourceKind;
  /** Which one. */
  id: string;
  /** How far it is believed. */
  trust: TrustClass;
  /** How openly it may be shown. */
  privacy: PrivacyClass;
  /** What it belongs together with. */
  correlation?: CorrelationEntry[];
  /** What may be said of it in public. */
  redacted_summary?: string;
}

/** Refers to where something goes. */
export interface DestinationRef {
  /** What it is. */
  kind: DestinationKind;
  /** Which one. */
  id: string;
  /** How openly it may be shown. */
  privacy: PrivacyClass;
  /** How long it is kept there. */
  retention: RetentionClass;
  /** What it belongs together with. */
  correlation?: CorrelationEntry[];
  /** What may be said of it in public. */
  redacted_summary?: string;
}
