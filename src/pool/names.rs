//! Which id and which key belong together among the calls that are under way, so that a call that names only one of the
//! two is recognised by it.

use std::sync::Arc;

use crate::domain::IdTable;

/// The ids and keys of calls under way, as texts. What belongs together is what the first call with either of the two
/// says. A call that says something else will be refused, so its names are not known here.
#[derive(Default)]
pub(crate) struct Names {
    /// The key of each id, and how many calls use the two.
    keys: IdTable<Arc<str>, (Arc<str>, usize)>,
    ids: IdTable<Arc<str>, Arc<str>>,
}

impl Names {
    /// Notes a call with this id and this key. Returns whether they belong together: then the call has to give them
    /// back.
    pub(crate) fn take(&mut self, id: Arc<str>, key: Arc<str>) -> bool {
        match self.keys.get_mut(&id) {
            Some((own, uses)) if *own == key => *uses += 1,
            None if !self.ids.contains(&key) => {
                self.keys.insert(Arc::clone(&id), (Arc::clone(&key), 1));
                self.ids.insert(key, id);
            }
            _ => return false,
        }
        true
    }

    /// Notes that a call is over which took these.
    pub(crate) fn give_back(&mut self, id: &Arc<str>, key: &Arc<str>) {
        if let Some((_, uses)) = self.keys.get_mut(id) {
            *uses -= 1;
            if *uses == 0 {
                self.keys.remove(id);
                self.ids.remove(key);
            }
        }
    }

    /// The key that belongs to this id.
    pub(crate) fn key_of(&self, id: &str) -> Option<&str> {
        self.keys.get_text(id).map(|(key, _)| &**key)
    }

    /// The id that belongs to this key.
    pub(crate) fn id_of(&self, key: &str) -> Option<&str> {
        self.ids.get_text(key).map(|id| &**id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_call_with_an_id_or_a_key_says_what_belongs_together() {
        let mut names = Names::default();
        let mut take = |id: &str, key: &str| names.take(id.into(), key.into());
        assert!(take("m1", "k1"));
        assert!(!take("m1", "k2"));
        assert!(!take("m2", "k1"));
        // Ids and keys are different things.
        assert!(take("k1", "m1"));
        assert_eq!(names.key_of("m1"), Some("k1"));
        assert_eq!(names.id_of("k1"), Some("m1"));
        assert_eq!(names.key_of("m2"), None);
        assert_eq!(names.id_of("k2"), None);
    }

    #[test]
    fn names_are_known_as_long_as_a_call_uses_them() {
        let mut names = Names::default();
        let (id, key): (Arc<str>, Arc<str>) = ("m1".into(), "k1".into());
        assert!(names.take(Arc::clone(&id), Arc::clone(&key)));
        assert!(names.take(Arc::clone(&id), Arc::clone(&key)));
        names.give_back(&id, &key);
        assert_eq!(names.id_of("k1"), Some("m1"));
        names.give_back(&id, &key);
        assert_eq!(names.key_of("m1"), None);
        assert!(names.take(id, "k2".into()));
        assert!(names.take("m2".into(), key));
    }
}
