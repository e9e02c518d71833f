//! Checkpoints as plain objects: `docs/checkpoint.schema.json`.

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::Detail;
use super::clock::timestamp;
use super::host::{get, is_some, set};
use super::options::{Refusal, api_version, refuse, show, show_kind, well_formed};
use crate::family::{Family, TaskId};
use crate::poll::{Checkpoint, Timestamp};

/// The names of a checkpoint's instants.
const STARTED: &str = "startedMs";
const PROCESSING: &str = "processingMs";
const DUE: &str = "dueMs";
const DEADLINE: &str = "deadlineMs";

const FIELDS: [&str; 11] = [
    "version",
    "family",
    "taskId",
    "apiVersion",
    "polls",
    "faults",
    "queued",
    STARTED,
    PROCESSING,
    DUE,
    DEADLINE,
];

/// A checkpoint for a queue's message.
pub fn checkpoint_object(checkpoint: &Checkpoint) -> JsValue {
    let object = Object::new();
    let put = |name, value: JsValue| set(&object, name, &value);
    put("version", Checkpoint::VERSION.into());
    put("family", checkpoint.family.name().into());
    put("taskId", checkpoint.task_id.as_str().into());
    put("apiVersion", checkpoint.api_version.as_str().into());
    put("polls", checkpoint.polls.into());
    put("faults", checkpoint.faults.into());
    put("queued", checkpoint.was_queued.into());
    let instants = [
        (STARTED, checkpoint.started),
        (PROCESSING, checkpoint.processing),
        (DUE, checkpoint.due),
        (DEADLINE, checkpoint.deadline),
    ];
    for (name, instant) in instants {
        if let Some(instant) = instant {
            put(name, (instant.as_ms() as f64).into());
        }
    }
    object.into()
}

/// Reads what [`checkpoint_object`] wrote, or what a caller wrote by the schema.
pub fn read_checkpoint(object: &JsValue) -> Result<Checkpoint, Refusal> {
    if !object.is_object() {
        return Err(refuse("checkpoint", &show_kind(object), "a checkpoint, as this package gave it"));
    }
    let refused = |name: &str, value: &JsValue, takes: &str| {
        refuse(&["checkpoint.", name].concat(), &show(value), takes)
    };
    for name in FIELDS {
        let threw = |thrown| Detail::thrown(&["checkpoint.", name, ": reading it threw"].concat(), &thrown);
        get(object, name).map_err(threw)?;
    }
    let field = |name| get(object, name).unwrap_or_default();
    if field("version") != Checkpoint::VERSION {
        return Err(refused("version", &field("version"), "1: it is no checkpoint, or a later version's"));
    }
    let family = field("family").as_string().and_then(|name| Family::named(&name));
    let family = family.ok_or_else(|| refused("family", &field("family"), "the name of a family"))?;
    let id = well_formed(&field("taskId")).and_then(|id| TaskId::new(family, &id).ok());
    let instant = |name| -> Result<Option<Timestamp>, Refusal> {
        let value = field(name);
        let instant = value.as_f64().and_then(timestamp);
        match instant.is_none() && is_some(&value) {
            true => Err(refused(name, &value, "milliseconds since the Unix epoch")),
            false => Ok(instant),
        }
    };
    let count = |name| -> Result<u32, Refusal> {
        let value = field(name);
        match value.as_f64() {
            None if !is_some(&value) => Ok(0),
            Some(count) if count >= 0.0 && count <= u32::MAX.into() && count.fract() == 0.0 => {
                Ok(count as u32)
            }
            _ => Err(refused(name, &value, "a count")),
        }
    };
    Ok(Checkpoint {
        family,
        task_id: id.ok_or_else(|| refused("taskId", &field("taskId"), TaskId::takes(family)))?,
        api_version: api_version(&field("apiVersion"))
            .ok_or_else(|| refused("apiVersion", &field("apiVersion"), "an API version"))?,
        started: instant(STARTED)?,
        processing: instant(PROCESSING)?,
        was_queued: match (field("queued").as_bool(), is_some(&field("queued"))) {
            (Some(was_queued), _) => was_queued,
            (None, false) => false,
            (None, true) => return Err(refused("queued", &field("queued"), "true or false")),
        },
        polls: count("polls")?,
        due: instant(DUE)?,
        deadline: instant(DEADLINE)?,
        faults: count("faults")?,
    })
}
