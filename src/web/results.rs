//! What calls and observers are given: plain objects.

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::StatusBody;
use super::answer::ms;
use super::checkpoint::checkpoint_object;
use super::host::{get, set};
use crate::client::{Event, Finished, PollStep, What};
use crate::poll::Outcome;

/// What a task is before HubSpot said anything of it.
pub fn pending() -> JsValue {
    let status = Object::new();
    set(&status, "status", &"PENDING".into());
    status.into()
}

/// See `FinishedTask` in service.d.ts.
pub fn finished_object(finished: &Finished<StatusBody>) -> JsValue {
    let object = Object::new();
    let status = finished.status.object();
    set(&object, "outcome", &finished.outcome.name().into());
    set(&object, "status", status);
    set(&object, "result", &get(status, "result").unwrap_or_default());
    set(&object, "polls", &finished.polls.into());
    if let Some(delay) = finished.detection_delay {
        set(&object, "detectionDelayMs", &ms(delay));
    }
    object.into()
}

/// See `PollStep` in service.d.ts.
pub fn step_object<Detail>(step: &PollStep<StatusBody, Detail>, fault: Option<JsValue>) -> JsValue {
    let object = Object::new();
    set(&object, "done", &(step.outcome != Outcome::Running).into());
    set(&object, "outcome", &step.outcome.name().into());
    if let Some(status) = &step.status {
        set(&object, "status", status.object());
    }
    if let Some(fault) = fault {
        set(&object, "fault", &fault);
    }
    set(&object, "checkpoint", &checkpoint_object(&step.checkpoint));
    if let Some(delay) = step.delay {
        set(&object, "delayMs", &ms(delay));
    }
    object.into()
}

/// See `TaskEvent` in service.d.ts.
pub fn event_object(event: &Event<StatusBody>) -> JsValue {
    let object = Object::new();
    let put = |name, value: JsValue| set(&object, name, &value);
    put("family", event.task.family.name().into());
    put("taskId", event.task.id.as_str().into());
    put("at", (event.at.as_ms() as f64).into());
    let kind = match &event.what {
        What::Asked { poll } => {
            put("poll", (*poll).into());
            "asked"
        }
        What::Answered { poll, http_status, took } => {
            put("poll", (*poll).into());
            put("httpStatus", (*http_status).into());
            put("durationMs", ms(*took));
            "answered"
        }
        What::Changed(status) => {
            put("status", status.state().into());
            "changed"
        }
        What::Retrying { code, delay } => {
            put("code", code.name().into());
            put("delayMs", ms(*delay));
            "retrying"
        }
        What::Throttled { reason, delay } => {
            put("reason", reason.name().into());
            put("delayMs", ms(*delay));
            "throttled"
        }
        What::Finished { how, polls, detection_delay } => {
            put("outcome", how.name().into());
            put("polls", (*polls).into());
            if let Some(delay) = detection_delay {
                put("detectionDelayMs", ms(*delay));
            }
            "finished"
        }
    };
    put("type", kind.into());
    object.into()
}
