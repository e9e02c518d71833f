//! **When** to ask: pure, with the time given from outside. No clock, no I/O, no JavaScript.
//!
//! | file | the one question it answers |
//! |---|---|
//! | `time` | what is an instant? |
//! | `schedule` | how long to wait before the next poll? |
//! | `outcome` | what does a status say about the task? |
//! | `verdict` | what does an answer mean: read it, ask again, pause, stop? |
//! | `pause` | until when does HubSpot want no request at all? |
//! | `task` | given all that, what does one task do next, and which of its waiters are done? |

mod outcome;
mod pause;
mod schedule;
mod task;
mod time;
mod verdict;

pub use outcome::{Envelope, Outcome, Standing, outcome};
pub use pause::Pause;
pub use schedule::{Pace, Phase, Schedule};
pub use task::{Answered, Settled, Step, TaskPoll, Waiter, WaiterId};
pub use time::{SteadyTime, Timestamp};
pub use verdict::{Answer, Body, Code, Verdict, verdict};
