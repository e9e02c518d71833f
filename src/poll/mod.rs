//! **When** to ask: pure, with the time given from outside. No clock, no I/O, no JavaScript.
//!
//! | file | the one question it answers |
//! |---|---|
//! | `time` | what is an instant? |
//! | `schedule` | how long to wait before the next poll? |
//! | `learned` | how long did finished tasks take? |
//! | `fit` | how long to wait, by that? |
//! | `estimate` | how long is a task likely still to take, by that? |
//! | `outcome` | what does a status say about the task? |
//! | `verdict` | what does an answer mean: read it, ask again, pause, stop? |
//! | `pause` | until when does HubSpot want no request at all? |
//! | `task` | given all that, when is one task's next poll due? |
//! | `checkpoint` | where does a task's polling stand, for another process? |
//! | `budget` | may any request be sent now? |
//! | `queue` | of many tasks, which one is asked next? |

mod budget;
mod checkpoint;
mod estimate;
mod fit;
mod heap;
mod learned;
mod outcome;
mod pause;
mod queue;
mod schedule;
mod span;
mod task;
mod time;
mod verdict;

pub use crate::family::Standing;
pub use budget::{Budget, RateHeaders, RateLimit};
pub use checkpoint::{Checkpoint, Progress};
pub use estimate::Estimate;
pub use fit::Fit;
pub(crate) use heap::{Heap, Places, reserve};
pub use learned::{Durations, Fits, Learned, LearnedPhase, TaskDurations};
pub use outcome::{Envelope, Outcome, outcome};
pub use pause::Pause;
pub use queue::{Plan, Queue};
pub use schedule::{Pace, Phase, Schedule};
pub use span::Span;
pub use task::{Answered, Heard, TaskPoll};
pub(crate) use time::earlier;
pub use time::{Lag, SteadyTime, Timestamp};
pub use verdict::{Answer, Body, Code, Limit, Verdict, is_passing, is_start_in_doubt, verdict};
