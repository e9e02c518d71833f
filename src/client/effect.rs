//! What the engine wants done: requests to send, people to tell.

use std::mem;
use std::vec;

use super::news::{Failure, FailureOf, NewsOf};
use super::tasks::{Entry, Name};
use super::{Host, Question};
use crate::poll::{Checkpoint, Code, Outcome, Span, Timestamp};

/// Something for a driver to do.
pub enum Effect<H: Host> {
    /// Send this request, and report the reply by its number.
    Send(Question),
    /// Nobody wants the answer to the request of this number any more: break it off.
    Abort(u32),
    /// The request of this number took too long: break it off and report that as its reply.
    Late(u32),
    /// One who waits hears this.
    Tell(H::Listener, NewsOf<H>),
    /// A look at a task came back: its status, none as yet, or why not.
    Look(H::Listener, Seen<H>),
    /// A single poll came back.
    Polled(H::Listener, Polled<H>),
    /// Something happened that the client's observer wants to know.
    Happened(Event<H::Body>),
}

/// The effects that nobody took yet, in their order.
pub(super) struct Effects<H: Host> {
    has_observer: bool,
    /// What is to be done next, and what after that. (Vectors throughout: a `VecDeque` weighs 1 kB of the package.)
    ready: vec::IntoIter<Effect<H>>,
    later: Vec<Effect<H>>,
}

impl<H: Host> Effects<H> {
    pub fn new(has_observer: bool) -> Self {
        Effects { has_observer, ready: Vec::new().into_iter(), later: Vec::new() }
    }

    pub fn push(&mut self, effect: Effect<H>) {
        self.later.push(effect);
    }

    /// The observer is told, if there is one.
    pub fn happened(&mut self, entry: &Entry<H>, at: Timestamp, what: What<H::Body>) {
        if self.has_observer {
            self.push(Effect::Happened(Event { task: entry.name.clone(), at, what }));
        }
    }

    /// The same of an end.
    pub fn ended(&mut self, entry: &Entry<H>, at: Timestamp, how: Ending) {
        let (polls, detection_delay) = (entry.machine.polls(), entry.machine.detection_delay());
        self.happened(entry, at, What::Finished { how, polls, detection_delay });
    }

    pub fn take(&mut self) -> Option<Effect<H>> {
        self.ready.next().or_else(|| {
            self.ready = mem::take(&mut self.later).into_iter();
            self.ready.next()
        })
    }
}

/// What a look at a task came back with.
pub type Seen<H> = Result<Option<<H as Host>::Body>, FailureOf<H>>;
/// What a single poll came back with.
pub type Polled<H> = Result<PollStep<<H as Host>::Body, <H as Host>::Detail>, FailureOf<H>>;

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
    pub task: Name,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What<Body>,
}

/// What happened to a task.
#[derive(Clone, Debug, PartialEq)]
pub enum What<Body> {
    /// A poll was sent.
    Asked {
        /// Its number, from 1.
        poll: u32,
    },
    /// A poll was answered.
    Answered {
        /// Its number, from 1.
        poll: u32,
        /// The answer's HTTP status.
        http_status: u16,
        /// How long that took.
        took: Span,
    },
    /// The status is another than before.
    Changed(Body),
    /// A poll met a passing fault.
    Retrying {
        /// Its kind.
        code: Code,
        /// How long until the next poll.
        delay: Span,
    },
    /// A poll is held back.
    Throttled {
        /// By what.
        reason: Brake,
        /// For how long.
        delay: Span,
    },
    /// The task is over, or a wait for it.
    Finished {
        /// How.
        how: Ending,
        /// How many polls there were.
        polls: u32,
        /// How long after its completion that was seen.
        detection_delay: Option<Span>,
    },
}

/// What holds a poll back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brake {
    /// The client's own budget.
    Budget,
    /// HubSpot's rate limit (429).
    RateLimit,
    /// Another pause that HubSpot asked for.
    RetryAfter,
}

impl Brake {
    /// The name in the npm package.
    pub fn name(self) -> &'static str {
        match self {
            Brake::Budget => "budget",
            Brake::RateLimit => "rate-limit",
            Brake::RetryAfter => "retry-after",
        }
    }
}

/// How a task or a wait for it came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The task ended.
    Task(Outcome),
    /// A wait ended with an error.
    Error,
    /// The last of those who waited left.
    Aborted,
}

impl Ending {
    /// The name in the npm package.
    pub fn name(self) -> &'static str {
        match self {
            Ending::Task(outcome) => outcome.name(),
            Ending::Error => "error",
            Ending::Aborted => "aborted",
        }
    }
}
