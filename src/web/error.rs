//! Errors as JavaScript sees them: one class, `HubSpotTaskError`, defined in JavaScript so that it is a real `Error`.

use js_sys::Object;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::answer::ms;
use super::checkpoint::checkpoint_object;
use super::host::decimal;
use super::options::Refusal;
use super::{Detail, StatusBody};
use crate::client::{self, Name};
use crate::poll::{Checkpoint, Code};

type Failure = client::Failure<StatusBody, Detail>;
type Fault = client::Fault<Detail>;

#[wasm_bindgen(module = "/pkg-template/error.js")]
extern "C" {
    type HubSpotTaskError;

    #[wasm_bindgen(constructor)]
    fn new(fields: &Object) -> HubSpotTaskError;
}

/// A wrong argument.
pub fn refused(refusal: &Refusal) -> JsValue {
    error(Code::InvalidArgument, refusal, None)
}

/// A call or a wait that ended without success.
pub fn failed(failure: &Failure, about: Option<&Name>, checkpoint: Option<&Checkpoint>) -> JsValue {
    let detail = match &failure.fault {
        Some(fault) if failure.code != Code::Timeout => fault.detail.copy(),
        fault => own(failure, fault.as_ref(), about),
    };
    if let Some(status) = &failure.last_status {
        detail.set("lastStatus", status.object());
    }
    detail.set_number("polls", failure.polls.into());
    detail.set_number("retryAfterMs", ms(failure.retry_after));
    if let (Code::Timeout, Some(checkpoint)) = (failure.code, checkpoint) {
        detail.set("checkpoint", &checkpoint_object(checkpoint));
    }
    error(failure.code, &detail, about)
}

/// An error from its message and fields, with the code and the task it speaks of.
fn error(code: Code, detail: &Detail, about: Option<&Name>) -> JsValue {
    detail.set_text("code", Some(code.name()));
    if let Some(task) = about {
        let (family, id) = (task.family.name(), task.id.as_str());
        detail.set_text("message", Some(&[family, " ", id, ": ", &detail.message()].concat()));
        detail.set_text("family", Some(family));
        detail.set_text("taskId", Some(id));
    }
    HubSpotTaskError::new(detail.fields()).into()
}

/// What the task itself or the deadline brought about.
fn own(failure: &Failure, fault: Option<&Fault>, about: Option<&Name>) -> Detail {
    let status = failure.last_status.as_ref();
    let message = match failure.code {
        Code::Canceled => "HubSpot canceled the task: start it again".to_owned(),
        Code::Failed => match status.and_then(StatusBody::problem) {
            Some(problem) => ["the task failed: ", problem].concat(),
            None => "the task is complete but has no result: it failed".to_owned(),
        },
        _ => timed_out(failure),
    };
    let detail = Detail::said(&message);
    if let Some(Fault { code, detail: cause }) = fault {
        detail.set("cause", &error(*code, &cause.copy(), about));
    }
    detail
}

fn timed_out(failure: &Failure) -> String {
    let polls = decimal(failure.polls.into());
    let state = failure.last_status.as_ref().map_or("none", StatusBody::state);
    let said = failure.fault.as_ref().map(|fault| fault.detail.message()).unwrap_or_default();
    let last_poll = if said.is_empty() { "" } else { ". The last poll failed: " };
    let message = [
        "the task was not over in the time given; it goes on at HubSpot (polls: ",
        &polls,
        ", last status: ",
        state,
        ")",
        last_poll,
        &said,
    ];
    message.concat()
}
