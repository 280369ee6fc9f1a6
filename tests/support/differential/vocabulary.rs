//! The words of the wire that generated operations are made of (REFERENCE, "Enumerations").

use serde_json::{Value, json};

/// The words of one of the lists below, as JSON texts.
pub fn words(list: &'static str) -> Vec<Value> {
    list.split_whitespace().map(|word| json!(word)).collect()
}

/// Every kind of event.
pub const EVENT_KINDS: &str = "\
    run_started run_completed run_failed run_cancelled run_checkpointed run_cancel_requested \
    run_resume_requested run_resume_failed turn_started turn_completed turn_failed message_accepted \
    message_committed provider_request_projected model_attempt_started model_stream_delta \
    model_message_completed model_attempt_failed tool_requested tool_started tool_completed \
    tool_failed tool_denied tool_recovery_required approval_requested approval_dispatched \
    approval_dispatch_unavailable approval_responded approval_denied approval_timed_out \
    approval_cancelled hook_registered hook_invoked hook_completed hook_failed hook_timed_out \
    hook_cancelled hook_response_applied hook_response_rejected context_assembled \
    stream_rule_registered stream_rule_compile_failed stream_rule_matched \
    stream_intervention_requested stream_intervention_applied stream_rule_repeat_state_recorded \
    realtime_connect_requested realtime_connected realtime_input_send_requested realtime_input_sent \
    realtime_output_receive_requested realtime_output_received realtime_interrupted \
    realtime_restart_requested realtime_restart_started realtime_restart_completed \
    realtime_restart_failed realtime_close_requested realtime_closed realtime_backpressure_applied \
    isolation_requested isolation_adapter_health_checked isolation_capability_matched \
    isolation_downgrade_denied isolation_downgrade_approved isolation_environment_prepared \
    isolation_process_started isolation_process_io_captured isolation_process_stats_recorded \
    isolation_cleanup_started isolation_cleanup_completed isolation_cleanup_failed isolation_failed \
    child_lifecycle_requested child_lifecycle_completed child_lifecycle_detached subagent_started \
    subagent_handoff subagent_event_wrapped subagent_usage_rolled_up subagent_completed \
    extension_action_submitted extension_action_started extension_action_completed \
    extension_action_failed extension_action_denied output_dispatch_requested \
    output_dispatch_completed output_dispatch_failed output_dispatch_deduped \
    structured_output_requested structured_output_validation_started \
    structured_output_validation_failed structured_output_repair_requested \
    structured_output_validated structured_output_failed telemetry_sink_failed \
    telemetry_sink_recovered usage_recorded cost_estimated cost_corrected replay_started \
    replay_completed replay_failed agent_pool_created agent_pool_run_joined agent_pool_run_left \
    run_message_accepted run_message_delivered run_message_responded run_message_failed \
    run_message_timed_out run_message_expired run_message_cancelled wake_condition_registered \
    wake_condition_triggered wake_condition_timed_out wake_condition_cancelled wake_condition_failed";

/// The kinds of the pool itself.
pub const POOL_EVENT_KINDS: &str = "\
    agent_pool_created agent_pool_run_joined agent_pool_run_left run_message_accepted \
    run_message_delivered run_message_responded run_message_failed run_message_timed_out \
    run_message_expired run_message_cancelled wake_condition_registered wake_condition_triggered \
    wake_condition_timed_out wake_condition_cancelled wake_condition_failed";

/// The families of events.
pub const FAMILIES: &str = "\
    run turn message model tool approval hook context stream_rule realtime isolation child_lifecycle \
    agent_pool subagent extension structured_output output output_delivery telemetry recovery";

/// What an entity reference can refer to.
pub const ENTITY_KINDS: &str = "\
    run turn attempt agent agent_pool topic event message wake_condition context_contribution \
    context_item context_projection content artifact capability package_sidecar runtime_package \
    policy_decision effect effect_intent effect_result tool_call approval_request stream_rule \
    realtime_session hook execution_environment child_artifact subagent_run extension_action \
    output_delivery";

/// Where an event can come from.
pub const SOURCE_KINDS: &str = "\
    sdk host user system developer memory compaction hook extension tool remote_channel \
    scheduled_task subagent external_runtime replay";

/// Where an event can go.
pub const DESTINATION_KINDS: &str = "\
    agent agent_pool topic provider context_projection journal event_stream telemetry output_sink \
    host user remote_channel tool extension subagent external_runtime";

/// The kinds of policies.
pub const POLICY_KINDS: &str = "\
    approval permission sandbox context privacy retention redaction runtime_package host";

/// The classes of privacy.
pub const PRIVACY_CLASSES: &str = "\
    public internal content_refs_only sensitive secret";

/// How long a destination keeps things.
pub const RETENTIONS: &str = "\
    ephemeral run_scoped session_scoped durable persistent host_policy";

/// How far a source is trusted.
pub const TRUST_CLASSES: &str = "\
    trusted sdk_generated host_provided user_provided external untrusted";

/// How an event is delivered.
pub const DELIVERY_SEMANTICS: &str =
    "best_effort_live journal_backed derived_replay diagnostic_only";

/// How much of a payload a subscriber gets.
pub const PAYLOAD_ACCESS: &str =
    "envelope_only redacted_summary payload_refs full_payload_if_policy_allows";

/// What a full queue does.
pub const OVERFLOW_POLICIES: &str = "\
    drop_non_terminal drop_progress summarize_and_continue backpressure_caller fail_subscriber";

/// Why a queue dropped something.
pub const OVERFLOW_REASONS: &str = "\
    subscriber_queue_full subscriber_lagged live_buffer_expired policy_dropped_progress \
    policy_dropped_non_terminal";

/// How much of an event's content is captured.
pub const CONTENT_CAPTURE: &str = "off metadata_only redacted_summary payload_refs raw_content";

/// The statuses that a message can have.
pub const MESSAGE_STATUSES: &str =
    "accepted delivered responded failed timed_out expired cancelled";

/// What a run can resume with.
pub const RESUME_POLICIES: &str = "matching_event_refs redacted_summary none";

/// Runs. In byte order the fourth comes first; the fifth is as long as an id may be.
pub fn runs() -> Vec<String> {
    let longest = format!("r5.{}", "x".repeat(509));
    ["r1", "r2", "r3", "R 4 \u{e9}\u{1f99d}", &longest]
        .map(str::to_owned)
        .to_vec()
}

/// Agents. One has the id of a run.
pub const AGENTS: [&str; 3] = ["ag1", "r2", "ag 3"];

/// Topics. One has the id of a run, one that of an agent.
pub const TOPICS: [&str; 3] = ["t1", "r1", "ag1"];

/// Pools.
pub const POOLS: [&str; 2] = ["pool.x", "pool.y"];

/// Tags of host events.
pub const TAGS: [&str; 3] = ["feature:agent_pool", "tag.a", ""];

/// Keys of correlations.
pub const CORRELATION_KEYS: [&str; 2] = ["ck1", "ck2"];
