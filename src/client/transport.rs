//! What a host must be able to do: send a request, tell the time, sleep.

use std::future::Future;

use crate::engine::RequestId;
use crate::family::Family;
use crate::poll::{Answer, RateHeaders, Span, Timestamp};
use crate::read::Asked;

/// One request: GET this path of HubSpot's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it goes by while it is under way; the same when it is sent once more.
    pub request: RequestId,
    /// The family of the task it is about.
    pub family: Family,
    /// What is asked for: [`read`](crate::read::read) is to know.
    pub asked: Asked,
    /// The path, to be appended to the base URL.
    pub path: String,
}

/// What came back: as much as decisions need, and what the host keeps of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply<Body, Detail, Repeat> {
    /// As much as decisions need.
    pub answer: Answer,
    /// What the host keeps.
    pub payload: Payload<Body, Detail>,
    /// What its headers said of the rate limit.
    pub rate_headers: RateHeaders,
    /// With a value where the same request with another token may be answered better: it is sent again, once it may, and
    /// is given this.
    pub repeat: Option<Repeat>,
}

impl<Body, Detail, Repeat> Reply<Body, Detail, Repeat> {
    /// No answer came, or not in time.
    pub fn nothing(detail: Detail) -> Self {
        Reply {
            answer: Answer::None,
            payload: Payload::Fault(detail),
            rate_headers: RateHeaders::default(),
            repeat: None,
        }
    }
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
pub trait Transport {
    /// A task status as the host holds it. Two are equal when the bodies had the same text; two that a task's details gave,
    /// when they had the same word.
    type Body: Clone + PartialEq;
    /// What went wrong, in the host's terms.
    type Detail: Clone;
    /// What it needs to send a request once more with another token: the token that was refused, say.
    type Repeat;

    /// Sends one request and reads its answer. `repeat` is what the answer to its first try gave, at the second. Dropping
    /// the future aborts the request.
    fn ask(&self, question: Question, repeat: Option<Self::Repeat>) -> impl Future<Output = ReplyOf<Self>>;

    /// What to say of a request that had no answer within the request timeout. Its future is dropped after that.
    fn late(&self, question: &Question) -> ReplyOf<Self>;
}

/// Tells the time and sleeps, both by the same clock.
pub trait Clock {
    /// Why the clock does not work.
    type Fault;

    /// The time.
    ///
    /// # Errors
    /// When the clock does not work: every call then ends with [`Code::InvalidArgument`](crate::poll::Code), since the
    /// clock is the caller's.
    fn now(&self) -> Result<Timestamp, Self::Fault>;

    /// Ends after `span`, which is below 2³¹ milliseconds; after none in the executor's next round. What ends counts as so
    /// much time, whatever [`now`](Clock::now) says. Dropping the future clears the timer.
    fn sleep(&self, span: Span) -> impl Future<Output = Result<(), Self::Fault>>;
}

/// A transport's own reply.
pub(super) type ReplyOf<T> =
    Reply<<T as Transport>::Body, <T as Transport>::Detail, <T as Transport>::Repeat>;
