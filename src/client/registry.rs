//! Which task has a poller already: handles of one task share it, and it goes when the last of them does.

use std::rc::{Rc, Weak};

use crate::family::{Family, TaskId};

/// Sorted by task. (A `BTreeMap` would weigh 9 kB of WebAssembly.)
pub(super) struct Registry<Poller>(Vec<Entry<Poller>>);

struct Entry<Poller> {
    family: Family,
    id: TaskId,
    poller: Weak<Poller>,
}

impl<Poller> Default for Registry<Poller> {
    fn default() -> Self {
        Registry(Vec::new())
    }
}

impl<Poller> Registry<Poller> {
    fn place(&self, family: Family, id: &TaskId) -> Result<usize, usize> {
        self.0.binary_search_by(|entry| (entry.family, &entry.id).cmp(&(family, id)))
    }

    /// The task's poller, made where there is none.
    pub(super) fn get_or_insert(
        &mut self,
        family: Family,
        id: TaskId,
        make: impl FnOnce(&TaskId) -> Rc<Poller>,
    ) -> Rc<Poller> {
        let place = self.place(family, &id);
        if let Ok(index) = place
            && let Some(poller) = self.0[index].poller.upgrade()
        {
            return poller;
        }
        let poller = make(&id);
        let entry = Entry { family, id, poller: Rc::downgrade(&poller) };
        match place {
            Ok(index) => self.0[index] = entry,
            Err(index) => self.0.insert(index, entry),
        }
        poller
    }

    /// Forgets the task, unless another poller has taken the place of the one that is gone.
    pub(super) fn forget(&mut self, family: Family, id: &TaskId) {
        if let Ok(index) = self.place(family, id)
            && self.0[index].poller.strong_count() == 0
        {
            self.0.remove(index);
        }
    }

    pub(super) fn all(&self) -> Vec<Rc<Poller>> {
        self.0.iter().filter_map(|entry| entry.poller.upgrade()).collect()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_task_has_one_poller_until_the_last_handle_is_gone() {
        let mut registry = Registry::default();
        let id = |id: usize| TaskId::new(Family::Export, &id.to_string()).expect("an id");
        let first = registry.get_or_insert(Family::Export, id(7), |_| Rc::new("first"));
        let again = registry.get_or_insert(Family::Export, id(7), |_| Rc::new("second"));
        assert!(Rc::ptr_eq(&first, &again));
        drop((first, again));
        registry.forget(Family::Export, &id(7));
        assert_eq!(registry.0.len(), 0, "nothing piles up");
        let fresh = registry.get_or_insert(Family::Export, id(7), |_| Rc::new("third"));
        registry.forget(Family::Export, &id(7));
        assert_eq!(registry.all(), [fresh], "a poller in use is not forgotten");
    }
}
