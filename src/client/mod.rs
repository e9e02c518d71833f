//! Drives [`poll`](crate::poll): which task is asked when, and who is told what.
//!
//! [`Engine`] decides, without I/O; [`Client`] runs it on a [`Transport`] and a [`Clock`] that you give: async, with
//! no runtime and no JavaScript. (The npm package runs the same engine on callbacks: `web`.)
//!
//! | file | what it holds |
//! |---|---|
//! | `engine` | all tasks of a client: calls and replies in, effects out |
//! | `tasks` | which tasks somebody holds |
//! | `effect` | what the engine wants done |
//! | `news` | what a wait tells, and how it ends |
//! | `transport` | what a host must be able to do: send a request, tell the time, sleep |
//! | `run` | the async driver |
//! | `task` | what a caller of it holds: [`Task`] and [`Wait`] |

mod effect;
mod engine;
mod news;
mod run;
mod task;
mod tasks;
mod transport;

use std::rc::Rc;

pub use effect::{Brake, Effect, Ending, Event, PollStep, Polled, Seen, What};
pub use engine::{CallId, Engine};
pub use news::{Failure, Fault, Finished, News};
pub use run::{Client, Seats};
pub use task::{Task, Wait};
pub use tasks::{Key, Name};
pub use transport::{Clock, Payload, Question, Reply, Transport};

use crate::family::ApiVersion;
use crate::poll::{Learned, RateLimit, Schedule, Span};

/// What an engine's driver deals in.
pub trait Host: 'static {
    /// A task status as the host holds it. Two are equal when the bodies had the same text.
    type Body: Clone + PartialEq;
    /// What went wrong, in the host's terms.
    type Detail: Clone;
    /// Who waits, or looks.
    type Listener: Clone;
}

/// What all tasks of a client share, unless a task or a wait says otherwise.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which version of HubSpot's API to ask.
    pub api_version: Rc<ApiVersion>,
    /// How a wait goes, where it does not say otherwise.
    pub wait: WaitSettings,
    /// How long one attempt may take, and how long a look waits for a pause to end.
    pub request_timeout: Span,
    /// At most so many requests; `None`: as many as HubSpot lets through.
    pub rate_limit: Option<RateLimit>,
    /// At most so many requests at a time.
    pub max_concurrent: usize,
    /// Whether the intervals follow what finished tasks took, once there are enough of them.
    pub learns: bool,
    /// What tasks took, by family in the order of [`Family::ALL`](crate::family::Family::ALL).
    pub learned: [Learned; 4],
    /// Whether somebody observes: without, no [`Effect::Happened`] comes.
    pub has_observer: bool,
}

/// HubSpot's newest version, 100 requests in 10 seconds, 20 at a time, each within 30 seconds.
impl Default for Settings {
    fn default() -> Self {
        Settings {
            api_version: Rc::default(),
            wait: WaitSettings::default(),
            request_timeout: Span::from_secs(30),
            rate_limit: Some(RateLimit::default()),
            max_concurrent: 20,
            learns: true,
            learned: Default::default(),
            has_observer: false,
        }
    }
}

/// How eagerly to wait, and for how long at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaitSettings {
    /// How often to ask.
    pub schedule: Schedule,
    /// For how long at most; `None`: without end.
    pub timeout: Option<Span>,
}

/// The default schedule for 15 minutes at most.
impl Default for WaitSettings {
    fn default() -> Self {
        WaitSettings { schedule: Schedule::default(), timeout: Some(Span::from_secs(900)) }
    }
}
