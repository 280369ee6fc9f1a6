//! The places of texts: in the order of the texts, or in no order but found at once.
//!
//! The standard library's maps can do this as well, but with ten times the code, which is a tenth of the WebAssembly.
//! There they also take twice the time.

use std::iter::from_fn;
use std::sync::Arc;

use super::text_hash::hash;

/// An index from texts to places.
pub(crate) trait Places: Default {
    fn place(&self, text: &str) -> Option<usize>;
    /// The place of a text. A text without a place gets this one, and is kept as `shared` returns it.
    fn take(&mut self, text: &str, place: usize, shared: &dyn Fn() -> Arc<str>) -> usize;
    fn remove(&mut self, text: &str) -> Option<usize>;
    fn len(&self) -> usize;
}

/// How many texts a chunk has at most. Moving some of that many takes no longer than finding them.
const CHUNK: usize = 256;

/// Texts in their order, in chunks, none of which is empty.
#[derive(Default)]
pub(crate) struct Ordered {
    chunks: Vec<Vec<(Arc<str>, usize)>>,
    len: usize,
}

impl Ordered {
    /// The places in the order of their texts.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> {
        let mut chunks = self.chunks.iter();
        let mut chunk = [].iter();
        // Written out: `flatten` can do more than is needed, for half a kilobyte at each use.
        from_fn(move || {
            loop {
                if let Some((_, place)) = chunk.next() {
                    return Some(*place);
                }
                chunk = chunks.next()?.iter();
            }
        })
    }

    /// The chunk that has the text or would have it, and where in the chunk the text is, or has to go.
    fn find(&self, text: &str) -> (usize, Result<usize, usize>) {
        let after = self
            .chunks
            .partition_point(|chunk| chunk.first().is_some_and(|(first, _)| **first <= *text));
        let at = after.saturating_sub(1);
        let found = match self.chunks.get(at) {
            Some(chunk) => chunk.binary_search_by(|(other, _)| (**other).cmp(text)),
            None => Err(0),
        };
        (at, found)
    }
}

impl Places for Ordered {
    #[inline(never)]
    fn place(&self, text: &str) -> Option<usize> {
        let (at, found) = self.find(text);
        found.ok().map(|index| self.chunks[at][index].1)
    }

    #[inline(never)]
    fn take(&mut self, text: &str, place: usize, shared: &dyn Fn() -> Arc<str>) -> usize {
        let (at, found) = self.find(text);
        let index = match found {
            Ok(index) => return self.chunks[at][index].1,
            Err(index) => index,
        };
        if self.chunks.is_empty() {
            self.chunks.push(Vec::new());
        }
        let chunk = &mut self.chunks[at];
        chunk.insert(index, (shared(), place));
        if chunk.len() > CHUNK {
            // A caller that adds texts in order, as most do, leaves the chunk before full.
            let keeps = if index == CHUNK { CHUNK } else { CHUNK / 2 };
            let rest = chunk.split_off(keeps);
            self.chunks.insert(at + 1, rest);
        }
        self.len += 1;
        place
    }

    #[inline(never)]
    fn remove(&mut self, text: &str) -> Option<usize> {
        let (at, found) = self.find(text);
        let index = found.ok()?;
        let (_, place) = self.chunks[at].remove(index);
        if self.chunks[at].is_empty() {
            self.chunks.remove(at);
        }
        self.len -= 1;
        Some(place)
    }

    fn len(&self) -> usize {
        self.len
    }
}

/// Texts in no order: a hash table with open addressing, at most three quarters full.
#[derive(Default)]
pub(crate) struct Hashed {
    slots: Vec<Slot>,
    len: usize,
}

#[derive(Clone, Default)]
struct Slot {
    /// `None` if the slot is free.
    text: Option<Arc<str>>,
    hash: u32,
    place: u32,
}

impl Hashed {
    /// The slot of a text, or the free slot at which the search ends. There has to be a slot.
    fn find(&self, text: &str, hash: u32) -> (usize, &Slot) {
        let last = self.slots.len() - 1;
        let mut index = own_slot(hash, self.slots.len());
        loop {
            let slot = &self.slots[index];
            let Some(other) = &slot.text else {
                return (index, slot);
            };
            if slot.hash == hash && **other == *text {
                return (index, slot);
            }
            index = (index + 1) & last;
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(8);
        let before = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in before {
            if slot.text.is_some() {
                self.fill(slot);
            }
        }
    }

    /// Puts a text that is not in the table into the first free slot, from the text's own slot on.
    fn fill(&mut self, filled: Slot) {
        let last = self.slots.len() - 1;
        let mut index = own_slot(filled.hash, self.slots.len());
        while self.slots[index].text.is_some() {
            index = (index + 1) & last;
        }
        self.slots[index] = filled;
    }
}

impl Places for Hashed {
    #[inline(never)]
    fn place(&self, text: &str) -> Option<usize> {
        if self.len == 0 {
            return None;
        }
        let (_, slot) = self.find(text, hash(text));
        slot.text.is_some().then_some(slot.place as usize)
    }

