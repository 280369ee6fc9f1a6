//! One stable word for each case of error, and how it is classified.

use super::AgentErrorKind as Kind;
use super::RetryClassification as Retry;
use super::wire_enum;

wire_enum! {
    /// The exact case of an error: the word that a host may branch on. Words are never renamed (DESIGN 5).
    pub enum ErrorCode {
        /// The sender of a message is not a member.
        SenderNotMember = "sender_not_member",
        /// The run that an operation is about is not a member.
        NotAMember = "not_a_member",
        /// A wake condition names another run than the one to suspend.
        WakeRunMismatch = "wake_run_mismatch",
        /// No wake condition with that id is registered.
        WakeNotRegistered = "wake_not_registered",
        /// The pool is already open under another configuration.
        StoreConfigConflict = "store_config_conflict",
        /// A cursor belongs to a stream of another scope.
        CursorScopeMismatch = "cursor_scope_mismatch",
        /// Event streams cannot hold their publisher back.
        InvalidOverflowPolicy = "invalid_overflow_policy",
        /// The pool was built without runtime ports.
        RuntimeRequired = "runtime_required",
        /// There is no journal.
        JournalRequired = "journal_required",
        /// There is no event bus.
        EventBusRequired = "event_bus_required",
        /// The pool was built without a run launcher.
        RunLauncherRequired = "run_launcher_required",
        /// The store has no pool with that id. The word is the reference's, for stores of hosts: a builder opens a pool
        /// that is not there.
        PoolNotOpen = "pool_not_open",
        /// The journal did not take a record: the transition did not happen.
        JournalRejected = "journal_rejected",
        /// The event bus did not take an event, or did not return its frames.
        EventBusRejected = "event_bus_rejected",
        /// Too many events wait for the event bus.
        BusBacklogged = "bus_backlogged",
        /// The store failed.
        StoreRejected = "store_rejected",
        /// The run could not be started.
        RunLauncherRejected = "run_launcher_rejected",
        /// An id or key was used before, for something else (DESIGN D4).
        IdempotencyConflict = "idempotency_conflict",
        /// A message cannot have that status after the one it has (DESIGN D8).
        InvalidStatusTransition = "invalid_status_transition",
        /// An argument is malformed; the message names the path.
        InvalidInput = "invalid_input",
        /// A port called the pool and would wait for itself.
        ReentrantCall = "reentrant_call",
        /// This handle was closed; the pool lives on in its store.
        Closed = "closed",
        /// The pool met an internal fault and turned itself off. Only the npm package reports this: natively a panic is
        /// a panic.
        Panicked = "panicked",
        /// The platform gives no randomness to make ids from.
        RandomnessUnavailable = "randomness_unavailable",
        /// A port returned something that is not a valid answer.
        InvalidPortAnswer = "invalid_port_answer",
        /// The answer is longer than a text may be. Only the npm package reports this.
        AnswerTooLarge = "answer_too_large",
    }
}

impl ErrorCode {
    /// The classification of the case: that of REFERENCE "Errors" if it is listed there, otherwise the closest kind.
    pub const fn classification(self) -> (Kind, Retry) {
        match self {
            Self::SenderNotMember
            | Self::NotAMember
            | Self::WakeRunMismatch
            | Self::IdempotencyConflict
            | Self::InvalidStatusTransition
            | Self::ReentrantCall => (Kind::InvalidStateTransition, Retry::NotRetryable),
            Self::WakeNotRegistered
            | Self::StoreConfigConflict
            | Self::CursorScopeMismatch
            | Self::InvalidOverflowPolicy => (Kind::InvalidStateTransition, Retry::RepairNeeded),
            Self::RuntimeRequired
            | Self::JournalRequired
            | Self::EventBusRequired
            | Self::RunLauncherRequired
            | Self::PoolNotOpen
            | Self::RandomnessUnavailable
            | Self::InvalidPortAnswer => (
                Kind::HostConfigurationNeeded,
                Retry::HostConfigurationNeeded,
            ),
            // The store's log is a record of the truth, as the journal is.
            Self::JournalRejected | Self::StoreRejected => (Kind::JournalFailure, Retry::Retryable),
            // The bus is observation (DESIGN 3), and the reference calls observation telemetry.
            Self::EventBusRejected | Self::BusBacklogged => {
                (Kind::TelemetryFailure, Retry::Retryable)
            }
            Self::RunLauncherRejected => (Kind::ChildLifecycleFailure, Retry::Retryable),
            Self::InvalidInput | Self::AnswerTooLarge => {
                (Kind::InvalidPackage, Retry::NotRetryable)
            }
            Self::Closed => (Kind::Cancellation, Retry::NotRetryable),
            Self::Panicked => (Kind::RecoveryRepairNeeded, Retry::RepairNeeded),
        }
    }

