//! What an answer says: a task status, nothing yet, or what went wrong; as requests.js understood it.

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::clock::timestamp;
use super::fault::Detail;
use super::host::{field, is, item, numbers};
use crate::client::{Payload, Reply};
use crate::family::Family;
use crate::poll::{Answer, Body, Code, Envelope, Span, Standing, Timestamp, Told};

#[wasm_bindgen(module = "/pkg-template/requests.js")]
extern "C" {
    fn understand(answer: &JsValue, scopes: &str, now_ms: f64) -> JsValue;

    /// Whether two statuses had the same text.
    #[wasm_bindgen(js_name = isSame)]
    fn is_same(status: &JsValue, other: &JsValue) -> bool;
}

/// A task status: HubSpot's own object, complete, with fields that this version does not know.
#[derive(Clone, Debug)]
pub struct StatusBody(JsValue);

impl StatusBody {
    /// HubSpot's own object.
    pub fn object(&self) -> JsValue {
        field(&self.0, "object")
    }

    /// The status as a Rust type, for example `FileImportStatus`.
    ///
    /// # Errors
    /// When a field has another type than HubSpot's documentation says.
    pub fn decode<Status: DeserializeOwned>(&self) -> Result<Status, serde_wasm_bindgen::Error> {
        serde_wasm_bindgen::from_value(self.object())
    }

    /// HubSpot's word for where the task stands, fit for a message.
    pub fn state(&self) -> String {
        self.word().as_string().unwrap_or_default()
    }

    /// What HubSpot says of the first error that the task met, fit for a message.
    pub fn problem(&self) -> Option<String> {
        field(&self.0, "problem").as_string()
    }

    /// The same as [`StatusBody::state`], as the host has it.
    pub(super) fn word(&self) -> JsValue {
        field(&self.0, "word")
    }

    /// What requests.js keeps of it.
    #[cfg(feature = "npm")]
    pub(super) fn kept(&self) -> &JsValue {
        &self.0
    }
}

impl PartialEq for StatusBody {
    fn eq(&self, other: &StatusBody) -> bool {
        is_same(&self.0, &other.0)
    }
}

/// What requests.js calls that which came.
const TOKEN: f64 = 1.0;
const FETCH: f64 = 2.0;
const HTTP: f64 = 3.0;

/// Takes apart what requests.js understood.
pub(super) fn read(answer: &JsValue, family: Family, now: Timestamp) -> Reply<StatusBody, Detail> {
    let understood = understand(answer, family.scope_list(), now.as_ms() as f64);
    let [kind, status, retry_after_ms, server_ms, limit, remaining, window_ms, is_daily, is_repeatable] =
        numbers(&understood);
    let detail = item(&understood, 9);
    let (body, payload) = if !detail.is_undefined() {
        (Body::Unreadable, Payload::Fault(Detail::of(detail)))
    } else if let Some(envelope) = envelope_of(&item(&understood, 10)) {
        (Body::Status(envelope), Payload::Status(StatusBody(item(&understood, 11))))
    } else {
        (Body::Empty, Payload::Empty)
    };
    let answer = match kind {
        TOKEN => Answer::Unsendable(Code::Unauthorized),
        FETCH => Answer::Unsendable(Code::Network),
        HTTP => Answer::Http {
            status: status as u16,
            retry_after: span(retry_after_ms),
            server_time: timestamp(server_ms),
            is_daily_limit: is_daily > 0.0,
            body,
        },
        _ => Answer::None,
    };
    let told = Told {
        max: count(limit),
        remaining: count(remaining),
        interval: count(window_ms).map(|ms| Span::from_ms(ms.into())),
    };
    Reply { answer, payload, told, is_repeatable: is_repeatable > 0.0 }
}

/// A header's count; `None` where it has none, or one beyond all counting.
fn count(count: f64) -> Option<u32> {
    (count <= u32::MAX.into()).then_some(count as u32)
}

/// Milliseconds as a span; `None` for NaN.
#[inline(never)]
pub fn span(ms: f64) -> Option<Span> {
    // The cast stops at the highest number.
    (!ms.is_nan()).then(|| Span::from_ms(ms.ceil() as u64))
}

/// The envelope of a task status; `None` for undefined.
pub fn envelope_of(list: &JsValue) -> Option<Envelope> {
    if list.is_undefined() {
        return None;
    }
    let [has_errors, has_result, requested_ms, started_ms, completed_ms] = numbers(list);
    let state = item(list, 5);
    Some(Envelope {
        standing: Standing::told_by(|word| is(&state, word)),
        has_errors: has_errors > 0.0,
        has_result: has_result > 0.0,
        requested_at: timestamp(requested_ms),
        started_at: timestamp(started_ms),
        completed_at: timestamp(completed_ms),
    })
}
