//! What an event is about (its family) and what exactly happened (its kind).

use crate::domain::wire_enum;

wire_enum! {
    /// The family of an event: what it is about. The pool itself only makes events of [`EventFamily::AgentPool`].
    pub enum EventFamily {
        /// A run as a whole.
        Run = "run",
        /// A turn of a run.
        Turn = "turn",
        /// A message within a run.
        Message = "message",
        /// A call of a model.
        Model = "model",
        /// A call of a tool.
        Tool = "tool",
        /// A request for approval.
        Approval = "approval",
        /// A hook.
        Hook = "hook",
        /// The context of a run.
        Context = "context",
        /// A rule on a stream.
        StreamRule = "stream_rule",
        /// A realtime session.
        Realtime = "realtime",
        /// An isolated environment.
        Isolation = "isolation",
        /// The life of a child of a run.
        ChildLifecycle = "child_lifecycle",
        /// A pool: its members, messages and wakes.
        AgentPool = "agent_pool",
        /// A subagent.
        Subagent = "subagent",
        /// An extension.
        Extension = "extension",
        /// Structured output.
        StructuredOutput = "structured_output",
        /// Output.
        Output = "output",
        /// The delivery of output.
        OutputDelivery = "output_delivery",
        /// Telemetry.
        Telemetry = "telemetry",
        /// Recovery and replay.
        Recovery = "recovery",
    }
}

/// Declares the kinds of events: variant, wire name, and whether it is terminal, progress or neither.
macro_rules! event_kinds {
    ($( $variant:ident = $text:literal $class:ident; )+) => {
        wire_enum! {
            /// The exact kind of the event.
            ///
            /// A *terminal* kind ends something; bounded streams drop other frames to keep those. A *progress* kind
            /// only reports progress; bounded streams may drop or sum up such frames (REFERENCE 30, 38).
            pub enum EventKind {
                $(
                    #[doc = concat!("`", $text, "`: ", stringify!($class), ".")]
                    $variant = $text,
                )+
            }
        }

        impl EventKind {
            const fn class(self) -> Class {
                use Class::*;
                match self {
                    $( Self::$variant => event_kinds!(@ $class), )+
                }
            }
        }
    };
    (@ terminal) => { Terminal };
    (@ progress) => { Progress };
    (@ ordinary) => { Ordinary };
}

/// How bounded streams treat a kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Terminal,
    Progress,
    Ordinary,
}

