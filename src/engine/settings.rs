//! What holds for all tasks of a client, and for one wait.

use crate::poll::{Learned, Pace, RateLimit, Schedule, Span};

/// What all tasks of a client share.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How often to ask, unless a wait says otherwise of its pace.
    pub schedule: Schedule,
    /// For how long a wait lasts at most, unless it says otherwise; `None`: without end.
    pub timeout: Option<Span>,
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
    /// Whether somebody observes: without, no [`Output::Happened`](super::Output::Happened) comes.
    pub has_observer: bool,
}

/// 100 requests in 10 seconds, 20 at a time, each within 30 seconds; a wait for 15 minutes at most.
impl Default for Settings {
    fn default() -> Self {
        Settings {
            schedule: Schedule::default(),
            timeout: Some(Span::from_secs(900)),
            request_timeout: Span::from_secs(30),
            rate_limit: Some(RateLimit::default()),
            max_concurrent: 20,
            learns: true,
            learned: Default::default(),
            has_observer: false,
        }
    }
}

impl Settings {
    /// How a wait goes that says nothing of its own.
    pub fn wait(&self) -> WaitSettings {
        WaitSettings { pace: self.schedule.pace, timeout: self.timeout }
    }
}

/// How eagerly to wait, and for how long at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaitSettings {
    /// How eagerly to ask. Of several who wait for one task, the most eager one's counts.
    pub pace: Pace,
    /// For how long at most; `None`: without end.
    pub timeout: Option<Span>,
}

/// The default pace, for 15 minutes at most.
impl Default for WaitSettings {
    fn default() -> Self {
        Settings::default().wait()
    }
}
