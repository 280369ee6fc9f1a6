//! Enumerations have the same names in the same order.

use std::fmt::Debug;

use agent_pool::{domain as our_domain, record as ours};
use agent_sdk_core::{agent_pool as theirs, domain, effect, event, journal};
use serde::de::DeserializeOwned;

/// The names that a type of the reference knows, in declaration order. The error about an unknown name lists them.
fn names<T: DeserializeOwned + Debug>() -> Vec<String> {
    let complaint = serde_json::from_str::<T>(r#""no such name""#)
        .unwrap_err()
        .to_string();
    let listed = complaint
        .split_once("expected ")
        .expect("the complaint lists the names")
        .1;
    listed
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

macro_rules! assert_names {
    ($( $ours:ty, $theirs:ty; )+) => {$(
        let ours: Vec<&str> = <$ours>::ALL.iter().map(|value| value.as_str()).collect();
        assert_eq!(ours, names::<$theirs>(), stringify!($ours));
        for value in <$ours>::ALL {
            assert_eq!(serde_json::to_value(value).unwrap(), value.as_str());
            assert_eq!(serde_json::from_value::<$ours>(value.as_str().into()).unwrap(), *value);
        }
    )+};
}

#[test]
fn every_enumeration_has_the_names_of_the_reference_in_its_order() {
    assert_names! {
        our_domain::AgentErrorKind, domain::AgentErrorKind;
        our_domain::RetryClassification, domain::RetryClassification;
        our_domain::PrivacyClass, domain::PrivacyClass;
        our_domain::RetentionClass, domain::RetentionClass;
        our_domain::TrustClass, domain::TrustClass;
        our_domain::EntityKind, domain::EntityKind;
        our_domain::SourceKind, domain::SourceKind;
        our_domain::DestinationKind, domain::DestinationKind;
        our_domain::PolicyKind, domain::PolicyKind;
        ours::EventFamily, event::EventFamily;
        ours::EventKind, event::EventKind;
        ours::EventDeliverySemantics, event::EventDeliverySemantics;
        ours::ContentCaptureMode, event::ContentCaptureMode;
        ours::PayloadAccessMode, event::PayloadAccessMode;
        ours::SubscriberOverflowPolicy, event::SubscriberOverflowPolicy;
        ours::EventOverflowReason, event::EventOverflowReason;
        ours::EventIndexField, event::EventIndexField;
        ours::EffectKind, effect::EffectKind;
        ours::EffectTerminalStatus, effect::EffectTerminalStatus;
        ours::JournalRecordKind, journal::JournalRecordKind;
        ours::AgentPoolLifecycleStatus, journal::AgentPoolLifecycleStatus;
        ours::MessageStatus, theirs::MessageStatus;
        ours::MessageStatus, journal::RunMessageDeliveryStatus;
        ours::WakeRegistrationStatus, theirs::WakeRegistrationStatus;
        ours::WakeRegistrationStatus, journal::WakeTriggerStatus;
        ours::ResumeInputPolicy, theirs::ResumeInputPolicy;
        ours::ResumeInputPolicy, journal::WakeResumeInputPolicyRecord;
    }
}

#[test]
fn the_same_kinds_are_terminal() {
    for kind in ours::EventKind::ALL {
        let theirs: event::EventKind = serde_json::from_value(kind.as_str().into()).unwrap();
        assert_eq!(kind.is_terminal(), theirs.is_terminal(), "{kind}");
    }
}
