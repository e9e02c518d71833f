//! Where a task's polling stands, small enough to be put into a queue's message: another process carries it on.

use super::Timestamp;
use crate::family::{ApiVersion, Family, TaskId};

/// Where a task's polling stands. Never a token, never a result.
///
/// As JSON (version 1): `docs/checkpoint.schema.json`.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The task's family.
    pub family: Family,
    /// Its id.
    pub task_id: TaskId,
    /// The version of the API that knows the task.
    pub api_version: ApiVersion,
    /// When the task was started, or first asked for: its age counts from here.
    pub started: Option<Timestamp>,
    /// When HubSpot was first known to work on it: from then on its age counts from here.
    pub processing: Option<Timestamp>,
    /// How many polls were answered or failed.
    pub polls: u32,
    /// When the next poll is due. Without it: one interval after `started`, or at once.
    pub due: Option<Timestamp>,
    /// When to give up; `None`: never.
    pub deadline: Option<Timestamp>,
    /// Passing faults in a row.
    pub faults: u32,
}

impl Checkpoint {
    /// The version of the JSON form.
    pub const VERSION: u32 = 1;

    /// The polling of a task that was started just now: its first poll is one interval away.
    pub fn of_started(family: Family, task_id: TaskId, api_version: ApiVersion, now: Timestamp) -> Self {
        Checkpoint {
            family,
            task_id,
            api_version,
            started: Some(now),
            processing: None,
            polls: 0,
            due: None,
            deadline: None,
            faults: 0,
        }
    }
}