    #[inline(never)]
    fn take(&mut self, text: &str, place: usize, shared: &dyn Fn() -> Arc<str>) -> usize {
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let hash = hash(text);
        let (index, slot) = self.find(text, hash);
        if slot.text.is_some() {
            return slot.place as usize;
        }
        self.slots[index] = Slot {
            hash,
            text: Some(shared()),
            place: u32::try_from(place).expect("a table has no four billion entries"),
        };
        self.len += 1;
        place
    }

    #[inline(never)]
    fn remove(&mut self, text: &str) -> Option<usize> {
        if self.len == 0 {
            return None;
        }
        let (mut free, slot) = self.find(text, hash(text));
        slot.text.as_ref()?;
        let place = slot.place as usize;
        // Entries behind the gap that would not be found any more move up.
        let last = self.slots.len() - 1;
        let mut index = free;
        loop {
            index = (index + 1) & last;
            let slot = &self.slots[index];
            if slot.text.is_none() {
                break;
            }
            let own = own_slot(slot.hash, self.slots.len());
            let from_own_to_here = index.wrapping_sub(own) & last;
            let from_free_to_here = index.wrapping_sub(free) & last;
            if from_own_to_here >= from_free_to_here {
                self.slots.swap(free, index);
                free = index;
            }
        }
        self.slots[free] = Slot::default();
        self.len -= 1;
        Some(place)
    }

    fn len(&self) -> usize {
        self.len
    }
}

/// The slot at which the search for a text with that hash begins. The number of slots is a power of two.
fn own_slot(hash: u32, slots: usize) -> usize {
    (hash >> (u32::BITS - slots.trailing_zeros())) as usize
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Texts of which many are alike and some are long, and whether each is added or removed.
    fn changes() -> impl Strategy<Value = Vec<(String, bool)>> {
        let text = prop_oneof![
            (0..2_000_u32).prop_map(|number| format!("run.{number}")),
            "[ab]{0,3}",
            "é{6,9}",
        ];
        prop::collection::vec((text, prop::bool::weighted(0.7)), 0..3_000)
    }

    fn add(places: &mut impl Places, text: &str, place: usize) -> usize {
        places.take(text, place, &|| text.into())
    }

    fn is_like_a_map<P: Places>(changes: &[(String, bool)]) -> (P, BTreeMap<String, usize>) {
        let (mut places, mut map) = (P::default(), BTreeMap::new());
        for (place, (text, is_added)) in changes.iter().enumerate() {
            assert_eq!(places.place(text), map.get(text).copied());
            if !is_added {
                assert_eq!(places.remove(text), map.remove(text));
            } else if !map.contains_key(text) {
                assert_eq!(add(&mut places, text, place), place);
                map.insert(text.clone(), place);
            }
            assert_eq!(places.len(), map.len());
        }
        for (text, place) in &map {
            assert_eq!(places.place(text), Some(*place));
            assert_eq!(add(&mut places, text, usize::MAX), *place, "it has one");
        }
        (places, map)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        #[test]
        fn ordered_places_are_those_of_a_map_and_in_its_order(changes in changes()) {
            let (places, map) = is_like_a_map::<Ordered>(&changes);
            prop_assert!(places.places().eq(map.into_values()));
        }

        #[test]
        fn hashed_places_are_those_of_a_map(changes in changes()) {
            is_like_a_map::<Hashed>(&changes);
        }
    }

    #[test]
    fn texts_added_in_order_fill_their_chunks() {
        let mut ordered = Ordered::default();
        for number in 0..10 * CHUNK {
            add(&mut ordered, &format!("{number:06}"), number);
        }
        assert_eq!(ordered.chunks.len(), 10);
        for number in 0..10 * CHUNK {
            assert_eq!(ordered.remove(&format!("{number:06}")), Some(number));
        }
        assert!(ordered.chunks.is_empty());
    }

    #[test]
    fn a_text_is_not_taken_for_another_of_the_same_hash() {
        let mut hashed = Hashed::default();
        add(&mut hashed, "a", 0);
        let (_, slot) = hashed.find("b", hash("a"));
        assert!(slot.text.is_none());
    }

    #[test]
    fn texts_that_are_alike_are_spread() {
        let mut hashed = Hashed::default();
        for number in 0..30_000_usize {
            add(&mut hashed, &format!("message.{number}"), number);
        }
        let (size, last) = (hashed.slots.len(), hashed.slots.len() - 1);
        let away = hashed
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.text.is_some());
        let away = away.map(|(index, slot)| index.wrapping_sub(own_slot(slot.hash, size)) & last);
        assert!(
            away.max() < Some(200),
            "no long ways from the first slot to the text's own"
        );
    }
}
