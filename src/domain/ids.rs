//! The ids, one type each, so that a run can never be taken for an agent.

use super::id_macro::{id_conversions, id_type};

id_type! {
    /// Names a run: one execution of an agent.
    RunId;
    /// Names an agent; several runs may be of one agent.
    AgentId;
    /// Names a pool.
    AgentPoolId;
    /// Names a topic that members listen to.
    TopicId;
    /// Names a message from one run to others.
    MessageId;
    /// Names a wake condition: what a suspended run waits for.
    WakeConditionId;
    /// Recognises a repeated call of the same operation.
    IdempotencyKey;
    /// Recognises an effect that was already carried out.
    DedupeKey;
    /// Names an event.
    EventId;
    /// Names an effect on the outside world.
    EffectId;
    /// Names a trace: spans that belong together.
    TraceId;
    /// Names a span of a trace.
    SpanId;
    /// Names a turn of a run.
    TurnId;
    /// Names an attempt within a turn.
    AttemptId;
    /// Names an item of a run's context.
    ContextItemId;
    /// Names an archive that events were moved to.
    ArchiveCursorId;
    /// Refers to content that is held elsewhere; the pool never sees the content itself.
    ContentRef;
    /// A position in a journal, in the journal's own notation.
    JournalCursor;
    /// The id part of an [`EntityRef`](crate::domain::EntityRef).
    EntityId;
    /// The id part of a [`SourceRef`](crate::domain::SourceRef).
    SourceId;
    /// The id part of a [`DestinationRef`](crate::domain::DestinationRef).
    DestinationId;
    /// The id part of a [`PolicyRef`](crate::domain::PolicyRef).
    PolicyId;
    /// The key of a [`CorrelationEntry`](crate::domain::CorrelationEntry).
    CorrelationKey;
    /// The value of a [`CorrelationEntry`](crate::domain::CorrelationEntry).
    CorrelationValue;
}

id_conversions!(EntityId: RunId TurnId AttemptId AgentId AgentPoolId TopicId EventId MessageId WakeConditionId ContextItemId EffectId);
id_conversions!(IdempotencyKey: MessageId WakeConditionId);
id_conversions!(DestinationId: RunId AgentId TopicId AgentPoolId);

#[cfg(test)]
mod tests {
    use super::super::{IdError, MAX_ID_BYTES, derived_id, sha256_hex};
    use super::*;

    #[test]
    fn an_id_has_1_to_512_bytes_and_no_control_characters() {
        assert_eq!(RunId::new("").unwrap_err(), IdError::Empty);
        assert!(RunId::new("a".repeat(512)).is_ok());
        assert!(RunId::new("é".repeat(256)).is_ok());
        assert_eq!(
            RunId::new("é".repeat(257)).unwrap_err(),
            IdError::TooLong { length: 514 }
        );
        for (text, at) in [("a\nb", 1), ("\u{7f}", 0), ("é\u{85}", 2), ("a\0", 1)] {
            assert_eq!(
                RunId::new(text).unwrap_err(),
                IdError::ControlCharacter { at }
            );
        }
        assert!(RunId::new(" spaces and 🦀 are fine ").is_ok());
    }

    #[test]
    fn an_id_is_text_in_json_and_checked_when_read() {
        let id: RunId = serde_json::from_str(r#""r1""#).unwrap();
        assert_eq!(id.as_str(), "r1");
        assert_eq!(serde_json::to_string(&id).unwrap(), r#""r1""#);
        let error = serde_json::from_str::<RunId>(r#""a\u0001""#).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("identifier contains control character at byte 1")
        );
        assert!(serde_json::from_str::<RunId>("5").is_err());
        assert!(serde_json::from_value::<RunId>("".into()).is_err());
    }

    #[test]
    fn a_formatted_id_does_not_show_its_text() {
        let id = MessageId::new("secret").unwrap();
        assert_eq!(
            format!("{id:?} {id}"),
            "MessageId(redacted) MessageId(redacted)"
        );
    }

    #[test]
    fn ids_are_ordered_by_their_bytes() {
        let mut ids = ["r2", "r10", "é", "Z"].map(|text| RunId::new(text).unwrap());
        ids.sort();
        assert_eq!(
            ids.map(|id| id.as_str().to_owned()),
            ["Z", "r10", "r2", "é"]
        );
    }

    #[test]
    fn an_id_made_of_another_shares_its_text() {
        let run = RunId::new("r1").unwrap();
        let entity = EntityId::from(&run);
        assert!(std::ptr::eq(run.as_str(), entity.as_str()));
    }

    #[test]
    fn a_derived_id_is_the_joined_text_as_long_as_that_fits() {
        assert_eq!(
            &*derived_id("event.agent_pool.", "pool.x", ".10"),
            "event.agent_pool.pool.x.10"
        );
        let longest = "m".repeat(MAX_ID_BYTES - "effect.run_message.".len());
        assert_eq!(
            EffectId::derived("effect.run_message.", &longest, "").as_str(),
            format!("effect.run_message.{longest}")
        );
    }

    #[test]
    fn a_derived_id_that_would_be_too_long_holds_a_digest_instead_d5() {
        let part = "m".repeat(MAX_ID_BYTES);
        let id = EventId::derived("event.agent_pool.", &part, ".18446744073709551615");
        assert_eq!(
            id.as_str(),
            format!(
                "event.agent_pool.sha256:{}.18446744073709551615",
                sha256_hex(part.as_bytes())
            )
        );
        assert!(EventId::new(id.as_str()).is_ok());
        let other = format!("{}n", "m".repeat(MAX_ID_BYTES - 1));
        assert_ne!(derived_id("e.", &part, ""), derived_id("e.", &other, ""));
    }
}
