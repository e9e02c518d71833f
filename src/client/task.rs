//! What a caller holds: a task, and a wait for it.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::news::{FailureOf, Finished, News, NewsOf};
use super::poller::Poller;
use super::{Clock, Transport, WaitSettings};
use crate::family::{Family, TaskId};
use crate::poll::WaiterId;

/// A handle of one task. Handles of the same task share its polls.
pub struct Task<T: Transport, C: Clock<Fault = T::Detail>> {
    poller: Rc<Poller<T, C>>,
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Clone for Task<T, C> {
    fn clone(&self) -> Self {
        Task { poller: self.poller.clone() }
    }
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Task<T, C> {
    pub(super) fn new(poller: Rc<Poller<T, C>>) -> Self {
        Task { poller }
    }

    /// The task's family.
    pub fn family(&self) -> Family {
        self.poller.family
    }

    /// The task's id, as it was given.
    pub fn id(&self) -> &TaskId {
        &self.poller.id
    }

    /// The newest status that HubSpot sent, if any.
    pub fn latest(&self) -> Option<T::Body> {
        self.poller.latest()
    }

    /// Asks once, now. An answer without a body gives the newest status that there was.
    ///
    /// # Errors
    /// On any fault, passing ones too. While HubSpot demands a pause it waits for its end, but no longer than the
    /// request timeout.
    pub async fn status(&self) -> Result<Option<T::Body>, FailureOf<T>> {
        self.poller.clone().status().await
    }

    /// Waits until the task is over. Nothing is sent until the [`Wait`] is awaited.
    ///
    /// # Errors
    /// When the clock does not work.
    pub fn wait(&self, settings: WaitSettings) -> Result<Wait<T, C>, FailureOf<T>> {
        let id = self.poller.join(settings)?;
        Ok(Wait { poller: self.poller.clone(), id })
    }
}

/// A wait for a task: first the newest status, then each changed one, then the end. Dropping it ends the wait.
pub struct Wait<T: Transport, C: Clock<Fault = T::Detail>> {
    poller: Rc<Poller<T, C>>,
    id: WaiterId,
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Wait<T, C> {
    /// The next news. After the end it is pending for ever, so stop there.
    pub async fn next(&mut self) -> NewsOf<T> {
        let turn = Turn(self);
        poll_fn(|context| turn.0.poll_next(context)).await
    }

    /// [`Wait::next`] for those who poll by hand.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<NewsOf<T>> {
        let news = self.poller.poll_news(self.id, context);
        if news.is_ready() {
            self.poller.hand_over(self.id);
        }
        news
    }

    /// The end, passing over the statuses before it.
    ///
    /// # Errors
    /// When the task failed or was canceled, at the deadline, and on faults that do not pass.
    pub async fn finished(mut self) -> Result<Finished<T::Body>, FailureOf<T>> {
        loop {
            if let News::End(end) = self.next().await {
                return end;
            }
        }
    }
}

/// Who stops listening before there are news must not keep the task's timer and request to itself.
struct Turn<'a, T: Transport, C: Clock<Fault = T::Detail>>(&'a mut Wait<T, C>);

impl<T: Transport, C: Clock<Fault = T::Detail>> Drop for Turn<'_, T, C> {
    fn drop(&mut self) {
        self.0.poller.hand_over(self.0.id);
    }
}

impl<T: Transport, C: Clock<Fault = T::Detail>> Drop for Wait<T, C> {
    fn drop(&mut self) {
        self.poller.leave(self.id);
    }
}
