//! A task status: what decisions need of it, and what is kept.

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::quoted::quoted;
use super::{Received, date};
use crate::family::{Definition, Family, ResultField};
use crate::model::TaskStatus;
use crate::poll::Envelope;

/// A task status as it came: HubSpot's own text, complete. A copy costs nothing; two are equal when their texts are, and
/// two that a task's details gave when their words are.
#[derive(Clone)]
pub struct StatusBody(Arc<Kept>);

struct Kept {
    text: String,
    state: String,
    problem: Option<String>,
    /// Whether the task's details gave it: what else they hold is not told.
    is_of_details: bool,
}

impl StatusBody {
    /// HubSpot's own text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The status as a Rust type, for example [`FileImportStatus`](crate::model::FileImportStatus) or
    /// [`serde_json::Value`].
    ///
    /// # Errors
    /// When the type takes no such object. The [`model`](crate::model)'s statuses take all that there are.
    pub fn decode<Status: DeserializeOwned>(&self) -> Result<Status, serde_json::Error> {
        // By way of a map, in which of two fields of one name the last one counts, as in JavaScript.
        Status::deserialize(serde_json::from_str::<Value>(self.text())?)
    }

    /// HubSpot's word for where the task stands, fit for a message.
    pub fn state(&self) -> &str {
        &self.0.state
    }

    /// What HubSpot says of the first error that the task met, fit for a message.
    pub fn problem(&self) -> Option<&str> {
        self.0.problem.as_deref()
    }
}

impl PartialEq for StatusBody {
    fn eq(&self, other: &StatusBody) -> bool {
        match (self.0.is_of_details, other.0.is_of_details) {
            (true, true) => self.state() == other.state(),
            (one, another) => one == another && self.text() == other.text(),
        }
    }
}

/// Without the text, since an export's result is a secret.
impl fmt::Debug for StatusBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Kept { state, problem, .. } = &*self.0;
        f.debug_struct("StatusBody").field("state", state).field("problem", problem).finish_non_exhaustive()
    }
}

/// Whether it is an error: HubSpot's proxies pass it on as a 2xx with this word, which no task has.
pub(super) fn is_error(body: &Value) -> bool {
    body.get("status").and_then(Value::as_str) == Some("error")
}

/// The body of a 2xx, where it is a task status.
pub(super) fn read(received: &Received, json: Value) -> Option<(Envelope, StatusBody)> {
    let definition = received.family.definition();
    let mut status = TaskStatus::<Value>::deserialize(in_one_form(json, definition)).ok()?;
    status.result = status.result.filter(|result| match definition.result {
        None => false,
        Some(ResultField { is_text: false, .. }) => true,
        Some(_) => result.as_str().is_some_and(|text| !text.is_empty()),
    });
    let state = status.status.as_str();
    let first_error = status.errors.iter().flatten().next();
    let problem = first_error.and_then(|error| error.message.as_deref());
    let quoted = |text| quoted(text, received.secrets);
    let kept = Kept {
        text: received.text.to_owned(),
        state: quoted(state),
        problem: problem.map(quoted),
        is_of_details: false,
    };
    Some((envelope(&status, received.family), StatusBody(Arc::new(kept))))
}

/// The same of a task's details, where their word is one that is told: they stand for a status, with that word.
pub(super) fn read_details(received: &Received, mut json: Value) -> Option<(Envelope, StatusBody)> {
    let details = received.family.definition().details?;
    let (word, standing) = {
        let found = json.get(details.field)?.as_str()?;
        *details.words.iter().find(|(word, _)| *word == found)?
    };
    json.as_object_mut()?.insert("status".to_owned(), word.into());
    let kept = Kept { text: json.to_string(), state: word.to_owned(), problem: None, is_of_details: true };
    let envelope = Envelope {
        standing,
        has_errors: false,
        has_result: false,
        requested_at: None,
        started_at: None,
        completed_at: None,
    };
    Some((envelope, StatusBody(Arc::new(kept))))
}

/// A status with what decisions need under the names of the families that share one form.
fn in_one_form(mut json: Value, definition: &Definition) -> Value {
    let fields = [
        ("status", definition.state_field),
        ("requestedAt", definition.requested_at_field),
        ("numErrors", definition.errors.count),
        ("errors", definition.errors.list),
        ("result", definition.result.map_or("result", |result| result.field)),
    ];
    for (name, field) in fields.into_iter().filter(|(name, field)| name != field) {
        let value = field.split('.').try_fold(&json, |place, name| place.get(name)).cloned();
        if let Some(object) = json.as_object_mut() {
            object.insert(name.to_owned(), value.unwrap_or_default());
        }
    }
    json
}

/// As much of a task status as decisions need, by its family's words.
pub fn envelope<Result>(status: &TaskStatus<Result>, family: Family) -> Envelope {
    let instant = |date: &Option<String>| date.as_deref().and_then(date::instant);
    let is_counted = status.num_errors.is_some_and(|count| count > 0);
    Envelope {
        standing: family.standing(status.status.as_str()),
        has_errors: is_counted || status.errors.iter().flatten().next().is_some(),
        has_result: status.result.is_some(),
        requested_at: instant(&status.requested_at),
        started_at: instant(&status.started_at),
        completed_at: instant(&status.completed_at),
    }
}
