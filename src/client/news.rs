//! What calls and observers are told.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::known::Name;
use crate::engine::EventKind;
use crate::poll::{Checkpoint, Code, Outcome, Span, Timestamp};

/// What a wait tells.
#[derive(Clone, Debug, PartialEq)]
pub enum News<Body, Detail> {
    /// The task's status is another than before.
    Status(Body),
    /// The wait is over.
    End(Result<Finished<Body>, Box<Failure<Body, Detail>>>),
}

/// A task that succeeded.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished<Body> {
    /// [`Outcome::Succeeded`] or [`Outcome::SucceededWithErrors`].
    pub outcome: Outcome,
    /// Its last status.
    pub status: Body,
    /// How many polls were answered or failed.
    pub polls: u32,
    /// How long after its completion that was seen, where HubSpot told when it completed.
    pub detection_delay: Option<Span>,
}

/// Why a call or a wait ended without success.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure<Body, Detail> {
    /// Which kind it is.
    pub code: Code,
    /// The last fault: what the failure is, or at a timeout what may have led to it.
    pub fault: Option<Fault<Detail>>,
    /// How long the pause that HubSpot demanded still lasts.
    pub retry_after: Option<Span>,
    /// The newest status that HubSpot sent.
    pub last_status: Option<Body>,
    /// How many polls were answered or failed.
    pub polls: u32,
}

/// One attempt that went wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault<Detail> {
    /// Which kind it is.
    pub code: Code,
    /// What went wrong, in the host's terms.
    pub detail: Detail,
}

/// What a single poll brought.
#[derive(Clone, Debug, PartialEq)]
pub struct PollStep<Body, Detail> {
    /// How the task stands.
    pub outcome: Outcome,
    /// The newest status, if HubSpot sent one.
    pub status: Option<Body>,
    /// The passing fault that the poll met.
    pub fault: Option<Box<Failure<Body, Detail>>>,
    /// What the next process carries on with.
    pub checkpoint: Checkpoint,
    /// How long until the next poll is due; `None` when the task is over.
    pub delay: Option<Span>,
}

/// Something that happened to a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<Body> {
    /// The task.
    pub task: Arc<Name>,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// The task's newest status, where that [changed](EventKind::Changed).
    pub status: Option<Body>,
}

/// What a look at a task comes back with: its newest status, if HubSpot ever sent one.
pub type Seen<Body, Detail> = Result<Option<Body>, Box<Failure<Body, Detail>>>;
/// What a single poll comes back with.
pub type Polled<Body, Detail> = Result<PollStep<Body, Detail>, Box<Failure<Body, Detail>>>;

impl<Detail: fmt::Display> fmt::Display for Fault<Detail> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.detail)
    }
}

impl<Detail: fmt::Display + fmt::Debug> Error for Fault<Detail> {}

impl<Body, Detail: fmt::Display> fmt::Display for Failure<Body, Detail> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.name())?;
        match &self.fault {
            Some(fault) if fault.code == self.code => write!(f, ": {}", fault.detail)?,
            Some(fault) => write!(f, ": the last poll met {fault}")?,
            None => {}
        }
        if let Some(retry_after) = self.retry_after {
            write!(f, " (HubSpot asks to wait {} s)", retry_after.as_secs_f64())?;
        }
        Ok(())
    }
}

impl<Body: fmt::Debug, Detail: fmt::Display + fmt::Debug> Error for Failure<Body, Detail> {}
