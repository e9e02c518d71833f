//! Errors as JavaScript sees them: one class, `HubSpotTaskError`, defined in JavaScript so that it is a real `Error`.

use js_sys::{Array, JsString, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::host::{get, set};
use super::options::{Refusal, show};
use super::{Detail, StatusBody};
use crate::client;
use crate::family::{Family, TaskId};
use crate::poll::Code;

type Failure = client::Failure<StatusBody, Detail>;
type Fault = client::Fault<Detail>;

#[wasm_bindgen(module = "/pkg-template/error.js")]
extern "C" {
    type HubSpotTaskError;

    #[wasm_bindgen(constructor)]
    fn new(message: &str, fields: &Object) -> HubSpotTaskError;
}

/// Of which task an error speaks.
#[derive(Clone)]
pub struct About {
    pub family: Family,
    pub id: TaskId,
}

/// A wrong argument.
pub fn refused(refusal: &Refusal) -> JsValue {
    with_code(Code::InvalidArgument, refusal, None).into_error()
}

/// A call or a wait that ended without success.
pub fn failed(failure: &Failure, about: &About) -> JsValue {
    let mut error = match (&failure.fault, failure.code) {
        (Some(fault), code) if code != Code::Timeout => with_code(code, &fault.detail, Some(about)),
        _ => own(failure, about),
    };
    if let Some(status) = &failure.last_status {
        error.set("lastStatus", status.object());
    }
    error.set("polls", &failure.polls.into());
    if let Some(retry_after) = failure.retry_after {
        error.set("retryAfterMs", &ms(retry_after));
    }
    error.into_error()
}

struct Draft {
    message: String,
    fields: Object,
}

impl Draft {
    fn new(code: Code, message: String, about: Option<&About>) -> Draft {
        let mut draft = Draft { message, fields: Object::new() };
        draft.set("code", &code.name().into());
        if let Some(About { family, id }) = about {
            draft.message = [family.name(), " ", id.as_str(), ": ", &draft.message].concat();
            draft.set("family", &family.name().into());
            draft.set("taskId", &id.as_str().into());
        }
        draft
    }

    fn set(&mut self, name: &str, value: &JsValue) {
        set(&self.fields, name, value);
    }

    fn into_error(self) -> JsValue {
        HubSpotTaskError::new(&self.message, &self.fields).into()
    }
}

/// What the task itself or the deadline brought about.
fn own(failure: &Failure, about: &About) -> Draft {
    let status = failure.last_status.as_ref();
    let message = match failure.code {
        Code::Canceled => "HubSpot canceled the task: start it again".to_owned(),
        Code::Failed => match status.and_then(StatusBody::problem) {
            Some(problem) => ["the task failed: ", problem].concat(),
            None => "the task is complete but has no result: it failed".to_owned(),
        },
        _ => timed_out(failure),
    };
    let mut draft = Draft::new(failure.code, message, Some(about));
    if let Some(Fault { code, detail }) = &failure.fault {
        draft.set("cause", &with_code(*code, detail, Some(about)).into_error());
    }
    draft
}

fn timed_out(failure: &Failure) -> String {
    let mut message = "the task was not over in the time given; it goes on at HubSpot".to_owned();
    message += &[" (polls: ", &show(&failure.polls.into())].concat();
    let status = failure.last_status.as_ref().and_then(|status| get(status.object(), "status").ok());
    if let Some(status) = status {
        message += &[", last status: ", &show(&status)].concat();
    }
    message += ")";
    if let Some(fault) = &failure.fault {
        message += &[". The last poll failed: ", &fault.detail.fields().message].concat();
    }
    message
}

fn with_code(code: Code, detail: &Detail, about: Option<&About>) -> Draft {
    let fields = detail.fields();
    let mut draft = Draft::new(code, fields.message.clone(), about);
    if let Some(status) = fields.http_status {
        draft.set("httpStatus", &status.into());
    }
    for (name, value) in [("category", &fields.category), ("correlationId", &fields.correlation_id)] {
        if let Some(value) = value {
            draft.set(name, &value.into());
        }
    }
    if !fields.required_scopes.is_empty() {
        let scopes: Array =
            fields.required_scopes.iter().map(|scope| JsString::from(scope.as_str())).collect();
        draft.set("requiredScopes", &scopes);
    }
    if let Some(retry_after) = fields.retry_after {
        draft.set("retryAfterMs", &ms(retry_after));
    }
    if let Some(cause) = &fields.cause {
        draft.set("cause", cause);
    }
    draft
}

/// A span as JavaScript counts it: milliseconds.
pub fn ms(span: std::time::Duration) -> JsValue {
    (span.as_secs_f64() * 1000.0).into()
}
