//! Those who wait, look, or poll once: what each was told, and when.

use std::cell::RefCell;
use std::rc::Rc;

use futures::future::RemoteHandle;
use hubspot_async_tasks::client::{Failure, Finished, News, PollStep};

use super::{TestNews, Text};

pub type End = Result<Finished<Text>, Box<Failure<Text, Text>>>;

/// One who waits; leaves when dropped.
pub struct Waiting {
    pub(super) _running: RemoteHandle<()>,
    pub(super) told: Rc<RefCell<Vec<(u64, TestNews)>>>,
}

impl Waiting {
    /// The statuses it was told, and when.
    pub fn statuses(&self) -> Vec<(u64, Text)> {
        let told = self.told.borrow();
        let status = |(at, news): &(u64, TestNews)| match news {
            News::Status(text) => Some((*at, *text)),
            News::End(_) => None,
        };
        told.iter().filter_map(status).collect()
    }

    /// How it ended, and when; `None` while it goes on.
    pub fn end(&self) -> Option<(u64, End)> {
        match self.told.borrow().last() {
            Some((at, News::End(end))) => Some((*at, end.clone())),
            _ => None,
        }
    }

    /// When it failed, and how.
    pub fn failure(&self) -> (u64, Failure<Text, Text>) {
        match self.end() {
            Some((at, Err(failure))) => (at, *failure),
            other => panic!("no failure: {other:?}"),
        }
    }

    /// When it succeeded, and with what.
    pub fn success(&self) -> (u64, Finished<Text>) {
        match self.end() {
            Some((at, Ok(finished))) => (at, finished),
            other => panic!("no success: {other:?}"),
        }
    }
}

pub type Seen = Result<Option<Text>, Box<Failure<Text, Text>>>;

/// One who asks for the status; gives up when dropped.
pub struct Looking {
    pub(super) _running: RemoteHandle<()>,
    pub(super) seen: Rc<RefCell<Option<(u64, Seen)>>>,
}

impl Looking {
    pub fn seen(&self) -> Option<(u64, Seen)> {
        self.seen.borrow().clone()
    }

    /// When it failed, and how.
    pub fn failure(&self) -> (u64, Failure<Text, Text>) {
        match self.seen() {
            Some((at, Err(failure))) => (at, *failure),
            other => panic!("no failure: {other:?}"),
        }
    }
}

pub type Step = Result<PollStep<Text, Text>, Box<Failure<Text, Text>>>;

/// One who polls once; gives up when dropped.
pub struct Polling {
    pub(super) _running: RemoteHandle<()>,
    pub(super) seen: Rc<RefCell<Option<(u64, Step)>>>,
}

impl Polling {
    pub fn seen(&self) -> Option<(u64, Step)> {
        self.seen.borrow().clone()
    }

    /// What it brought.
    pub fn step(&self) -> PollStep<Text, Text> {
        match self.seen() {
            Some((_, Ok(step))) => step,
            other => panic!("no step: {other:?}"),
        }
    }

    /// When it failed, and how.
    pub fn failure(&self) -> (u64, Failure<Text, Text>) {
        match self.seen() {
            Some((at, Err(failure))) => (at, *failure),
            other => panic!("no failure: {other:?}"),
        }
    }
}
