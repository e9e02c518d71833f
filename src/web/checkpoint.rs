//! Checkpoints as plain objects: `docs/checkpoint.schema.json`.

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::clock::timestamp;
use super::host::{field, get, is_some, number, put, put_number, put_text, says, well_formed};
use super::options::{Refusal, api_version, refuse_kind, refuse_value, unread};
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
    put_number(&object, "version", Checkpoint::VERSION.into());
    put_text(&object, "family", checkpoint.family.name());
    put_text(&object, "taskId", checkpoint.task_id.as_str());
    put_text(&object, "apiVersion", checkpoint.api_version.as_str());
    put_number(&object, "polls", checkpoint.polls.into());
    put_number(&object, "faults", checkpoint.faults.into());
    put(&object, "queued", &checkpoint.was_queued.into());
    let instants = [
        (STARTED, checkpoint.started),
        (PROCESSING, checkpoint.processing),
        (DUE, checkpoint.due),
        (DEADLINE, checkpoint.deadline),
    ];
    for (name, instant) in instants {
        put_number(&object, name, instant.map_or(f64::NAN, |instant| instant.as_ms() as f64));
    }
    object.into()
}

/// Reads what [`checkpoint_object`] wrote, or what a caller wrote by the schema.
pub fn read_checkpoint(object: &JsValue) -> Result<Checkpoint, Refusal> {
    if !object.is_object() {
        return Err(refuse_kind("checkpoint", object, "a checkpoint, as this package gave it"));
    }
    read_fields(object).map_err(|refusal| refusal.within("checkpoint."))
}

fn read_fields(object: &JsValue) -> Result<Checkpoint, Refusal> {
    let refused = |name: &str, takes: &str| refuse_value(name, &field(object, name), takes);
    for name in FIELDS {
        get(object, name).map_err(|thrown| unread(name, &thrown))?;
    }
    if number(object, "version") != f64::from(Checkpoint::VERSION) {
        return Err(refused("version", "1: it is no checkpoint, or a later version's"));
    }
    let family = Family::ALL.into_iter().find(|family| says(object, "family", family.name()));
    let family = family.ok_or_else(|| refused("family", "the name of a family"))?;
    let id = well_formed(&field(object, "taskId")).as_string().and_then(|id| TaskId::new(family, &id).ok());
    let instant = |name| -> Result<Option<Timestamp>, Refusal> {
        let instant = timestamp(number(object, name));
        match instant.is_none() && is_some(&field(object, name)) {
            true => Err(refused(name, "milliseconds since the Unix epoch")),
            false => Ok(instant),
        }
    };
    let count = |name| -> Result<u32, Refusal> {
        let count = number(object, name);
        let is_count = (0.0..=u32::MAX.into()).contains(&count) && count.fract() == 0.0;
        match is_count || !is_some(&field(object, name)) {
            // NaN, which is none, is cast to 0.
            true => Ok(count as u32),
            false => Err(refused(name, "a count")),
        }
    };
    Ok(Checkpoint {
        family,
        task_id: id.ok_or_else(|| refused("taskId", TaskId::takes(family)))?,
        api_version: api_version(&field(object, "apiVersion"))
            .ok_or_else(|| refused("apiVersion", "an API version"))?,
        started: instant(STARTED)?,
        processing: instant(PROCESSING)?,
        was_queued: match field(object, "queued") {
            queued if !is_some(&queued) => false,
            queued => queued.as_bool().ok_or_else(|| refused("queued", "true or false"))?,
        },
        polls: count("polls")?,
        due: instant(DUE)?,
        deadline: instant(DEADLINE)?,
        faults: count("faults")?,
    })
}
