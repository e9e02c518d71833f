//! How a task is going: the one body that all families but CRM imports answer with.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::blanks::whole;
use super::enumeration::open_enumeration;
use super::received::{FromJson, take};
use super::{HubSpotFile, HubSpotFolder, Links, StandardError};

open_enumeration! {
    /// Where a task stands. There is no word for a failed one: `outcomeOf` tells.
    TaskState: r#""PENDING" | "PROCESSING" | "COMPLETE" | "CANCELED" | (string & {})"# {
        /// Queued.
        Pending = "PENDING",
        /// Running.
        Processing = "PROCESSING",
        /// Over; whether it succeeded is told by its errors and its result.
        Complete = "COMPLETE",
        /// It will not be done.
        Canceled = "CANCELED",
    }
}

/// The status of a task as HubSpot sends it. Every field but `status` may be missing or null.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "tsify", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct TaskStatus<Result> {
    /// Where the task stands.
    pub status: TaskState,
    /// When the task was asked for: ISO 8601 in UTC.
    #[serde(default)]
    pub requested_at: Option<String>,
    /// When HubSpot began to work on it: ISO 8601 in UTC.
    #[serde(default)]
    pub started_at: Option<String>,
    /// When it was over: ISO 8601 in UTC.
    #[serde(default)]
    pub completed_at: Option<String>,
    /// The task's id; exports and source-code extracts do not repeat it.
    #[serde(default)]
    pub task_id: Option<String>,
    /// How many errors the task met; source-code extracts do not tell.
    #[serde(default)]
    pub num_errors: Option<i64>,
    /// The errors that the task met; source-code extracts do not tell.
    #[serde(default)]
    pub errors: Option<Vec<StandardError>>,
    /// Addresses that belong to the task, by name. They may point at another host: send no token there.
    #[serde(default)]
    #[cfg_attr(feature = "tsify", tsify(type = "Record<string, string> | null"))]
    pub links: Option<Links>,
    /// What the task made: a file, a folder, or an export's URL, which needs no token and so is a secret for the
    /// five minutes that it lives; nothing for source-code extracts.
    #[serde(default)]
    pub result: Option<Result>,
    /// What HubSpot sends besides, by name.
    // As in `received!`, which knows no fields that are required.
    #[serde(flatten, skip_deserializing)]
    pub other: Map<String, Value>,
}

/// Fails where `status` is missing, or no text; a field of another type than here is as good as absent.
impl<'de, Result: Deserialize<'de>> Deserialize<'de> for TaskStatus<Result> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let mut fields = Map::deserialize(deserializer)?;
        let status = fields.remove("status").ok_or_else(|| D::Error::missing_field("status"))?;
        Ok(TaskStatus {
            status: TaskState::from_json(status).ok_or_else(|| D::Error::custom("status: no text"))?,
            requested_at: fields.remove("requestedAt").and_then(date),
            started_at: fields.remove("startedAt").and_then(date),
            completed_at: fields.remove("completedAt").and_then(date),
            task_id: take(&mut fields, "taskId"),
            num_errors: fields.remove("numErrors").and_then(count),
            errors: take(&mut fields, "errors"),
            links: take(&mut fields, "links"),
            result: fields.remove("result").and_then(|result| Option::deserialize(result).ok().flatten()),
            other: fields,
        })
    }
}

/// A number, or one that is written as a text. One with a fraction counts as the next whole one: an error is there.
fn count(value: Value) -> Option<i64> {
    match &value {
        Value::String(text) => whole(text).map(|count| i64::try_from(count).unwrap_or(i64::MAX)),
        Value::Number(count) => {
            i64::from_json(value.clone()).or(count.as_f64().map(|count| count.ceil() as i64))
        }
        _ => None,
    }
}

/// A date as it is written, or its milliseconds since the Unix epoch as a text.
fn date(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(ms) => ms.as_f64().filter(|ms| *ms >= 0.0).map(|ms| format!("{}", ms.floor() as u64)),
        _ => None,
    }
}

/// The status of a file import; the result is the file.
pub type FileImportStatus = TaskStatus<HubSpotFile>;
/// The status of a folder update; the result is the folder.
pub type FolderUpdateStatus = TaskStatus<HubSpotFolder>;
/// The status of a CRM export; the result is the URL of the exported file.
pub type ExportStatus = TaskStatus<String>;
/// The status of a source-code extract, which has no result.
pub type SourceCodeExtractStatus = TaskStatus<()>;
