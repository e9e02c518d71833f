//! Errors as JavaScript sees them: one class, `HubSpotTaskError`, defined in JavaScript so that it is a real `Error`.

use js_sys::Object;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::answer::ms;
use super::checkpoint::checkpoint_object;
use super::host::{field, is_some};
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
    detail.set_text("code", code.name());
    if let Some(task) = about {
        detail.ascribe(task.family.name(), task.id.as_str());
    }
    HubSpotTaskError::new(detail.fields()).into()
}

/// What the task itself or the deadline brought about.
fn own(failure: &Failure, fault: Option<&Fault>, about: Option<&Name>) -> Detail {
    let status = failure.last_status.as_ref();
    let detail = match failure.code {
        Code::Canceled => Detail::said("HubSpot canceled the task: start it again"),
        Code::Failed => match status.map(StatusBody::first_problem).filter(|problem| is_some(problem)) {
            Some(problem) => Detail::formatted("the task failed: {}", problem, &JsValue::UNDEFINED),
            None => Detail::said("the task is complete but has no result: it failed"),
        },
        _ => timed_out(failure),
    };
    if let Some(Fault { code, detail: cause }) = fault {
        detail.set("cause", &error(*code, &cause.copy(), about));
    }
    detail
}

fn timed_out(failure: &Failure) -> Detail {
    let state = failure.last_status.as_ref().map_or_else(|| "none".into(), |status| status.word().clone());
    let message =
        "the task was not over in the time given; it goes on at HubSpot (polls: {}, last status: {})";
    let detail = Detail::formatted(message, &failure.polls.into(), &state);
    if let Some(fault) = &failure.fault {
        detail.add(". The last poll failed: {}", &field(fault.detail.fields(), "message"));
    }
    detail
}
