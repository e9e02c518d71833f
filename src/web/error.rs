//! Errors as JavaScript sees them: one class, `HubSpotTaskError`, defined in JavaScript so that it is a real `Error`.

use js_sys::Object;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::answer::ms;
use super::options::{Refusal, show};
use super::{Detail, FetchTransport, HostClock, StatusBody};
use crate::client;
use crate::poll::Code;

type Failure = client::Failure<StatusBody, Detail>;
type Fault = client::Fault<Detail>;

#[wasm_bindgen(module = "/pkg-template/error.js")]
extern "C" {
    type HubSpotTaskError;

    #[wasm_bindgen(constructor)]
    fn new(fields: &Object) -> HubSpotTaskError;
}

/// The task that an error speaks of.
pub type WebTask = client::Task<FetchTransport, HostClock>;

/// A wrong argument.
pub fn refused(refusal: &Refusal) -> JsValue {
    error(Code::InvalidArgument, refusal, None)
}

/// A call or a wait that ended without success.
pub fn failed(failure: &Failure, about: &WebTask) -> JsValue {
    let detail = match &failure.fault {
        Some(fault) if failure.code != Code::Timeout => fault.detail.copy(),
        fault => own(failure, fault.as_ref(), about),
    };
    if let Some(status) = &failure.last_status {
        detail.set("lastStatus", status.object());
    }
    detail.set("polls", &failure.polls.into());
    if let Some(retry_after) = failure.retry_after {
        detail.set("retryAfterMs", &ms(retry_after));
    }
    error(failure.code, &detail, Some(about))
}

/// An error from its message and fields, with the code and the task it speaks of.
fn error(code: Code, detail: &Detail, about: Option<&WebTask>) -> JsValue {
    detail.set("code", &code.name().into());
    if let Some(task) = about {
        let (family, id) = (task.family().name(), task.id().as_str());
        detail.set("message", &[family, " ", id, ": ", &detail.message()].concat().into());
        detail.set("family", &family.into());
        detail.set("taskId", &id.into());
    }
    HubSpotTaskError::new(detail.fields()).into()
}

/// What the task itself or the deadline brought about.
fn own(failure: &Failure, fault: Option<&Fault>, about: &WebTask) -> Detail {
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
        detail.set("cause", &error(*code, &cause.copy(), Some(about)));
    }
    detail
}

fn timed_out(failure: &Failure) -> String {
    let polls = show(&failure.polls.into());
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
