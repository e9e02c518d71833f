//! Where a task's polling stands, small enough to be put into a queue's message: another process carries it on.

use serde::{Deserialize, Serialize};

use super::Timestamp;
use crate::family::{ApiVersion, Family, TaskId};

/// Where a task's polling stands. Never a token, never a result.
///
/// With serde it is JSON of version 1, as `docs/checkpoint.schema.json` describes it:
///
/// ```
/// use hubspot_async_tasks::poll::Checkpoint;
///
/// let text = r#"{"version":1,"family":"export","taskId":"90151673","apiVersion":"2026-03","startedMs":1755770400000}"#;
/// let checkpoint: Checkpoint = serde_json::from_str(text)?;
/// assert_eq!((checkpoint.progress.polls, checkpoint.progress.due), (0, None));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Checkpoint {
    /// The task's family.
    pub family: Family,
    /// Its id.
    pub task_id: TaskId,
    /// The version of the API that knows the task.
    pub api_version: ApiVersion,
    /// What was asked and answered so far.
    pub progress: Progress,
    /// When to give up; `None`: never.
    pub deadline: Option<Timestamp>,
}

/// What was asked of a task and answered so far: as much as its polling needs to go on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// When the task was started, or first asked for: its age counts from here.
    pub started: Option<Timestamp>,
    /// When HubSpot was first known to work on it: from then on its age counts from here.
    pub processing: Option<Timestamp>,
    /// Whether it was seen before that.
    pub was_queued: bool,
    /// How many polls were answered or failed.
    pub polls: u32,
    /// When the next poll is due. Without it: one interval after `started`, or at once.
    pub due: Option<Timestamp>,
    /// Passing faults in a row.
    pub faults: u32,
}

impl Checkpoint {
    /// The version of the JSON form.
    pub const VERSION: u32 = 1;

    /// The polling of a task that was started just now: its first poll is one interval away.
    pub fn of_started(family: Family, task_id: TaskId, api_version: ApiVersion, now: Timestamp) -> Self {
        let progress = Progress { started: Some(now), ..Progress::default() };
        Checkpoint { family, task_id, api_version, progress, deadline: None }
    }
}

/// The JSON form. Instants are milliseconds since the Unix epoch.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    version: u32,
    family: String,
    task_id: String,
    api_version: String,
    #[serde(default)]
    polls: u32,
    #[serde(default)]
    faults: u32,
    #[serde(default)]
    queued: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    processing_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline_ms: Option<u64>,
}

impl From<Checkpoint> for Wire {
    fn from(checkpoint: Checkpoint) -> Wire {
        let ms = |instant: Option<Timestamp>| instant.map(Timestamp::as_ms);
        Wire {
            version: Checkpoint::VERSION,
            family: checkpoint.family.name().to_owned(),
            task_id: checkpoint.task_id.as_str().to_owned(),
            api_version: checkpoint.api_version.as_str().to_owned(),
            polls: checkpoint.progress.polls,
            faults: checkpoint.progress.faults,
            queued: checkpoint.progress.was_queued,
            started_ms: ms(checkpoint.progress.started),
            processing_ms: ms(checkpoint.progress.processing),
            due_ms: ms(checkpoint.progress.due),
            deadline_ms: ms(checkpoint.deadline),
        }
    }
}

impl TryFrom<Wire> for Checkpoint {
    type Error = String;

    fn try_from(wire: Wire) -> Result<Checkpoint, String> {
        if wire.version != Checkpoint::VERSION {
            return Err("no checkpoint of version 1".to_owned());
        }
        let instant = |ms: Option<u64>| ms.map(Timestamp::from_ms);
        let family = Family::named(&wire.family).ok_or("family: takes the name of a family")?;
        Ok(Checkpoint {
            family,
            task_id: TaskId::new(family, &wire.task_id).map_err(|refused| refused.to_string())?,
            api_version: ApiVersion::new(&wire.api_version).map_err(|refused| refused.to_string())?,
            progress: Progress {
                started: instant(wire.started_ms),
                processing: instant(wire.processing_ms),
                was_queued: wire.queued,
                polls: wire.polls,
                due: instant(wire.due_ms),
                faults: wire.faults,
            },
            deadline: instant(wire.deadline_ms),
        })
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_as_it_was_written() {
        let now = Timestamp::from_ms(1_755_770_400_000);
        let id = TaskId::new(Family::Export, "7").expect("an id");
        let started = Checkpoint::of_started(Family::Export, id, ApiVersion::default(), now);
        let progress =
            Progress { processing: Some(now), due: Some(now), polls: 3, faults: 1, ..started.progress };
        let instants = Checkpoint { progress, deadline: Some(now), ..started.clone() };
        for checkpoint in [started, instants] {
            let text = serde_json::to_string(&checkpoint).expect("JSON");
            assert_eq!(serde_json::from_str::<Checkpoint>(&text).expect(&text), checkpoint);
        }
    }

    #[test]
    fn what_is_no_checkpoint_of_version_1_is_refused() {
        let table = [
            r#"{}"#,
            r#"{"version":2,"family":"export","taskId":"7","apiVersion":"v3"}"#,
            r#"{"version":1,"family":"exports","taskId":"7","apiVersion":"v3"}"#,
            r#"{"version":1,"family":"export","taskId":"../7","apiVersion":"v3"}"#,
            r#"{"version":1,"family":"export","taskId":"7","apiVersion":".."}"#,
            r#"{"version":1,"family":"export","taskId":"7","apiVersion":"v3","polls":-1}"#,
            r#"{"version":1,"family":"export","taskId":"7","apiVersion":"v3","dueMs":"soon"}"#,
        ];
        for text in table {
            assert!(serde_json::from_str::<Checkpoint>(text).is_err(), "{text}");
        }
    }
}
