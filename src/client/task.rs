//! What a caller of the async driver holds: a task, and a wait for it.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::effect::{Polled, Seen};
use super::news::{FailureOf, Finished, News, NewsOf};
use super::run::{Seat, Seats, Shared};
use super::{CallId, Clock, Key, Transport, WaitSettings};
use crate::family::{Family, TaskId};
use crate::poll::{Checkpoint, Timestamp, WaiterId};

/// A handle of one task. Handles of the same task share its polls.
pub struct Task<T: Transport, C: Clock<Fault = T::Detail>> {
    shared: Rc<Shared<T, C>>,
    key: Key,
    family: Family,
    id: TaskId,
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Clone for Task<T, C> {
    fn clone(&self) -> Self {
        self.shared.engine.borrow_mut().retain(self.key);
        Task { shared: self.shared.clone(), key: self.key, family: self.family, id: self.id.clone() }
    }
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Drop for Task<T, C> {
    fn drop(&mut self) {
        let now = self.shared.now_or_last();
        self.shared.engine.borrow_mut().release(self.key, now);
        self.shared.tidy();
    }
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Task<T, C> {
    pub(super) fn new(shared: &Rc<Shared<T, C>>, key: Key, family: Family, id: TaskId) -> Self {
        Task { shared: shared.clone(), key, family, id }
    }

    /// The task's family.
    pub fn family(&self) -> Family {
        self.family
    }

    /// The task's id, as it was given.
    pub fn id(&self) -> &TaskId {
        &self.id
    }

    /// The newest status that HubSpot sent, if any.
    pub fn latest(&self) -> Option<T::Body> {
        self.shared.engine.borrow().latest(self.key)
    }

    /// Where the task's polling stands, for another process to carry on.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        let engine = self.shared.engine.borrow();
        engine.checkpoint(self.key, engine.settings().wait)
    }

    /// Asks once, now. An answer without a body gives the newest status that there was.
    ///
    /// # Errors
    /// On any fault, passing ones too. While HubSpot demands a pause it waits for its end, but no longer than the
    /// request timeout.
    pub async fn status(&self) -> Seen<Seats<T>> {
        let call = self.call(|seat, now| self.shared.engine.borrow_mut().look(self.key, now, seat))?;
        poll_fn(|context| call.poll(context, |seat| seat.look.borrow_mut().take())).await
    }

    /// One poll of a task that was resumed alone.
    pub(super) async fn once(&self, deadline: Option<Timestamp>) -> Polled<Seats<T>> {
        let call =
            self.call(|seat, now| self.shared.engine.borrow_mut().once(self.key, now, deadline, seat))?;
        poll_fn(|context| call.poll(context, |seat| seat.polled.borrow_mut().take())).await
    }

    fn call(
        &self,
        begin: impl FnOnce(Rc<Seat<T>>, Timestamp) -> CallId,
    ) -> Result<Call<T, C>, FailureOf<Seats<T>>> {
        let now = self.shared.now().map_err(Shared::<T, C>::clock_failure)?;
        let seat = self.shared.seat();
        let id = begin(seat.clone(), now);
        Ok(Call { task: self.clone(), seat, id })
    }

    /// Waits until the task is over. Nothing is sent until the [`Wait`] is awaited.
    ///
    /// # Errors
    /// When the clock does not work.
    pub fn wait(&self, settings: WaitSettings) -> Result<Wait<T, C>, FailureOf<Seats<T>>> {
        let now = self.shared.now().map_err(Shared::<T, C>::clock_failure)?;
        let seat = self.shared.seat();
        let id = self.shared.engine.borrow_mut().join(self.key, now, settings, seat.clone());
        Ok(Wait { task: self.clone(), seat, id })
    }
}

/// A look or a single poll under way. Dropping it gives it up.
struct Call<T: Transport, C: Clock<Fault = T::Detail>> {
    task: Task<T, C>,
    seat: Rc<Seat<T>>,
    id: CallId,
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Call<T, C> {
    fn poll<Output>(&self, context: &Context<'_>, take: impl Fn(&Seat<T>) -> Option<Output>) -> Poll<Output> {
        self.task.shared.drive_for(&self.seat, context);
        take(&self.seat).map_or(Poll::Pending, Poll::Ready)
    }
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Drop for Call<T, C> {
    fn drop(&mut self) {
        let now = self.task.shared.now_or_last();
        self.task.shared.engine.borrow_mut().hang_up(self.id, now);
        self.task.shared.tidy();
        self.task.shared.hand_over(&self.seat);
    }
}

/// A wait for a task: first the newest status, then each changed one, then the end. Dropping it ends the wait.
pub struct Wait<T: Transport, C: Clock<Fault = T::Detail>> {
    task: Task<T, C>,
    seat: Rc<Seat<T>>,
    id: Option<WaiterId>,
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Wait<T, C> {
    /// The next news. After the end it is pending for ever, so stop there.
    pub async fn next(&mut self) -> NewsOf<Seats<T>> {
        let turn = Turn(self);
        poll_fn(|context| turn.0.poll_next(context)).await
    }

    /// [`Wait::next`] for those who poll by hand.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<NewsOf<Seats<T>>> {
        if let Some(news) = self.take() {
            return Poll::Ready(news);
        }
        self.task.shared.drive_for(&self.seat, context);
        match self.take() {
            Some(news) => {
                self.task.shared.hand_over(&self.seat);
                Poll::Ready(news)
            }
            None => Poll::Pending,
        }
    }

    fn take(&self) -> Option<NewsOf<Seats<T>>> {
        let mut news = self.seat.news.borrow_mut();
        (!news.is_empty()).then(|| news.remove(0))
    }

    /// The end, passing over the statuses before it.
    ///
    /// # Errors
    /// When the task failed or was canceled, at the deadline, and on faults that do not pass.
    pub async fn finished(mut self) -> Result<Finished<T::Body>, FailureOf<Seats<T>>> {
        loop {
            if let News::End(end) = self.next().await {
                return end;
            }
        }
    }
}

/// Who stops listening before there are news must not keep the client's timer and requests to itself.
struct Turn<'a, T: Transport, C: Clock<Fault = T::Detail>>(&'a mut Wait<T, C>);

impl<T: Transport, C: Clock<Fault = T::Detail>> Drop for Turn<'_, T, C> {
    fn drop(&mut self) {
        self.0.task.shared.hand_over(&self.0.seat);
    }
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Drop for Wait<T, C> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            let now = self.task.shared.now_or_last();
            self.task.shared.engine.borrow_mut().leave(self.task.key, id, now);
        }
        self.task.shared.tidy();
        self.task.shared.hand_over(&self.seat);
    }
}
