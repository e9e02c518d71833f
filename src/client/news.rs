//! What a wait tells, and how it ends.

use super::Host;
use crate::poll::{Code, Outcome, Span};

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
    /// How many polls it took.
    pub polls: u32,
    /// How long after its completion that was seen.
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
    /// How many polls there were.
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

/// A host's own failure and news.
pub(super) type FailureOf<H> = Box<Failure<<H as Host>::Body, <H as Host>::Detail>>;
pub(super) type NewsOf<H> = News<<H as Host>::Body, <H as Host>::Detail>;
