//! Which id and which key belong together among the calls that are under way, so that a call that names only one of the
//! two is recognised by it.

use crate::domain::{Id, IdTable, IdempotencyKey};

/// The ids and keys of calls under way. What belongs together is what the first call with either of the two says. A
/// call that says something else will be refused, so its names are not known here.
pub(crate) struct Names<I> {
    /// The key of each id, and how many calls use the two.
    keys: IdTable<I, (IdempotencyKey, usize)>,
    ids: IdTable<IdempotencyKey, I>,
}

impl<I> Default for Names<I> {
    fn default() -> Self {
        Self {
            keys: IdTable::default(),
            ids: IdTable::default(),
        }
    }
}

impl<I: Id + Clone> Names<I> {
    /// Notes a call with this id and this key. Returns whether they belong together: then the call has to give them
    /// back.
    pub(crate) fn take(&mut self, id: &I, key: &IdempotencyKey) -> bool {
        match self.keys.get_mut(id) {
            Some((own, uses)) if own == key => *uses += 1,
            None if !self.ids.contains(key) => {
                self.keys.insert(id.clone(), (key.clone(), 1));
                self.ids.insert(key.clone(), id.clone());
            }
            _ => return false,
        }
        true
    }

    /// Notes that a call is over which took these.
    pub(crate) fn give_back(&mut self, id: &I, key: &IdempotencyKey) {
        if let Some((_, uses)) = self.keys.get_mut(id) {
            *uses -= 1;
            if *uses == 0 {
                self.keys.remove(id);
                self.ids.remove(key);
            }
        }
    }

    /// The key that belongs to this id.
    pub(crate) fn key_of(&self, id: &I) -> Option<&IdempotencyKey> {
        self.keys.get(id).map(|(key, _)| key)
    }

    /// The id that belongs to this key.
    pub(crate) fn id_of(&self, key: &IdempotencyKey) -> Option<&I> {
        self.ids.get(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::MessageId;

    fn id(text: &str) -> MessageId {
        MessageId::new(text).unwrap()
    }

    fn key(text: &str) -> IdempotencyKey {
        IdempotencyKey::new(text).unwrap()
    }

    #[test]
    fn the_first_call_with_an_id_or_a_key_says_what_belongs_together() {
        let mut names = Names::default();
        assert!(names.take(&id("m1"), &key("k1")));
        assert!(!names.take(&id("m1"), &key("k2")));
        assert!(!names.take(&id("m2"), &key("k1")));
        // Ids and keys are different things.
        assert!(names.take(&id("k1"), &key("m1")));
        assert_eq!(names.key_of(&id("m1")), Some(&key("k1")));
        assert_eq!(names.id_of(&key("k1")), Some(&id("m1")));
        assert_eq!(names.key_of(&id("m2")), None);
        assert_eq!(names.id_of(&key("k2")), None);
    }

    #[test]
    fn names_are_known_as_long_as_a_call_uses_them() {
        let mut names = Names::default();
        assert!(names.take(&id("m1"), &key("k1")));
        assert!(names.take(&id("m1"), &key("k1")));
        names.give_back(&id("m1"), &key("k1"));
        assert_eq!(names.id_of(&key("k1")), Some(&id("m1")));
        names.give_back(&id("m1"), &key("k1"));
        assert_eq!(names.key_of(&id("m1")), None);
        assert!(names.take(&id("m1"), &key("k2")));
        assert!(names.take(&id("m2"), &key("k1")));
    }
}
