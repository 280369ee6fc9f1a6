/** The kind of an error (REFERENCE, "Errors"). The pool uses a few of these. */
export type AgentErrorKind =
  | "InvalidPackage"
  | "InvalidStateTransition"
  | "ProviderFailure"
  | "ProjectionFailure"
  | "ToolFailure"
  | "ApprovalFailure"
  | "PolicyDenial"
  | "JournalFailure"
  | "TelemetryFailure"
  | "IsolationFailure"
  | "StructuredOutputFailure"
  | "StreamRuleFailure"
  | "SubagentFailure"
  | "ExtensionFailure"
  | "Cancellation"
  | "ChildLifecycleFailure"
  | "HookFailure"
  | "Timeout"
  | "RecoveryRepairNeeded"
  | "HostConfigurationNeeded";

/** Whether calling again can help. */
export type RetryClassification =
  /** Yes, with the same arguments. */
  | "Retryable"
  /** No, not with these arguments. */
  | "NotRetryable"
  /** Once something has been put right. */
  | "RepairNeeded"
  /** Once a user has done something. */
  | "UserActionNeeded"
  /** Once the host has been set up properly. */
  | "HostConfigurationNeeded";

/** The exact case of an error: the word that a host may branch on. Words are never renamed (DESIGN 5). */
export type ErrorCode =
  /** The sender of a message is not a member. */
  | "sender_not_member"
  /** The run that an operation is about is not a member. */
  | "not_a_member"
  /** A wake condition names another run than the one to suspend. */
  | "wake_run_mismatch"
  /** No wake condition with that id is registered. */
  | "wake_not_registered"
  /** The pool is already open under another configuration. */
  | "store_config_conflict"
  /** A cursor belongs to a stream of another scope. */
  | "cursor_scope_mismatch"
  /** Event streams cannot hold their publisher back. */
  | "invalid_overflow_policy"
  /** The pool was built without runtime ports. */
  | "runtime_required"
  /** There is no journal. */
  | "journal_required"
  /** There is no event bus. */
  | "event_bus_required"
  /** The pool was built without a run launcher. */
  | "run_launcher_required"
  /** The store has no pool with that id. */
  | "pool_not_open"
  /** The journal did not take a record: the transition did not happen. */
  | "journal_rejected"
  /** The event bus did not take an event, or did not return its frames. */
  | "event_bus_rejected"
  /** Too many events wait for the event bus. */
  | "bus_backlogged"
  /** The store failed. */
  | "store_rejected"
  /** The run could not be started. */
  | "run_launcher_rejected"
  /** An id or key was used before, for something else (DESIGN D4). */
  | "idempotency_conflict"
  /** A message cannot have that status after the one it has (DESIGN D8). */
  | "invalid_status_transition"
  /** An argument is malformed; the message names the path. */
  | "invalid_input"
  /** A port called the pool and would wait for itself. */
  | "reentrant_call"
  /** This handle was closed; the pool lives on in its store. */
  | "closed"
  /** The time for `close` was over before everything was finished. The handle is closed all the same. */
  | "close_timed_out"
  /** The package met an internal fault and turned itself off. */
  | "panicked"
  /** The platform gives no randomness to make ids from. */
  | "randomness_unavailable"
  /** A port returned something that is not a valid answer. */
  | "invalid_port_answer"
  /** The answer is longer than a text may be: 512 MB. */
  | "answer_too_large"
  /** The WebAssembly module could not be loaded. The next call tries again. */
  | "load_failed";

/** The ids that an error concerns; those that do not apply are left out. */
export interface AgentPoolErrorIds {
  /** The run. */
  readonly run_id?: string;
  /** The pool. */
  readonly pool_id?: string;
  /** The message. */
  readonly message_id?: string;
  /** The wake condition. */
  readonly condition_id?: string;
  /** The idempotency key. */
  readonly idempotency_key?: string;
  /** The journal record. */
  readonly record_id?: string;
  /** The event. */
  readonly event_id?: string;
}

/** The fields of an {@link AgentPoolError}: the plain object in which an error leaves wasm. */
export interface AgentPoolErrorFields {
  /** The class of the failure (REFERENCE, Errors). */
  readonly kind: AgentErrorKind;
  /** Whether calling again can help. */
  readonly retry: RetryClassification;
  /** The exact case. */
  readonly code: ErrorCode;
  /** A sentence for people to read. */
  readonly message: string;
  /** The ids concerned. Default: none. */
  readonly ids?: AgentPoolErrorIds;
  /** Present if and only if something was thrown, even if that was `undefined`. */
  readonly cause?: unknown;
  /** Present if and only if a run was started. */
  readonly run_handle?: unknown;
}

/**
 * The error of an operation that did not happen, or only in part (DESIGN 5).
 *
 * `message` is a sentence for people to read: it names places in arguments, never ids or content, and may change.
 * Branch on `code`.
 */
export class AgentPoolError extends Error {
  /** Identifies the class where `instanceof` cannot, as with errors of another realm. */
  override readonly name = "AgentPoolError";
  /** The class of the failure (REFERENCE, Errors). */
  readonly kind: AgentErrorKind;
  /** Whether calling again can help. */
  readonly retry: RetryClassification;
  /** The exact case. */
  readonly code: ErrorCode;
  /** The ids concerned. */
  readonly ids: AgentPoolErrorIds;
  /**
   * What a port threw or rejected with, unchanged; for `load_failed`, what kept the module from loading. Present only if
   * there was such a thing.
   */
  declare readonly cause?: unknown;
  /** The launcher's handle, if `startRun` started the run but could not join it: nothing started is lost. */
  declare readonly runHandle?: unknown;

  /** The package makes these errors; tests of a host may make their own. */
  constructor(fields: AgentPoolErrorFields) {
    super(fields.message, "cause" in fields ? { cause: fields.cause } : undefined);
    this.kind = fields.kind;
    this.retry = fields.retry;
    this.code = fields.code;
    this.ids = fields.ids ?? {};
    if ("run_handle" in fields) this.runHandle = fields.run_handle;
  }

  /**
   * The error as plain data, for `JSON.stringify` and `postMessage`, which would lose most of it; the constructor takes
   * it again. What is the host's own (`cause`, `runHandle`) is left out.
   */
  toJSON(): AgentPoolErrorFields {
    const { kind, retry, code, message, ids } = this;
    return { kind, retry, code, message, ids };
  }
}
