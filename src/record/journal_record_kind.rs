//! What journal records are about.

use crate::domain::wire_enum;

wire_enum! {
    /// What a journal record is about. The pool itself writes `agent_pool`, `run_message` and `wake`.
    pub enum JournalRecordKind {
        /// A run as a whole.
        Run = "run",
        /// A turn of a run.
        Turn = "turn",
        /// The context of a run.
        Context = "context",
        /// A message within a run.
        Message = "message",
        /// A call of a model.
        ModelAttempt = "model_attempt",
        /// Structured output.
        StructuredOutput = "structured_output",
        /// A rule on a stream.
        StreamRule = "stream_rule",
        /// A realtime session.
        RealtimeSession = "realtime_session",
        /// A hook.
        Hook = "hook",
        /// A request for approval.
        Approval = "approval",
        /// A call of a tool.
        Tool = "tool",
        /// An isolated environment.
        Isolation = "isolation",
        /// The life of a child of a run.
        ChildLifecycle = "child_lifecycle",
        /// The members of a pool.
        AgentPool = "agent_pool",
        /// A message from one run to others.
        RunMessage = "run_message",
        /// A wake condition.
        Wake = "wake",
        /// The dispatch of output.
        OutputDispatch = "output_dispatch",
        /// A subagent.
        Subagent = "subagent",
        /// An action of an extension.
        ExtensionAction = "extension_action",
        /// Telemetry.
        Telemetry = "telemetry",
        /// Recovery.
        Recovery = "recovery",
        /// A checkpoint.
        Checkpoint = "checkpoint",
        /// The announcement of an effect.
        EffectIntent = "effect_intent",
        /// The outcome of an effect.
        EffectResult = "effect_result",
    }
}
