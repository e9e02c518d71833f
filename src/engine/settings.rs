//! What holds for all tasks of a client, and for one wait.

use crate::family::Family;
use crate::poll::{Learned, Pace, RateLimit, Schedule, Span};

/// What all tasks of a client share.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How often to ask, unless a wait says otherwise of its pace.
    pub schedule: Schedule,
    /// For how long a wait lasts at most, unless it says otherwise.
    pub timeout: Timeout,
    /// How long one attempt may take, and how long a look, a single poll or an errand waits for a pause to end.
    pub request_timeout: Span,
    /// At most so many requests; `None`: as many as HubSpot lets through.
    pub rate_limit: Option<RateLimit>,
    /// At most so many requests at a time.
    pub max_concurrent: usize,
    /// Whether the intervals follow what finished tasks took, once there are enough of them.
    pub learns: bool,
    /// What tasks took at first, by family in the order of [`Family::ALL`](crate::family::Family::ALL).
    pub learned: [Learned; Family::COUNT],
    /// Whether somebody observes: without, no [`Output::Happened`](super::Output::Happened) comes.
    pub has_observer: bool,
}

/// 100 requests in 10 seconds, 20 at a time, each within 30 seconds; a wait for 15 minutes at most.
impl Default for Settings {
    fn default() -> Self {
        Settings {
            schedule: Schedule::default(),
            timeout: Timeout::Default,
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

/// For how long to wait at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Timeout {
    /// 15 minutes, since nobody said anything of it. Of families that queue (exports and CRM imports: an account runs few of
    /// them at a time) the time in HubSpot's queue is left out, for 24 hours at most.
    #[default]
    Default,
    /// So long.
    After(Span),
    /// Without end.
    Never,
}

impl Timeout {
    /// Where nobody says anything.
    pub const DEFAULT: Span = Span::from_secs(900);
    /// For how long at most the time in HubSpot's queue is left out.
    pub(super) const LONGEST_QUEUE: Span = Span::from_secs(24 * 60 * 60);

    /// How long that is, but for the time in HubSpot's queue; `None`: without end.
    pub fn span(self) -> Option<Span> {
        match self {
            Timeout::Default => Some(Timeout::DEFAULT),
            Timeout::After(span) => Some(span),
            Timeout::Never => None,
        }
    }
}

/// So long, or without end.
impl From<Option<Span>> for Timeout {
    fn from(span: Option<Span>) -> Self {
        span.map_or(Timeout::Never, Timeout::After)
    }
}

/// How eagerly to wait, and for how long at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaitSettings {
    /// How eagerly to ask. Of several who wait for one task, the most eager one's counts.
    pub pace: Pace,
    /// For how long at most.
    pub timeout: Timeout,
}

/// The default pace, for 15 minutes at most.
impl Default for WaitSettings {
    fn default() -> Self {
        Settings::default().wait()
    }
}
