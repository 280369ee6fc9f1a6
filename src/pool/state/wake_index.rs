//! Which registered wakes an event could trigger, without walking those that it cannot.

mod filing;

use std::sync::Arc;

use crate::domain::{EntityKind, IdSet, IdTable, WakeConditionId};
use crate::record::{CompiledEventFilter, EventKind, EventTraits};
use filing::{Filing, file};

/// The fields of a filter, by which wakes are filed.
#[derive(Clone, Copy)]
enum Field {
    /// None: the filter lets everything through.
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

    /// What places of the field begin with: a letter of its own.
    fn letter(self) -> char {
        char::from(b'a' + self as u8)
    }
}

/// Where a wake is filed: under the values of the filter field that selects best and, with each of
/// them, under the event kinds that the filter lists. A text, since that makes the index a map like
/// any other; only its end, the value, may hold a line break.
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

    /// The place of what waits for an event with this value and of that kind; `None` for a filter
    /// that lists no kinds, or too many.
    fn place(self, kind: Option<EventKind>) -> String {
        let kind = kind.map_or("", EventKind::as_str);
        let mut place = String::from(self.field.letter());
        place.push_str(kind);
        place.push('\n');
        place.push_str(self.text);
        place
    }
}

/// The kinds of events, and none: what wakes are filed under whose filter lists no kinds, or too many.
const KINDS: usize = 1 + EventKind::ALL.len();

fn place_of(kind: Option<EventKind>) -> usize {
    kind.map_or(0, |kind| 1 + kind as usize)
}

/// The registered wakes, each filed where the events that it waits for will look.
pub(crate) struct WakeIndex {
    filed: IdTable<Place, IdSet<WakeConditionId>>,
    filings: IdTable<WakeConditionId, Filing>,
    /// How many wakes are filed by each field, and under each kind: an event is looked up by those only that there are
    /// any of.
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
    /// Files a registered wake. `members` is the number of members of the pool, which says how much
    /// a run id narrows things down.
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

    /// Takes a wake out; one that is not filed is no matter.
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

    /// Under what kinds there are wakes that an event of that kind could trigger.
    fn looked_up(&self, kind: EventKind) -> impl Iterator<Item = Option<EventKind>> {
        let kinds = [None, Some(kind)].into_iter();
        kinds.filter(|kind| self.by_kind[place_of(*kind)] > 0)
    }

    /// Whether a wake is registered that an event of that kind could trigger.
    pub(crate) fn awaits(&self, kind: EventKind) -> bool {
        self.looked_up(kind).next().is_some()
    }

    /// The wakes that the event could trigger, in condition id order. Each must still be matched:
    /// not all fields of its filter were looked at.
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

/// Tells of every value under which a wake may be filed that waits for this event.
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
