//! What calls and observers are given: plain objects.

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::StatusBody;
use super::answer::ms;
use super::checkpoint::checkpoint_object;
use super::host::{field, put, put_number, put_text};
use crate::client::{Event, Finished, PollStep, What};
use crate::poll::Outcome;

/// What a task is before HubSpot said anything of it.
pub fn pending() -> JsValue {
    let status = Object::new();
    put_text(&status, "status", "PENDING");
    status.into()
}

/// See `FinishedTask` in service.d.ts.
pub fn finished_object(finished: &Finished<StatusBody>) -> JsValue {
    let object = Object::new();
    let status = finished.status.object();
    put_text(&object, "outcome", finished.outcome.name());
    put(&object, "status", status);
    put(&object, "result", &field(status, "result"));
    put_number(&object, "polls", finished.polls.into());
    put_number(&object, "detectionDelayMs", ms(finished.detection_delay));
    object.into()
}

/// See `PollStep` in service.d.ts.
pub fn step_object<Detail>(step: &PollStep<StatusBody, Detail>, fault: Option<JsValue>) -> JsValue {
    let object = Object::new();
    put(&object, "done", &(step.outcome != Outcome::Running).into());
    put_text(&object, "outcome", step.outcome.name());
    if let Some(status) = &step.status {
        put(&object, "status", status.object());
    }
    if let Some(fault) = fault {
        put(&object, "fault", &fault);
    }
    put(&object, "checkpoint", &checkpoint_object(&step.checkpoint));
    put_number(&object, "delayMs", ms(step.delay));
    object.into()
}

/// See `TaskEvent` in service.d.ts.
pub fn event_object(event: &Event<StatusBody>) -> JsValue {
    let object = Object::new();
    let text = |name, value| put_text(&object, name, value);
    let number = |name, value| put_number(&object, name, value);
    text("family", event.task.family.name());
    text("taskId", event.task.id.as_str());
    number("at", event.at.as_ms() as f64);
    let kind = match &event.what {
        What::Asked { poll } => {
            number("poll", (*poll).into());
            "asked"
        }
        What::Answered { poll, http_status, took } => {
            number("poll", (*poll).into());
            number("httpStatus", (*http_status).into());
            number("durationMs", ms(Some(*took)));
            "answered"
        }
        What::Changed(status) => {
            put(&object, "status", status.word());
            "changed"
        }
        What::Retrying { code, delay } => {
            text("code", code.name());
            number("delayMs", ms(Some(*delay)));
            "retrying"
        }
        What::Throttled { reason, delay } => {
            text("reason", reason.name());
            number("delayMs", ms(Some(*delay)));
            "throttled"
        }
        What::Finished { how, polls, detection_delay } => {
            text("outcome", how.name());
            number("polls", (*polls).into());
            number("detectionDelayMs", ms(*detection_delay));
            "finished"
        }
    };
    text("type", kind);
    object.into()
}
