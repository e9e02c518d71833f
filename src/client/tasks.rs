//! The tasks that somebody holds: each has one entry, whoever asks for it, and goes when its last handle does.

use std::num::NonZeroU32;
use std::rc::Rc;

use super::Host;
use super::news::Fault;
use crate::family::{ApiVersion, Family, TaskId};
use crate::poll::{TaskPoll, reserve};

/// Where a task's entry stands.
pub type Key = u32;

/// What a task is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Its family.
    pub family: Family,
    /// Its id.
    pub id: TaskId,
    /// The version of the API that knows it.
    pub api_version: Rc<ApiVersion>,
}

pub(super) struct Entry<H: Host> {
    pub name: Name,
    pub handles: u32,
    pub machine: TaskPoll<H::Listener>,
    pub latest: Option<H::Body>,
    /// The last poll's fault, if it had one.
    pub fault: Option<Fault<H::Detail>>,
    /// The number of its poll in flight.
    pub flight: Option<NonZeroU32>,
}

pub(super) struct Tasks<H: Host> {
    entries: Vec<Option<Box<Entry<H>>>>,
    free: Vec<Key>,
    /// The shared ones, sorted by name. (A `BTreeMap` would weigh 9 kB of WebAssembly.)
    by_name: Vec<Key>,
}

impl<H: Host> Default for Tasks<H> {
    fn default() -> Self {
        Tasks { entries: Vec::new(), free: Vec::new(), by_name: Vec::new() }
    }
}

impl<H: Host> Tasks<H> {
    /// A handle of the shared task of that name.
    pub fn open(&mut self, name: Name) -> Key {
        let place = self.place(&name);
        if let Ok(index) = place {
            let key = self.by_name[index];
            self.retain(key);
            return key;
        }
        let machine = TaskPoll::new(name.family, &name.id);
        let key = self.insert(name, machine);
        if let Err(index) = place {
            reserve(&mut self.by_name, 1);
            self.by_name.insert(index, key);
        }
        key
    }

    /// A handle of a task that nobody else gets.
    pub fn open_alone(&mut self, name: Name, machine: TaskPoll<H::Listener>) -> Key {
        self.insert(name, machine)
    }

    pub fn retain(&mut self, key: Key) {
        if let Some(entry) = self.get_mut(key) {
            entry.handles += 1;
        }
    }

    /// A handle is gone: gives the entry where it was the last.
    pub fn release(&mut self, key: Key) -> Option<Box<Entry<H>>> {
        let entry = self.get_mut(key)?;
        entry.handles -= 1;
        if entry.handles > 0 {
            return None;
        }
        // One alone has a name that may be a shared one's, too.
        if let Ok(index) = self.place(&self.get(key)?.name)
            && self.by_name[index] == key
        {
            self.by_name.remove(index);
        }
        self.free.push(key);
        self.entries.get_mut(key as usize)?.take()
    }

    #[inline(never)]
    pub fn get(&self, key: Key) -> Option<&Entry<H>> {
        self.entries.get(key as usize)?.as_deref()
    }

    #[inline(never)]
    pub fn get_mut(&mut self, key: Key) -> Option<&mut Entry<H>> {
        self.entries.get_mut(key as usize)?.as_deref_mut()
    }

    pub fn keys(&self) -> impl Iterator<Item = Key> + use<H> {
        0..self.entries.len() as Key
    }

    fn insert(&mut self, name: Name, machine: TaskPoll<H::Listener>) -> Key {
        let entry = Box::new(Entry { name, handles: 1, machine, latest: None, fault: None, flight: None });
        match self.free.pop() {
            Some(key) => {
                self.entries[key as usize] = Some(entry);
                key
            }
            None => {
                reserve(&mut self.entries, 1);
                self.entries.push(Some(entry));
                self.entries.len() as Key - 1
            }
        }
    }

    fn place(&self, name: &Name) -> Result<usize, usize> {
        self.by_name.binary_search_by(|key| self.get(*key).map(|entry| &entry.name).cmp(&Some(name)))
    }
}
