//! Which registered wakes an event could trigger, without walking those that it cannot.

mod filing;

use std::sync::Arc;

use crate::domain::{EntityKind, IdSet, IdTable, WakeConditionId};
use crate::record::{CompiledEventFilter, EventKind, EventTraits};
use filing::{Filing, file};

/// The filter fields by which wakes are filed.
#[derive(Clone, Copy)]
enum Field {
    /// No field: the filter lets everything through.
    Any,
    Run,
    Agent,
    Turn,
    Family,
    Correlation,
    Tag,
    Source,
    Destination,
    Subject,
    Related,
    Privacy,
    Delivery,
}

impl Field {
    const COUNT: usize = Self::Delivery as usize + 1;

    /// The letter with which the places of this field begin.
    fn letter(self) -> char {
        char::from(b'a' + self as u8)
    }
}

/// Where a wake is filed: under each value of the filter field that selects best, combined with each event kind that
/// the filter lists. A place is a text, so that the index is a map like any other. Only the value, at the end, may hold
/// a line break.
type Place = Arc<str>;

/// One value of one filter field.
#[derive(Clone, Copy)]
struct Value<'a> {
    field: Field,
    text: &'a str,
}

impl<'a> Value<'a> {
    const ANY: Self = Self::new(Field::Any, "");

    const fn new(field: Field, text: &'a str) -> Self {
        Self { field, text }
    }

    /// The place of wakes that wait for an event with this value and of that kind. `None` is for filters that list no
    /// kinds, or too many.
    fn place(self, kind: Option<EventKind>) -> String {
        let kind = kind.map_or("", EventKind::as_str);
        let mut place = String::from(self.field.letter());
        place.push_str(kind);
        place.push('\n');
        place.push_str(self.text);
        place
    }
}

/// How many kinds a wake may be filed under: every event kind, and `None` for filters that list no kinds, or too many.
const KINDS: usize = 1 + EventKind::ALL.len();

fn place_of(kind: Option<EventKind>) -> usize {
    kind.map_or(0, |kind| 1 + kind as usize)
}

/// The registered wakes. Each is filed where the events that it waits for will be looked up.
pub(crate) struct WakeIndex {
    filed: IdTable<Place, IdSet<WakeConditionId>>,
    filings: IdTable<WakeConditionId, Filing>,
    /// How many wakes are filed by each field, and under each kind. An event is looked up only by fields and kinds that
    /// have any.
    by_field: [usize; Field::COUNT],
    by_kind: [usize; KINDS],
}

impl Default for WakeIndex {
    fn default() -> Self {
        Self {
            filed: IdTable::default(),
            filings: IdTable::default(),
            by_field: [0; Field::COUNT],
            by_kind: [0; KINDS],
        }
    }
}

impl WakeIndex {
    /// Files a registered wake. `members` is the number of members of the pool, which tells how well a run id selects.
    pub(crate) fn insert(
        &mut self,
        condition_id: &WakeConditionId,
        filter: &CompiledEventFilter,
        members: usize,
    ) {
        self.remove(condition_id);
        let filing = file(filter.criteria(), members);
        for place in &filing.places {
            let filed = self.filed.get_or_default(place);
            filed.add(condition_id.clone());
        }
        self.by_field[filing.field as usize] += 1;
        for kind in &filing.kinds {
            self.by_kind[place_of(*kind)] += 1;
        }
        self.filings.insert(condition_id.clone(), filing);
    }

    /// Removes a wake, if it is filed.
    pub(crate) fn remove(&mut self, condition_id: &WakeConditionId) {
        let Some(filing) = self.filings.remove(condition_id) else {
            return;
        };
        self.by_field[filing.field as usize] -= 1;
        for kind in filing.kinds {
            self.by_kind[place_of(kind)] -= 1;
        }
        for place in filing.places {
            if let Some(filed) = self.filed.get_mut(&place) {
                filed.remove(condition_id);
                if filed.is_empty() {
                    self.filed.remove(&place);
                }
            }
        }
    }

    /// The kinds with wakes that an event of that kind could trigger.
    fn looked_up(&self, kind: EventKind) -> impl Iterator<Item = Option<EventKind>> {
        let kinds = [None, Some(kind)].into_iter();
        kinds.filter(|kind| self.by_kind[place_of(*kind)] > 0)
    }

    /// Whether a wake is registered that an event of that kind could trigger.
    pub(crate) fn awaits(&self, kind: EventKind) -> bool {
        self.looked_up(kind).next().is_some()
    }

    /// The wakes that the event could trigger, in condition id order. Each must still be matched, since the index does
    /// not look at every field of a filter.
    pub(crate) fn candidates(&self, event: &EventTraits<'_>) -> IdSet<WakeConditionId> {
        let mut candidates = IdSet::default();
        tell_values(event, &mut |value| {
            if self.by_field[value.field as usize] == 0 {
                return;
            }
            for kind in self.looked_up(event.event_kind) {
                if let Some(filed) = self.filed.get_text(&value.place(kind)) {
                    candidates.extend(filed.ids().cloned());
                }
            }
        });
        candidates
    }
}

/// Calls `tell` with every value under which a wake that waits for this event may be filed.
fn tell_values<'a>(event: &EventTraits<'a>, tell: &mut dyn FnMut(Value<'a>)) {
    let single = [
        Value::ANY,
        Value::new(Field::Run, event.run_id.as_str()),
        Value::new(Field::Agent, event.agent_id.as_str()),
        Value::new(Field::Family, event.event_family.as_str()),
        Value::new(Field::Source, event.source_kind.as_str()),
        Value::new(Field::Subject, event.subject_kind.as_str()),
        Value::new(Field::Privacy, event.privacy.as_str()),
        Value::new(Field::Delivery, event.delivery_semantics.as_str()),
    ];
    single.into_iter().for_each(&mut *tell);
    if let Some(id) = event.turn_id {
        tell(Value::new(Field::Turn, id.as_str()));
    }
    if let Some(kind) = event.destination_kind {
        tell(Value::new(Field::Destination, kind.as_str()));
    }
    for kind in EntityKind::ALL {
        if event.related_kinds.contains(*kind) {
            tell(Value::new(Field::Related, kind.as_str()));
        }
    }
    for entry in event.correlation {
        tell(Value::new(Field::Correlation, entry.key.as_str()));
    }
    for tag in event.tags {
        tell(Value::new(Field::Tag, tag.as_str()));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
