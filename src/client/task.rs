//! A task that callers hold, and a wait for it.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_channel::{mpsc, oneshot};
use futures_util::StreamExt;

use super::WaitSettings;
use super::calls::{Call, Command, Ticket, Wants};
use super::client::Shared;
use super::known::Name;
use super::news::{Failure, Finished, News, Seen};
use crate::engine::TaskKey;
use crate::family::{ApiVersion, Family, TaskId};
use crate::poll::{Checkpoint, Code, Estimate, Progress, Timestamp};

/// A task that somebody holds. It is closed when nobody does.
pub(super) struct Opened<Body, Detail> {
    /// `None` where there are too many.
    key: Option<TaskKey>,
    name: Arc<Name>,
    client: Arc<Shared<Body, Detail>>,
}

impl<Body, Detail> Drop for Opened<Body, Detail> {
    fn drop(&mut self) {
        let mut known = self.client.known.lock();
        // Another one may have taken its place meanwhile, and one that was resumed alone never had it.
        if known.shared.get(&self.name).is_some_and(|opened| opened.strong_count() == 0) {
            known.shared.remove(&self.name);
        }
        drop(known);
        if let Some(key) = self.key {
            self.client.tell(Command::Close(key));
        }
    }
}

impl<Body, Detail> Opened<Body, Detail> {
    pub fn new(key: Option<TaskKey>, name: Arc<Name>, client: Arc<Shared<Body, Detail>>) -> Arc<Self> {
        Arc::new(Opened { key, name, client })
    }

    /// Carries on what another process began, unless more is known of it.
    pub fn resume(&self, progress: &Progress) {
        if let Some(key) = self.key {
            self.client.known.lock().engine.resume(key, progress);
        }
    }

    /// A call begins: where it cannot, its listener is gone at once.
    fn begin(self: &Arc<Self>, wants: Wants<Body, Detail>) -> Begun<Body, Detail> {
        let ticket = self.client.known.next_ticket();
        if let Some(task) = self.key {
            self.client.tell(Command::Begin(ticket, Call { task, wants }));
        }
        Begun { task: self.clone(), ticket, is_over: false }
    }
}

impl<Body: Clone, Detail> Opened<Body, Detail> {
    fn latest(&self) -> Option<Body> {
        let latest = self.client.known.latest(self.key?)?;
        Some((*latest).clone())
    }

    fn progress(&self) -> Progress {
        self.key.map(|key| self.client.known.progress(key)).unwrap_or_default()
    }

    /// A call that is told one thing.
    pub async fn ask<Told>(
        self: &Arc<Self>,
        wants: impl FnOnce(oneshot::Sender<Result<Told, Box<Failure<Body, Detail>>>>) -> Wants<Body, Detail>,
    ) -> Result<Told, Box<Failure<Body, Detail>>> {
        let (listener, told) = oneshot::channel();
        let mut begun = self.begin(wants(listener));
        let told = told.await;
        begun.is_over = true;
        told.unwrap_or_else(|_gone| Err(self.undriven()))
    }

    /// The driver is gone.
    fn undriven(&self) -> Box<Failure<Body, Detail>> {
        Box::new(Failure {
            code: Code::Internal,
            fault: None,
            retry_after: None,
            last_status: self.latest(),
            polls: self.progress().polls,
        })
    }
}

/// A call that was begun. Dropping it before it is over gives it up.
struct Begun<Body, Detail> {
    task: Arc<Opened<Body, Detail>>,
    ticket: Ticket,
    is_over: bool,
}

impl<Body, Detail> Drop for Begun<Body, Detail> {
    fn drop(&mut self) {
        if !self.is_over {
            self.task.client.tell(Command::Leave(self.ticket));
        }
    }
}

/// A handle of one task. Handles of the same task share its polls.
pub struct Task<Body, Detail>(pub(super) Arc<Opened<Body, Detail>>);

impl<Body, Detail> Clone for Task<Body, Detail> {
    fn clone(&self) -> Self {
        Task(self.0.clone())
    }
}

impl<Body: Clone, Detail> Task<Body, Detail> {
    /// The task's family.
    pub fn family(&self) -> Family {
        self.0.name.family
    }

    /// The task's id, as it was given.
    pub fn id(&self) -> &TaskId {
        &self.0.name.id
    }

    /// The version of the API that knows it.
    pub fn api_version(&self) -> &ApiVersion {
        &self.0.name.api_version
    }

    /// The newest status that HubSpot sent, if any.
    pub fn latest(&self) -> Option<Body> {
        self.0.latest()
    }

    /// Where the task's polling stands, for another process to carry on.
    pub fn checkpoint(&self) -> Checkpoint {
        self.0.name.checkpoint(self.0.progress(), None)
    }

    /// How long the task is likely still to take, by how long the client's other tasks of its family took; `now` is what
    /// the client's clock says, or another instant that is of interest. `None` where fewer than 20 of them have finished, the task is over, or the client does not
    /// learn. Of a task that was never asked, as if it began now.
    pub fn estimate(&self, now: Timestamp) -> Option<Estimate> {
        self.0.client.known.lock().engine.estimate(self.0.key?, now)
    }

    /// Asks once, now. An answer without a body gives the newest status that there was.
    ///
    /// # Errors
    /// On any fault, passing ones too. While HubSpot demands a pause it waits for its end, but no longer than the
    /// request timeout.
    pub async fn status(&self) -> Seen<Body, Detail> {
        self.0.ask(Wants::Status).await
    }

    /// Waits until the task is over. Nothing is sent until the [`Wait`] is awaited; its time limit counts from now.
    pub fn wait(&self, settings: WaitSettings) -> Wait<Body, Detail> {
        let (listener, news) = mpsc::unbounded();
        Wait { begun: self.0.begin(Wants::End(settings, listener)), news, is_attended: false }
    }
}

/// A wait for a task: first the newest status, then each changed one, then the end. Dropping it ends the wait: nothing is
/// sent for it afterwards.
pub struct Wait<Body, Detail> {
    begun: Begun<Body, Detail>,
    news: mpsc::UnboundedReceiver<News<Body, Detail>>,
    is_attended: bool,
}

impl<Body: Clone, Detail> Wait<Body, Detail> {
    /// The next news. After the end it is pending for ever, so stop there.
    pub async fn next(&mut self) -> News<Body, Detail> {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// [`Wait::next`] for those who poll by hand.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<News<Body, Detail>> {
        if self.begun.is_over {
            return Poll::Pending;
        }
        if !self.is_attended {
            self.is_attended = true;
            self.begun.task.client.tell(Command::Attend(self.begun.ticket));
        }
        self.news.poll_next_unpin(context).map(|news| {
            let news = news.unwrap_or_else(|| News::End(Err(self.begun.task.undriven())));
            self.begun.is_over = matches!(news, News::End(_));
            news
        })
    }

    /// The end, passing over the statuses before it.
    ///
    /// # Errors
    /// When the task failed or was canceled, at the deadline, and on faults that do not pass.
    pub async fn finished(mut self) -> Result<Finished<Body>, Box<Failure<Body, Detail>>> {
        loop {
            if let News::End(end) = self.next().await {
                return end;
            }
        }
    }
}
