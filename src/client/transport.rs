//! What a host must be able to do: send a request, tell the time, sleep.

use std::future::Future;

use crate::family::Family;
use crate::poll::{Answer, Span, Timestamp, Told};

/// One request: GET this path of HubSpot's API.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its number among the client's requests.
    pub number: u32,
    /// The number of the request that it repeats, because another token may mend what was wrong.
    pub repeats: Option<u32>,
    /// The family of the task it is about.
    pub family: Family,
    /// The path, to be appended to the base URL.
    pub path: String,
}

/// What came back: as much as decisions need, and what the host keeps of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply<Body, Detail> {
    /// As much as decisions need.
    pub answer: Answer,
    /// What the host keeps.
    pub payload: Payload<Body, Detail>,
    /// What its headers said of the rate limit.
    pub told: Told,
    /// Whether the same request with another token may be answered better: it is sent again, once it may.
    pub is_repeatable: bool,
}

/// What the host keeps of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload<Body, Detail> {
    /// A task status, complete.
    Status(Body),
    /// A 2xx without a body.
    Empty,
    /// What went wrong.
    Fault(Detail),
}

/// Sends requests.
#[allow(async_fn_in_trait, reason = "single-threaded by design: WebAssembly's futures are not Send")]
pub trait Transport: 'static {
    /// A task status as the host holds it. Two are equal when the bodies had the same text.
    type Body: Clone + PartialEq;
    /// What went wrong, in the host's terms.
    type Detail: Clone;

    /// Sends one request and reads its answer. Dropping the future aborts the request.
    async fn ask(&self, question: Question) -> Reply<Self::Body, Self::Detail>;

    /// The request of this number, which was answered and was to be repeated, will not be: what is kept of it may go.
    fn forget(&self, number: u32);

    /// What to say of the request of this number, which had no answer within the request timeout and is dropped now.
    fn late(&self, number: u32) -> Reply<Self::Body, Self::Detail>;
}

/// Tells the time and sleeps, both by the same clock.
pub trait Clock: 'static {
    /// Why the clock does not work.
    type Fault: Clone;

    /// The time.
    ///
    /// # Errors
    /// When the clock does not work; whoever waits is told so.
    fn now(&self) -> Result<Timestamp, Self::Fault>;

    /// Ends after `span`, or sooner where the host cannot sleep so long. Dropping the future clears the timer.
    fn sleep(&self, span: Span) -> impl Future<Output = Result<(), Self::Fault>>;
}

/// A transport's own reply.
pub(super) type ReplyOf<T> = Reply<<T as Transport>::Body, <T as Transport>::Detail>;
