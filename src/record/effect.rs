//! Effects on the outside world: announced before they happen, and reported after.

use serde::Serialize;

use super::is_empty;
use crate::domain::{
    ContentRef, DedupeKey, DestinationRef, EffectId, EntityRef, IdempotencyKey, List, PolicyRef,
    SourceRef, Text, wire_enum,
};
use crate::json::from_json;

wire_enum! {
    /// The kind of an effect on the outside world. The pool itself only delivers messages.
    pub enum EffectKind {
        /// A model is asked.
        ProviderRequest = "provider_request",
        /// A tool is run.
        ToolExecution = "tool_execution",
        /// Approval is asked for.
        ApprovalDispatch = "approval_dispatch",
        /// Something is remembered.
        MemoryWrite = "memory_write",
        /// An extension acts.
        ExtensionAction = "extension_action",
        /// Output is delivered.
        OutputDelivery = "output_delivery",
        /// A file is written.
        FileWrite = "file_write",
        /// A process is started.
        ProcessStart = "process_start",
        /// A process is signalled.
        ProcessSignal = "process_signal",
        /// An isolated process is started.
        IsolatedProcessStart = "isolated_process_start",
        /// A child of a run is started.
        ChildAgentStart = "child_agent_start",
        /// A message is delivered to other runs.
        RunMessageDelivery = "run_message_delivery",
        /// What a child left behind is shut down.
        ChildArtifactShutdown = "child_artifact_shutdown",
        /// Something is handed over.
        DetachTransfer = "detach_transfer",
        /// A hook changes something.
        HookMutation = "hook_mutation",
    }
}

/// The announcement of an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EffectIntent {
    /// The id of the effect.
    pub effect_id: EffectId,
    /// The kind of the effect.
    pub kind: EffectKind,
    /// What it is about.
    pub subject_ref: EntityRef,
    /// Who causes the effect.
    pub source: SourceRef,
    /// The destination of the effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<DestinationRef>,
    /// The policies that apply.
    #[serde(skip_serializing_if = "is_empty")]
    pub policy_refs: List<PolicyRef>,
    /// The key by which a repeated call is recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// The key by which a repeated effect is recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dedupe_key: Option<DedupeKey>,
    /// The content concerned.
    #[serde(skip_serializing_if = "is_empty")]
    pub content_refs: List<ContentRef>,
    /// A summary that may be shown in public.
    pub redacted_summary: Text,
}

from_json!(EffectIntent, "an effect intent", {
    effect_id,
    kind,
    subject_ref,
    source,
    destination = None,
    policy_refs = List::default(),
    idempotency_key = None,
    dedupe_key = None,
    content_refs = List::default(),
    redacted_summary,
});

wire_enum! {
    /// The outcome of an effect.
    pub enum EffectTerminalStatus {
        /// It was done.
        Completed = "completed",
        /// It was not.
        Failed = "failed",
        /// It took too long.
        TimedOut = "timed_out",
        /// It was cancelled.
        Cancelled = "cancelled",
        /// It was forbidden before it began.
        DeniedBeforeExecution = "denied_before_execution",
        /// Nobody knows.
        Unknown = "unknown",
    }
}

/// The result of an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EffectResult {
    /// The id of the effect.
    pub effect_id: EffectId,
    /// The outcome.
    pub terminal_status: EffectTerminalStatus,
    /// The id that the outside world gave the operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_operation_id: Option<Text>,
    /// A reference by which an unknown outcome can be found out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconciliation_ref: Option<Text>,
    /// A reference to the description of an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_ref: Option<Text>,
    /// The content concerned.
    #[serde(skip_serializing_if = "is_empty")]
    pub content_refs: List<ContentRef>,
    /// A summary that may be shown in public.
    pub redacted_summary: Text,
}

from_json!(EffectResult, "an effect result", {
    effect_id,
    terminal_status,
    external_operation_id = None,
    reconciliation_ref = None,
    error_ref = None,
    content_refs = List::default(),
    redacted_summary,
});