event_kinds! {
    RunStarted = "run_started" ordinary;
    RunCompleted = "run_completed" terminal;
    RunFailed = "run_failed" terminal;
    RunCancelled = "run_cancelled" terminal;
    RunCheckpointed = "run_checkpointed" ordinary;
    RunCancelRequested = "run_cancel_requested" ordinary;
    RunResumeRequested = "run_resume_requested" ordinary;
    RunResumeFailed = "run_resume_failed" ordinary;
    TurnStarted = "turn_started" ordinary;
    TurnCompleted = "turn_completed" terminal;
    TurnFailed = "turn_failed" terminal;
    MessageAccepted = "message_accepted" ordinary;
    MessageCommitted = "message_committed" ordinary;
    ProviderRequestProjected = "provider_request_projected" ordinary;
    ModelAttemptStarted = "model_attempt_started" ordinary;
    ModelStreamDelta = "model_stream_delta" progress;
    ModelMessageCompleted = "model_message_completed" terminal;
    ModelAttemptFailed = "model_attempt_failed" terminal;
    ToolRequested = "tool_requested" ordinary;
    ToolStarted = "tool_started" ordinary;
    ToolCompleted = "tool_completed" terminal;
    ToolFailed = "tool_failed" terminal;
    ToolDenied = "tool_denied" terminal;
    ToolRecoveryRequired = "tool_recovery_required" terminal;
    ApprovalRequested = "approval_requested" ordinary;
    ApprovalDispatched = "approval_dispatched" ordinary;
    ApprovalDispatchUnavailable = "approval_dispatch_unavailable" terminal;
    ApprovalResponded = "approval_responded" terminal;
    ApprovalDenied = "approval_denied" terminal;
    ApprovalTimedOut = "approval_timed_out" terminal;
    ApprovalCancelled = "approval_cancelled" terminal;
    HookRegistered = "hook_registered" ordinary;
    HookInvoked = "hook_invoked" ordinary;
    HookCompleted = "hook_completed" terminal;
    HookFailed = "hook_failed" terminal;
    HookTimedOut = "hook_timed_out" terminal;
    HookCancelled = "hook_cancelled" terminal;
    HookResponseApplied = "hook_response_applied" terminal;
    HookResponseRejected = "hook_response_rejected" terminal;
    ContextAssembled = "context_assembled" ordinary;
    StreamRuleRegistered = "stream_rule_registered" ordinary;
    StreamRuleCompileFailed = "stream_rule_compile_failed" ordinary;
    StreamRuleMatched = "stream_rule_matched" ordinary;
    StreamInterventionRequested = "stream_intervention_requested" ordinary;
    StreamInterventionApplied = "stream_intervention_applied" ordinary;
    StreamRuleRepeatStateRecorded = "stream_rule_repeat_state_recorded" progress;
    RealtimeConnectRequested = "realtime_connect_requested" ordinary;
    RealtimeConnected = "realtime_connected" ordinary;
    RealtimeInputSendRequested = "realtime_input_send_requested" ordinary;
    RealtimeInputSent = "realtime_input_sent" progress;
    RealtimeOutputReceiveRequested = "realtime_output_receive_requested" ordinary;
    RealtimeOutputReceived = "realtime_output_received" progress;
    RealtimeInterrupted = "realtime_interrupted" ordinary;
    RealtimeRestartRequested = "realtime_restart_requested" ordinary;
    RealtimeRestartStarted = "realtime_restart_started" ordinary;
    RealtimeRestartCompleted = "realtime_restart_completed" ordinary;
    RealtimeRestartFailed = "realtime_restart_failed" terminal;
    RealtimeCloseRequested = "realtime_close_requested" ordinary;
    RealtimeClosed = "realtime_closed" terminal;
    RealtimeBackpressureApplied = "realtime_backpressure_applied" progress;
    IsolationRequested = "isolation_requested" ordinary;
    IsolationAdapterHealthChecked = "isolation_adapter_health_checked" ordinary;
    IsolationCapabilityMatched = "isolation_capability_matched" ordinary;
    IsolationDowngradeDenied = "isolation_downgrade_denied" ordinary;
    IsolationDowngradeApproved = "isolation_downgrade_approved" ordinary;
    IsolationEnvironmentPrepared = "isolation_environment_prepared" ordinary;
    IsolationProcessStarted = "isolation_process_started" ordinary;
    IsolationProcessIoCaptured = "isolation_process_io_captured" progress;
    IsolationProcessStatsRecorded = "isolation_process_stats_recorded" progress;
    IsolationCleanupStarted = "isolation_cleanup_started" ordinary;
    IsolationCleanupCompleted = "isolation_cleanup_completed" terminal;
    IsolationCleanupFailed = "isolation_cleanup_failed" terminal;
    IsolationFailed = "isolation_failed" terminal;
    ChildLifecycleRequested = "child_lifecycle_requested" ordinary;
    ChildLifecycleCompleted = "child_lifecycle_completed" terminal;
    ChildLifecycleDetached = "child_lifecycle_detached" terminal;
    SubagentStarted = "subagent_started" ordinary;
    SubagentHandoff = "subagent_handoff" ordinary;
    SubagentEventWrapped = "subagent_event_wrapped" ordinary;
    SubagentUsageRolledUp = "subagent_usage_rolled_up" ordinary;
    SubagentCompleted = "subagent_completed" terminal;
    ExtensionActionSubmitted = "extension_action_submitted" ordinary;
    ExtensionActionStarted = "extension_action_started" ordinary;
    ExtensionActionCompleted = "extension_action_completed" terminal;
    ExtensionActionFailed = "extension_action_failed" terminal;
    ExtensionActionDenied = "extension_action_denied" terminal;
    OutputDispatchRequested = "output_dispatch_requested" ordinary;
    OutputDispatchCompleted = "output_dispatch_completed" terminal;
    OutputDispatchFailed = "output_dispatch_failed" terminal;
    OutputDispatchDeduped = "output_dispatch_deduped" terminal;
    StructuredOutputRequested = "structured_output_requested" ordinary;
    StructuredOutputValidationStarted = "structured_output_validation_started" ordinary;
    StructuredOutputValidationFailed = "structured_output_validation_failed" ordinary;
    StructuredOutputRepairRequested = "structured_output_repair_requested" ordinary;
    StructuredOutputValidated = "structured_output_validated" terminal;
    StructuredOutputFailed = "structured_output_failed" terminal;
    TelemetrySinkFailed = "telemetry_sink_failed" ordinary;
    TelemetrySinkRecovered = "telemetry_sink_recovered" ordinary;
    UsageRecorded = "usage_recorded" progress;
    CostEstimated = "cost_estimated" progress;
    CostCorrected = "cost_corrected" progress;
    ReplayStarted = "replay_started" ordinary;
    ReplayCompleted = "replay_completed" terminal;
    ReplayFailed = "replay_failed" terminal;
    AgentPoolCreated = "agent_pool_created" ordinary;
    AgentPoolRunJoined = "agent_pool_run_joined" ordinary;
    AgentPoolRunLeft = "agent_pool_run_left" ordinary;
    RunMessageAccepted = "run_message_accepted" ordinary;
    RunMessageDelivered = "run_message_delivered" ordinary;
    RunMessageResponded = "run_message_responded" terminal;
    RunMessageFailed = "run_message_failed" terminal;
    RunMessageTimedOut = "run_message_timed_out" terminal;
    RunMessageExpired = "run_message_expired" terminal;
    RunMessageCancelled = "run_message_cancelled" terminal;
    WakeConditionRegistered = "wake_condition_registered" ordinary;
    WakeConditionTriggered = "wake_condition_triggered" terminal;
    WakeConditionTimedOut = "wake_condition_timed_out" terminal;
    WakeConditionCancelled = "wake_condition_cancelled" terminal;
    WakeConditionFailed = "wake_condition_failed" terminal;
}

