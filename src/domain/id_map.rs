//! Maps from ids.
//!
//! Every id is a text, whatever its type. So one ordered index and one hash table, from texts to places (`id_places`),
//! serve all maps, and every map keeps its values by place. With a tree or a table for each type of id and value, as in
//! the standard library, the maps were an eighth of the WebAssembly.

use std::iter::from_fn;
use std::sync::Arc;

use super::id_places::{Hashed, Ordered, Places};

/// A map in the order of its ids.
pub(crate) type IdMap<K, V> = Map<K, V, Ordered>;

/// A set of ids, in their order.
pub(crate) type IdSet<K> = IdMap<K, ()>;

/// A map in no order. A lookup takes no longer the more entries there are.
pub(crate) type IdTable<K, V> = Map<K, V, Hashed>;

/// Something that is known by a text.
pub(crate) trait Id {
    /// The text.
    fn as_text(&self) -> &str;

    /// The text, shared if the id can share it.
    fn to_text(&self) -> Arc<str>;
}

impl Id for Arc<str> {
    fn as_text(&self) -> &str {
        self
    }

    fn to_text(&self) -> Arc<str> {
        Self::clone(self)
    }
}

/// Hands out places. Places that were given back come first.
#[derive(Default)]
struct Index<P> {
    places: P,
    free: Vec<usize>,
}

impl<P: Places> Index<P> {
    /// The place of an id, which gets one if it has none.
    #[inline(never)]
    fn take(&mut self, id: &dyn Id) -> usize {
        // If no place was given back, the places in use are the first ones, without a gap.
        let free = self.free.last().copied();
        let next = free.unwrap_or_else(|| self.places.len());
        let place = self.places.take(id.as_text(), next, &|| id.to_text());
        if free == Some(place) {
            self.free.pop();
        }
        place
    }

    #[inline(never)]
    fn give_back(&mut self, id: &str) -> Option<usize> {
        let place = self.places.remove(id)?;
        self.free.push(place);
        Some(place)
    }
}

/// A map from ids; see [`IdMap`] and [`IdTable`].
pub(crate) struct Map<K, V, P> {
    index: Index<P>,
    /// The ids and their values, by place.
    entries: Vec<Option<(K, V)>>,
}

impl<K, V, P: Default> Default for Map<K, V, P> {
    fn default() -> Self {
        Self {
            index: Index::default(),
            entries: Vec::new(),
        }
    }
}

impl<K: Id, V, P: Places> Map<K, V, P> {
    pub(crate) fn len(&self) -> usize {
        self.index.places.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn contains(&self, id: &K) -> bool {
        self.index.places.place(id.as_text()).is_some()
    }

    pub(crate) fn get(&self, id: &K) -> Option<&V> {
        self.get_text(id.as_text())
    }

    /// The value of the id with that text.
    pub(crate) fn get_text(&self, text: &str) -> Option<&V> {
        let place = self.index.places.place(text)?;
        self.entries[place].as_ref().map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, id: &K) -> Option<&mut V> {
        let place = self.index.places.place(id.as_text())?;
        self.entries[place].as_mut().map(|(_, value)| value)
    }

    /// Sets the value of an id; returns the value that it had.
    pub(crate) fn insert(&mut self, id: K, value: V) -> Option<V> {
        let entry = self.entry(&id);
        entry.replace((id, value)).map(|(_, value)| value)
    }

    /// The value of an id, which gets a default value if it has none.
    pub(crate) fn get_or_default(&mut self, id: &K) -> &mut V
    where
        K: Clone,
        V: Default,
    {
        let entry = self.entry(id);
        &mut entry.get_or_insert_with(|| (id.clone(), V::default())).1
    }

    pub(crate) fn remove(&mut self, id: &K) -> Option<V> {
        let place = self.index.give_back(id.as_text())?;
        self.entries[place].take().map(|(_, value)| value)
    }

    /// The entry of an id. If the entry is empty, the caller has to fill it.
    fn entry(&mut self, id: &K) -> &mut Option<(K, V)> {
        let place = self.index.take(id);
        if place == self.entries.len() {
            self.entries.push(None);
        }
        &mut self.entries[place]
    }
}

/// Equal if the same ids map to the same values.
#[cfg(test)]
impl<K: Id, V: PartialEq, P: Places> PartialEq for Map<K, V, P> {
    fn eq(&self, other: &Self) -> bool {
        let mut entries = self.entries.iter().flatten();
        self.len() == other.len() && entries.all(|(id, value)| other.get(id) == Some(value))
    }
}

impl<K: Id, V> IdMap<K, V> {
    /// The ids and their values, in the order of the ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let mut places = self.index.places.places();
        // Every place in the order has an entry.
        from_fn(move || {
            let entry = self.entries[places.next()?].as_ref();
            entry.map(|(id, value)| (id, value))
        })
    }

