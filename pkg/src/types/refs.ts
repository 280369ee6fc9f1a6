/** What an {@link EntityRef} refers to. Lists of related refs are sorted in this order (REFERENCE 15). */
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

/** How far a source is trusted. */
export type TrustClass = "trusted" | "sdk_generated" | "host_provided" | "user_provided" | "external" | "untrusted";

/** A key and a value that a host attaches to messages and events. Filters select on the key. */
export interface CorrelationEntry {
  /** What the value is about. Like every id, it has 1 to 512 bytes of UTF-8 without control characters. */
  key: string;
  /** The value, under the same rule. */
  value: string;
}

/** A reference to an entity that records and events are about. */
export interface EntityRef {
  /** Its kind. */
  kind: EntityKind;
  /** Its id. */
  id: string;
  /** Where it comes from. */
  source?: SourceRef;
  /** How openly it may be shown. */
  privacy: PrivacyClass;
  /** A summary that may be shown in public. */
  redacted_summary?: string;
}

/** A reference to the source of something. */
export interface SourceRef {
  /** Its kind. */
  kind: SourceKind;
  /** Its id. */
  id: string;
  /** How far the source is trusted. */
  trust: TrustClass;
  /** How openly it may be shown. */
  privacy: PrivacyClass;
  /** The correlation keys and values. */
  correlation?: CorrelationEntry[];
  /** A summary that may be shown in public. */
  redacted_summary?: string;
}

/** A reference to the destination of something. */
export interface DestinationRef {
  /** Its kind. */
  kind: DestinationKind;
  /** Its id. */
  id: string;
  /** How openly it may be shown. */
  privacy: PrivacyClass;
  /** How long it is kept there. */
  retention: RetentionClass;
  /** The correlation keys and values. */
  correlation?: CorrelationEntry[];
  /** A summary that may be shown in public. */
  redacted_summary?: string;
}
