//! The reference's two classifications of errors.

use super::wire_enum;

wire_enum! {
    /// What an error is about (REFERENCE, "Errors"). The pool uses a few of these; the others reach it through ports.
    pub enum AgentErrorKind {
        /// An argument is malformed.
        InvalidPackage = "InvalidPackage",
        /// The state does not allow the operation.
        InvalidStateTransition = "InvalidStateTransition",
        /// A model provider failed.
        ProviderFailure = "ProviderFailure",
        /// A context could not be projected.
        ProjectionFailure = "ProjectionFailure",
        /// A tool failed.
        ToolFailure = "ToolFailure",
        /// An approval could not be obtained.
        ApprovalFailure = "ApprovalFailure",
        /// A policy forbids the operation.
        PolicyDenial = "PolicyDenial",
        /// What had to be recorded could not be recorded.
        JournalFailure = "JournalFailure",
        /// An observer could not be told of something.
        TelemetryFailure = "TelemetryFailure",
        /// An isolated environment failed.
        IsolationFailure = "IsolationFailure",
        /// Structured output could not be obtained.
        StructuredOutputFailure = "StructuredOutputFailure",
        /// A stream rule failed.
        StreamRuleFailure = "StreamRuleFailure",
        /// A subagent failed.
        SubagentFailure = "SubagentFailure",
        /// An extension failed.
        ExtensionFailure = "ExtensionFailure",
        /// The operation was cancelled.
        Cancellation = "Cancellation",
        /// A run could not be started or ended.
        ChildLifecycleFailure = "ChildLifecycleFailure",
        /// A hook failed.
        HookFailure = "HookFailure",
        /// The operation took too long.
        Timeout = "Timeout",
        /// Something must be put right first.
        RecoveryRepairNeeded = "RecoveryRepairNeeded",
        /// The host left something out, or gave something that cannot work.
        HostConfigurationNeeded = "HostConfigurationNeeded",
    }
}

wire_enum! {
    /// Whether calling again can help.
    pub enum RetryClassification {
        /// Yes, with the same arguments.
        Retryable = "Retryable",
        /// No, not with these arguments.
        NotRetryable = "NotRetryable",
        /// Once something has been put right.
        RepairNeeded = "RepairNeeded",
        /// Once a user has done something.
        UserActionNeeded = "UserActionNeeded",
        /// Once the host has been set up properly.
        HostConfigurationNeeded = "HostConfigurationNeeded",
    }
}