impl EventKind {
    /// Whether an event of this kind ends something. `run_message_delivered` does not (REFERENCE 18).
    pub const fn is_terminal(self) -> bool {
        matches!(self.class(), Class::Terminal)
    }

    /// Whether an event of this kind only reports progress.
    pub const fn is_progress(self) -> bool {
        matches!(self.class(), Class::Progress)
    }

    /// Whether the event reports the status of a message between runs.
    pub const fn is_message_status(self) -> bool {
        matches!(
            self,
            Self::RunMessageAccepted
                | Self::RunMessageDelivered
                | Self::RunMessageResponded
                | Self::RunMessageFailed
                | Self::RunMessageTimedOut
                | Self::RunMessageExpired
                | Self::RunMessageCancelled
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_119_kinds_in_20_families() {
        assert_eq!((EventKind::ALL.len(), EventFamily::ALL.len()), (119, 20));
    }

    #[test]
    fn kinds_are_terminal_progress_or_neither() {
        let count =
            |test: fn(EventKind) -> bool| EventKind::ALL.iter().filter(|kind| test(**kind)).count();
        assert_eq!(count(EventKind::is_terminal), 49);
        assert!(!EventKind::RunMessageDelivered.is_terminal());
        assert!(EventKind::RunMessageExpired.is_terminal());
    }

    #[test]
    fn these_kinds_and_no_others_only_report_progress() {
        let progress = EventKind::ALL.iter().filter(|kind| kind.is_progress());
        let names: Vec<_> = progress.map(|kind| kind.as_str()).collect();
        assert_eq!(
            names,
            [
                "model_stream_delta",
                "stream_rule_repeat_state_recorded",
                "realtime_input_sent",
                "realtime_output_received",
                "realtime_backpressure_applied",
                "isolation_process_io_captured",
                "isolation_process_stats_recorded",
                "usage_recorded",
                "cost_estimated",
                "cost_corrected",
            ]
        );
    }
}
