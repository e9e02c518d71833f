//! What the handles and the driver share: the engine, and what is known of each task.
//!
//! It is locked for a moment at a time, and nobody's code runs meanwhile: bodies and details lie behind an [`Arc`], so that
//! they are cloned, compared and dropped outside.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::calls::Ticket;
use super::task::Opened;
use crate::engine::{Engine, Kept, TaskKey};
use crate::family::{ApiVersion, Family, TaskId};
use crate::poll::{Checkpoint, Envelope, Phase, Progress, Timestamp};

/// What a task is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Its family.
    pub family: Family,
    /// Its id.
    pub id: TaskId,
    /// The version of the API that knows it.
    pub api_version: ApiVersion,
}

impl Name {
    pub(super) fn of(checkpoint: &Checkpoint) -> Name {
        let Checkpoint { family, task_id, api_version, .. } = checkpoint;
        Name { family: *family, id: task_id.clone(), api_version: api_version.clone() }
    }

    /// What another process carries on with.
    pub(super) fn checkpoint(&self, progress: Progress, deadline: Option<Timestamp>) -> Checkpoint {
        let Name { family, id, api_version } = self;
        Checkpoint {
            family: *family,
            task_id: id.clone(),
            api_version: api_version.clone(),
            progress,
            deadline,
        }
    }
}

/// What the handles and the driver share.
pub(super) struct Known<Body, Detail>(Mutex<Inner<Body, Detail>>);

pub(super) struct Inner<Body, Detail> {
    pub engine: Engine,
    pub tasks: BTreeMap<TaskKey, Entry<Body, Detail>>,
    /// Those that handles share: the ones that were resumed alone are not among them.
    pub shared: BTreeMap<Arc<Name>, Weak<Opened<Body, Detail>>>,
    last_ticket: u64,
}

/// What is known of a task, and the engine does not know.
pub(super) struct Entry<Body, Detail> {
    pub name: Arc<Name>,
    /// Its newest status.
    pub latest: Option<Arc<Body>>,
    /// Where that is what its details say.
    pub by_details: Option<ByDetails<Body>>,
    /// What went wrong with its last poll, if anything did.
    pub fault: Option<Arc<Detail>>,
}

/// The task's details stand for its status as long as that says no more than it did before.
pub(super) struct ByDetails<Body> {
    /// The status before, if there was one.
    pub status: Option<Arc<Body>>,
    /// What decisions need of what the details say.
    pub envelope: Envelope,
}

impl<Body> Clone for ByDetails<Body> {
    fn clone(&self) -> Self {
        ByDetails { status: self.status.clone(), envelope: self.envelope }
    }
}

/// What a reply brought: a status or a fault, or neither.
pub(super) struct Brought<Body, Detail> {
    pub status: Option<Arc<Body>>,
    /// Where the status is what the task's details say.
    pub by_details: Option<Envelope>,
    pub fault: Option<Arc<Detail>>,
}

/// What a reply took the place of, to be dropped outside of the lock.
pub(super) struct Former<Body, Detail> {
    _status: Option<Arc<Body>>,
    _by_details: Option<ByDetails<Body>>,
    _fault: Option<Arc<Detail>>,
}

impl<Body, Detail> Known<Body, Detail> {
    pub fn new(engine: Engine) -> Self {
        let (tasks, shared) = (BTreeMap::new(), BTreeMap::new());
        Known(Mutex::new(Inner { engine, tasks, shared, last_ticket: 0 }))
    }

    pub fn lock(&self) -> MutexGuard<'_, Inner<Body, Detail>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The task's newest status, if HubSpot ever sent one.
    pub fn latest(&self, key: TaskKey) -> Option<Arc<Body>> {
        self.lock().tasks.get(&key)?.latest.clone()
    }

    /// The same, and where that is what its details say.
    pub fn latest_and_before(&self, key: TaskKey) -> (Option<Arc<Body>>, Option<ByDetails<Body>>) {
        let inner = self.lock();
        let entry = inner.tasks.get(&key);
        entry.map_or((None, None), |entry| (entry.latest.clone(), entry.by_details.clone()))
    }

    /// Where the task's polling stands, by the pace of those who say nothing of their own.
    pub fn progress(&self, key: TaskKey) -> Progress {
        let inner = self.lock();
        inner.engine.progress(key, inner.engine.settings().schedule.pace).unwrap_or_default()
    }

    /// For one more call.
    pub fn next_ticket(&self) -> Ticket {
        let mut inner = self.lock();
        inner.last_ticket += 1;
        Ticket(inner.last_ticket)
    }
}

impl<Body, Detail> Inner<Body, Detail> {
    /// A task of its own. `None` when there are four billion.
    pub fn open(&mut self, name: &Arc<Name>) -> Option<TaskKey> {
        let key = self.engine.open(name.family, Phase::of(name.id.as_str()))?;
        self.tasks.insert(key, Entry { name: name.clone(), latest: None, by_details: None, fault: None });
        Some(key)
    }

    /// Keeps of a reply to the task's request what outputs will speak of; gives what was there before, to be dropped
    /// outside.
    pub fn keep(
        &mut self,
        key: TaskKey,
        kept: Kept,
        brought: &Brought<Body, Detail>,
    ) -> Former<Body, Detail> {
        let mut former = Former { _status: None, _by_details: None, _fault: None };
        if let Some(entry) = self.tasks.get_mut(&key) {
            if kept.status {
                let latest = mem::replace(&mut entry.latest, brought.status.clone());
                let by_details = entry.by_details.take();
                match (brought.by_details, by_details) {
                    (None, by_details) => (former._status, former._by_details) = (latest, by_details),
                    (Some(envelope), None) => {
                        entry.by_details = Some(ByDetails { status: latest, envelope });
                    }
                    (Some(envelope), Some(by_details)) => {
                        entry.by_details = Some(ByDetails { envelope, ..by_details });
                        former._status = latest;
                    }
                }
            }
            if kept.fault {
                former._fault = mem::replace(&mut entry.fault, brought.fault.clone());
            }
        }
        former
    }
}