    /// The ids in their order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(id, _)| id)
    }

    /// The values, in the order of the ids.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }
}

impl<K: Id, V> IdTable<K, V> {
    /// The ids, in no order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &K> {
        self.entries.iter().flatten().map(|(id, _)| id)
    }
}

impl<K: Id, P: Places> Map<K, (), P> {
    /// Adds an id.
    pub(crate) fn add(&mut self, id: K) {
        self.insert(id, ());
    }
}

impl<K: Id, P: Places> Extend<K> for Map<K, (), P> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, ids: I) {
        ids.into_iter().for_each(|id| self.add(id));
    }
}

impl<K: Id, P: Places> FromIterator<K> for Map<K, (), P> {
    fn from_iter<I: IntoIterator<Item = K>>(ids: I) -> Self {
        let mut set = Self::default();
        set.extend(ids);
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RunId;

    fn id(text: &str) -> RunId {
        RunId::new(text).unwrap()
    }

    #[test]
    fn a_map_is_in_the_order_of_its_ids_whatever_was_removed() {
        let mut map = IdMap::default();
        for text in ["c", "a", "d", "b"] {
            assert_eq!(map.insert(id(text), text.to_owned()), None);
        }
        assert_eq!(map.insert(id("a"), "A".to_owned()).as_deref(), Some("a"));
        assert_eq!(map.remove(&id("c")).as_deref(), Some("c"));
        assert_eq!(map.remove(&id("c")), None);
        map.get_or_default(&id("e")).push('e');
        map.get_mut(&id("e")).unwrap().push('!');
        assert_eq!(map.len(), 4);
        let ids: Vec<_> = map.ids().map(RunId::as_str).collect();
        assert_eq!(ids, ["a", "b", "d", "e"]);
        let values: Vec<_> = map.values().map(String::as_str).collect();
        assert_eq!(values, ["A", "b", "d", "e!"]);
        assert!(map.contains(&id("d")) && !map.contains(&id("c")));
    }

    #[test]
    fn what_was_removed_leaves_its_place_to_the_next() {
        let mut table = IdTable::default();
        for round in 0..100 {
            for run in ["a", "b", "c"] {
                table.insert(id(run), round);
            }
            assert_eq!(table.get(&id("b")), Some(&round));
            assert_eq!(table.get_text("c"), Some(&round));
            for run in ["c", "a", "b"] {
                assert_eq!(table.remove(&id(run)), Some(round));
            }
            assert!(table.is_empty() && table.get(&id("a")).is_none());
        }
        assert_eq!(table.entries.len(), 3);
        assert_eq!(table.ids().count(), 0);
    }

    #[test]
    fn an_id_that_is_there_takes_no_place_that_was_given_back() {
        let mut map = IdMap::default();
        map.insert(id("a"), 1);
        map.insert(id("b"), 2);
        map.remove(&id("a"));
        assert_eq!(map.insert(id("b"), 3), Some(2));
        // The place of `a` is still there for `c`, which would otherwise get that of `b`.
        assert_eq!(map.insert(id("c"), 4), None);
        assert_eq!(map.values().copied().collect::<Vec<_>>(), [3, 4]);
        assert_eq!(map.entries.len(), 2);
    }
}
