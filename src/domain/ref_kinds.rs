//! What references refer to.

use super::wire_enum;

wire_enum! {
    /// What an [`EntityRef`](super::EntityRef) refers to. Declared in the order that lists of related refs are sorted
    /// by (REFERENCE 15).
    pub enum EntityKind {
        /// One execution of an agent.
        Run = "run",
        /// A turn of a run.
        Turn = "turn",
        /// An attempt within a turn.
        Attempt = "attempt",
        /// An agent.
        Agent = "agent",
        /// A pool.
        AgentPool = "agent_pool",
        /// A topic of a pool.
        Topic = "topic",
        /// An event.
        Event = "event",
        /// A message.
        Message = "message",
        /// A wake condition.
        WakeCondition = "wake_condition",
        /// What was put into a context.
        ContextContribution = "context_contribution",
        /// An item of a context.
        ContextItem = "context_item",
        /// A context as a provider sees it.
        ContextProjection = "context_projection",
        /// Content held elsewhere.
        Content = "content",
        /// Something a run made.
        Artifact = "artifact",
        /// Something a run can do.
        Capability = "capability",
        /// A part of a runtime package.
        PackageSidecar = "package_sidecar",
        /// What a run is built from.
        RuntimePackage = "runtime_package",
        /// What a policy decided.
        PolicyDecision = "policy_decision",
        /// An effect on the outside world.
        Effect = "effect",
        /// The announcement of an effect.
        EffectIntent = "effect_intent",
        /// The result of an effect.
        EffectResult = "effect_result",
        /// A call of a tool.
        ToolCall = "tool_call",
        /// A request for approval.
        ApprovalRequest = "approval_request",
        /// A rule on a stream.
        StreamRule = "stream_rule",
        /// A realtime session.
        RealtimeSession = "realtime_session",
        /// A hook.
        Hook = "hook",
        /// Where isolated work is done.
        ExecutionEnvironment = "execution_environment",
        /// Something a child left behind.
        ChildArtifact = "child_artifact",
        /// A run of a subagent.
        SubagentRun = "subagent_run",
        /// An action of an extension.
        ExtensionAction = "extension_action",
        /// A delivery of output.
        OutputDelivery = "output_delivery",
    }
}

wire_enum! {
    /// What a [`SourceRef`](super::SourceRef) refers to.
    pub enum SourceKind {
        /// The library itself.
        Sdk = "sdk",
        /// The host.
        Host = "host",
        /// A user.
        User = "user",
        /// A system prompt.
        System = "system",
        /// A developer.
        Developer = "developer",
        /// A memory.
        Memory = "memory",
        /// The compaction of a context.
        Compaction = "compaction",
        /// A hook.
        Hook = "hook",
        /// An extension.
        Extension = "extension",
        /// A tool.
        Tool = "tool",
        /// A remote channel.
        RemoteChannel = "remote_channel",
        /// A task that came due.
        ScheduledTask = "scheduled_task",
        /// A subagent.
        Subagent = "subagent",
        /// Another runtime.
        ExternalRuntime = "external_runtime",
        /// A replay of what happened before.
        Replay = "replay",
    }
}

wire_enum! {
    /// What a [`DestinationRef`](super::DestinationRef) refers to.
    pub enum DestinationKind {
        /// An agent, or one of its runs.
        Agent = "agent",
        /// A pool.
        AgentPool = "agent_pool",
        /// A topic.
        Topic = "topic",
        /// A model provider.
        Provider = "provider",
        /// A context as a provider sees it.
        ContextProjection = "context_projection",
        /// A journal.
        Journal = "journal",
        /// A stream of events.
        EventStream = "event_stream",
        /// Telemetry.
        Telemetry = "telemetry",
        /// Where output goes.
        OutputSink = "output_sink",
        /// The host.
        Host = "host",
        /// A user.
        User = "user",
        /// A remote channel.
        RemoteChannel = "remote_channel",
        /// A tool.
        Tool = "tool",
        /// An extension.
        Extension = "extension",
        /// A subagent.
        Subagent = "subagent",
        /// Another runtime.
        ExternalRuntime = "external_runtime",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_kinds_are_ordered_as_related_refs_are_sorted() {
        assert!(
            EntityKind::Run < EntityKind::Agent && EntityKind::Message < EntityKind::WakeCondition
        );
        assert_eq!(EntityKind::ALL.len(), 31);
    }
}
