//! Who is to be told what: the calls that the driver has heard of.

use std::collections::BTreeMap;

use futures_channel::{mpsc, oneshot};

use super::news::{Failure, News, Polled, Seen};
use crate::engine::{CallId, TaskKey, WaitSettings};
use crate::poll::Timestamp;

/// What a call goes by between whoever made it and the driver: the engine's number comes later, and is used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(pub u64);

/// What a handle wants of the driver.
pub(super) enum Command<Body, Detail> {
    /// A call begins. A wait rests at first.
    Begin(Ticket, Call<Body, Detail>),
    /// A wait is awaited for the first time.
    Attend(Ticket),
    /// Whoever made the call is gone.
    Leave(Ticket),
    /// The last handle of the task is gone.
    Close(TaskKey),
}

/// A call for a task.
pub(super) struct Call<Body, Detail> {
    pub task: TaskKey,
    pub wants: Wants<Body, Detail>,
}

/// What a call wants, and where to tell it.
pub(super) enum Wants<Body, Detail> {
    /// The task's end, and its statuses up to there.
    End(WaitSettings, mpsc::UnboundedSender<News<Body, Detail>>),
    /// One status.
    Status(oneshot::Sender<Seen<Body, Detail>>),
    /// What one poll brings, up to a deadline.
    Step(Option<Timestamp>, oneshot::Sender<Polled<Body, Detail>>),
}

impl<Body, Detail> Call<Body, Detail> {
    /// It is over, without success. Whoever is gone hears nothing.
    pub fn fail(self, failure: Box<Failure<Body, Detail>>) {
        match self.wants {
            Wants::End(_, listener) => _ = listener.unbounded_send(News::End(Err(failure))),
            Wants::Status(listener) => _ = listener.send(Err(failure)),
            Wants::Step(_, listener) => _ = listener.send(Err(failure)),
        }
    }
}

/// The calls that are not over, by both their numbers.
pub(super) struct Calls<Body, Detail> {
    open: BTreeMap<CallId, (Ticket, Call<Body, Detail>)>,
    ids: BTreeMap<Ticket, CallId>,
}

impl<Body, Detail> Calls<Body, Detail> {
    pub fn new() -> Self {
        Calls { open: BTreeMap::new(), ids: BTreeMap::new() }
    }

    pub fn begin(&mut self, id: CallId, ticket: Ticket, call: Call<Body, Detail>) {
        self.ids.insert(ticket, id);
        self.open.insert(id, (ticket, call));
    }

    pub fn id(&self, ticket: Ticket) -> Option<CallId> {
        self.ids.get(&ticket).copied()
    }

    pub fn get(&self, id: CallId) -> Option<&Call<Body, Detail>> {
        self.open.get(&id).map(|(_, call)| call)
    }

    /// It is over, or left.
    pub fn remove(&mut self, id: CallId) -> Option<Call<Body, Detail>> {
        let (ticket, call) = self.open.remove(&id)?;
        self.ids.remove(&ticket);
        Some(call)
    }

    /// All are over, the oldest first.
    pub fn take_all(&mut self) -> impl Iterator<Item = Call<Body, Detail>> + use<Body, Detail> {
        let mut open = std::mem::take(&mut self.open);
        let ids = std::mem::take(&mut self.ids);
        ids.into_values().filter_map(move |id| open.remove(&id)).map(|(_, call)| call)
    }
}