    /// The message of an error that has no more exact one: the reference's sentence, if it has one.
    pub const fn message(self) -> &'static str {
        match self {
            Self::SenderNotMember | Self::NotAMember => "run is not a member of this agent pool",
            Self::WakeRunMismatch => "wake registration run_id must match condition run_id",
            Self::WakeNotRegistered => "wake condition is not registered",
            Self::StoreConfigConflict => "agent pool store config conflicts with existing pool",
            Self::CursorScopeMismatch => "cursor scope mismatch for requested event stream",
            Self::InvalidOverflowPolicy => {
                "InvalidOverflowPolicy: backpressure_caller is rejected for live event bus subscriptions"
            }
            Self::RuntimeRequired => "agent pool requires runtime",
            Self::JournalRequired => "missing required runtime port: run journal",
            Self::EventBusRequired => "missing required runtime port: agent event bus",
            Self::RunLauncherRequired => "missing required runtime port: run launcher",
            Self::PoolNotOpen => "agent pool store has not opened this pool",
            Self::JournalRejected => "the journal did not take the record",
            Self::EventBusRejected => "the event bus failed",
            Self::BusBacklogged => "too many events wait for the event bus",
            Self::StoreRejected => "the pool store failed",
            Self::RunLauncherRejected => "the run could not be started",
            Self::IdempotencyConflict => {
                "the id or idempotency key was already used for something else"
            }
            Self::InvalidStatusTransition => "the message cannot have this status now",
            Self::InvalidInput => "the argument is malformed",
            Self::ReentrantCall => "the pool was called from within a port that it waits for",
            Self::Closed => "this handle on the pool is closed",
            Self::Panicked => "the pool met an internal fault and turned itself off",
            Self::RandomnessUnavailable => "the platform gives no randomness",
            Self::AnswerTooLarge => "the answer is longer than a text may be",
            Self::InvalidPortAnswer => "a port returned an invalid answer",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_the_reference_knows_are_classified_as_it_classifies_them() {
        use ErrorCode::*;
        for (code, classification) in [
            (SenderNotMember, "InvalidStateTransition / NotRetryable"),
            (NotAMember, "InvalidStateTransition / NotRetryable"),
            (WakeRunMismatch, "InvalidStateTransition / NotRetryable"),
            (WakeNotRegistered, "InvalidStateTransition / RepairNeeded"),
            (StoreConfigConflict, "InvalidStateTransition / RepairNeeded"),
            (CursorScopeMismatch, "InvalidStateTransition / RepairNeeded"),
            (
                InvalidOverflowPolicy,
                "InvalidStateTransition / RepairNeeded",
            ),
            (
                RuntimeRequired,
                "HostConfigurationNeeded / HostConfigurationNeeded",
            ),
            (
                JournalRequired,
                "HostConfigurationNeeded / HostConfigurationNeeded",
            ),
            (
                EventBusRequired,
                "HostConfigurationNeeded / HostConfigurationNeeded",
            ),
            (
                PoolNotOpen,
                "HostConfigurationNeeded / HostConfigurationNeeded",
            ),
        ] {
            let (kind, retry) = code.classification();
            assert_eq!(format!("{kind} / {retry}"), classification, "{code}");
        }
    }

    #[test]
    fn cases_the_reference_knows_say_what_it_says() {
        use ErrorCode::*;
        for (code, message) in [
            (SenderNotMember, "run is not a member of this agent pool"),
            (NotAMember, "run is not a member of this agent pool"),
            (
                WakeRunMismatch,
                "wake registration run_id must match condition run_id",
            ),
            (WakeNotRegistered, "wake condition is not registered"),
            (
                StoreConfigConflict,
                "agent pool store config conflicts with existing pool",
            ),
            (
                CursorScopeMismatch,
                "cursor scope mismatch for requested event stream",
            ),
            (RuntimeRequired, "agent pool requires runtime"),
            (
                JournalRequired,
                "missing required runtime port: run journal",
            ),
            (
                EventBusRequired,
                "missing required runtime port: agent event bus",
            ),
            (PoolNotOpen, "agent pool store has not opened this pool"),
        ] {
            assert_eq!(code.message(), message, "{code}");
        }
    }

    #[test]
    fn what_a_port_refuses_may_be_called_again() {
        use ErrorCode::*;
        let refusals = [
            JournalRejected,
            EventBusRejected,
            BusBacklogged,
            StoreRejected,
            RunLauncherRejected,
        ];
        for &code in ErrorCode::ALL {
            let (_, retry) = code.classification();
            let may_help = retry == Retry::Retryable;
            assert_eq!(may_help, refusals.contains(&code), "{code}");
        }
    }

    #[test]
    fn every_case_has_a_word_of_its_own_and_a_sentence() {
        let mut words: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), ErrorCode::ALL.len());
        assert!(
            ErrorCode::ALL
                .iter()
                .all(|code| code.message().contains(' '))
        );
    }
}
