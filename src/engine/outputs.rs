//! What the engine wants done: the outputs, and those of them that nobody took yet.

use super::{CallId, RequestId, TaskKey};
use crate::poll::{Code, Outcome, Progress, Span, Timestamp};

/// One thing to do. [`Engine::next`](super::Engine::next) gives one after the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Output {
    /// Send a request.
    Send(Send),
    /// Break this request off: nobody wants its answer. It is over.
    GiveUp(RequestId),
    /// Break this request off, which took too long, and say so as its [reply](super::Engine::reply), before anything else.
    Late(RequestId),
    /// Tell this wait the task's newest status.
    Status(CallId),
    /// This wait is over: the task succeeded.
    Finished(CallId, Finished),
    /// This call is over, without success.
    Failed(CallId, Failure),
    /// This look is over: it gets the task's newest status, if there is one.
    Seen(CallId),
    /// This errand is over: it gets the answer to its request.
    Replied(CallId),
    /// This single poll is over.
    Stepped(CallId, PollStep),
    /// Tell the observer.
    Happened(TaskKey, Event),
    /// Somebody was told something, or left, and may react. Let them: call [`Engine::turn`](super::Engine::turn) in a new
    /// task of the host, then take the next output. Until then nothing is sent. It may come again before that.
    NewTurn,
    /// Nothing to do before this instant, unless something comes in.
    WaitUntil(Timestamp),
    /// Nothing to do, unless something comes in.
    Idle,
}

impl Output {
    /// Whether a caller hears something by it.
    fn tells_a_caller(&self) -> bool {
        matches!(
            self,
            Output::Status(_)
                | Output::Finished(..)
                | Output::Failed(..)
                | Output::Seen(_)
                | Output::Replied(_)
                | Output::Stepped(..)
        )
    }
}

/// A request to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Send {
    /// What the reply goes by.
    pub request: RequestId,
    /// The task that it is about.
    pub task: TaskKey,
    /// The look, single poll or errand that asks; `None`: a poll for all who wait.
    pub call: Option<CallId>,
    /// Whether this request was sent before, and answered so that another token may help.
    pub is_repeat: bool,
    /// Whether it asks for the task's details in the place of its status: see [`Reply`](super::Reply).
    pub asks_for_details: bool,
}

/// How a wait ended with success.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finished {
    /// [`Outcome::Succeeded`] or [`Outcome::SucceededWithErrors`].
    pub outcome: Outcome,
    /// How many polls were answered or failed.
    pub polls: u32,
    /// How long after its completion the end was seen, where HubSpot told when it completed.
    pub detection_delay: Option<Span>,
}

/// Why a call ended without success.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// Which kind it is.
    pub code: Code,
    /// The fault that it is, or at a timeout that may have led to it.
    pub fault: Option<Fault>,
    /// How long the pause that HubSpot demanded still lasts.
    pub retry_after: Option<Span>,
    /// How many polls were answered or failed.
    pub polls: u32,
}

/// A fault, whose words the driver has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whose it is.
    pub of: FaultOf,
    /// Which kind it is.
    pub code: Code,
}

/// Which reply brought a fault: see [`Kept`](super::Kept).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultOf {
    /// That to the task's last poll.
    Task,
    /// That which demanded the pause.
    Pause,
    /// That to the call's own request.
    Call,
}

/// What a single poll brought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PollStep {
    /// How the task stands.
    pub outcome: Outcome,
    /// The passing fault that the poll met.
    pub fault: Option<Failure>,
    /// What the next process carries on with.
    pub progress: Progress,
    /// How long until the next poll is due; `None` when the task is over.
    pub delay: Option<Span>,
}

/// Something that happened to a task.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
}

/// What happened to a task.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EventKind {
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
    Changed,
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
        reason: ThrottleReason,
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
pub enum ThrottleReason {
    /// The client's own budget.
    Budget,
    /// HubSpot's rate limit (429).
    RateLimit,
    /// Another pause that HubSpot asked for.
    RetryAfter,
}

impl ThrottleReason {
    /// All of them.
    pub const ALL: [ThrottleReason; 3] =
        [ThrottleReason::Budget, ThrottleReason::RateLimit, ThrottleReason::RetryAfter];

    /// The name in the npm package.
    pub fn name(self) -> &'static str {
        match self {
            ThrottleReason::Budget => "budget",
            ThrottleReason::RateLimit => "rate-limit",
            ThrottleReason::RetryAfter => "retry-after",
        }
    }
}

/// How a task or a wait for it came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The task ended.
    Task(Outcome),
    /// A wait ended with an error of that kind.
    Error(Code),
    /// The last of those who waited left.
    Aborted,
}

impl Ending {
    /// The name in the npm package.
    pub fn name(self) -> &'static str {
        match self {
            Ending::Task(outcome) => outcome.name(),
            Ending::Error(_) => "error",
            Ending::Aborted => "aborted",
        }
    }

    /// That of the error with which a wait ends then.
    pub fn code(self) -> Option<Code> {
        match self {
            Ending::Task(outcome) => outcome.code(),
            Ending::Error(code) => Some(code),
            Ending::Aborted => None,
        }
    }
}

/// The outputs that nobody took yet, in their order; and whether a new turn is owed to whoever heard of them.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    /// What is to be done, in its order, and before it what was taken since all were. (A `VecDeque` weighs 1 kB of the
    /// package.)
    outputs: Vec<Output>,
    taken: usize,
    /// Whether somebody was told something or left since the last turn.
    pub is_turn_owed: bool,
}

impl Outputs {
    /// The driver is to do this.
    pub fn push(&mut self, output: Output) {
        self.outputs.push(output);
    }

    /// The next one, which is done now: whoever is told something by it has a turn from then on.
    pub fn pop(&mut self) -> Option<Output> {
        let Some(output) = self.outputs.get(self.taken).copied() else {
            (self.outputs, self.taken) = Default::default();
            return None;
        };
        self.taken += 1;
        self.is_turn_owed |= output.tells_a_caller();
        Some(output)
    }
}
