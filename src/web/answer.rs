//! What an answer says: a task status, nothing yet, or what went wrong.

use std::rc::Rc;

use js_sys::Array;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::clock::timestamp;
use super::fault::{Detail, quote, quote_all};
use super::host::{field, is_some, matches, number, says, text, time};
use crate::client::{Payload, Reply};
use crate::family::Family;
use crate::poll::{Answer, Body, Envelope, Span, Standing, Timestamp, Told};

/// A task status: HubSpot's own object, complete, with fields that this version does not know.
#[derive(Clone, Debug)]
pub struct StatusBody(Rc<Parts>);

#[derive(Debug)]
struct Parts {
    object: JsValue,
    text: JsValue,
    state: JsValue,
    problem: JsValue,
}

impl StatusBody {
    /// HubSpot's own object.
    pub fn object(&self) -> &JsValue {
        &self.0.object
    }

    /// The status as a Rust type, for example `FileImportStatus`.
    ///
    /// # Errors
    /// When a field has another type than HubSpot's documentation says.
    pub fn decode<Status: DeserializeOwned>(&self) -> Result<Status, serde_wasm_bindgen::Error> {
        serde_wasm_bindgen::from_value(self.0.object.clone())
    }

    /// HubSpot's word for where the task stands, fit for a message.
    pub fn state(&self) -> String {
        self.0.state.as_string().unwrap_or_default()
    }

    /// What HubSpot says of the first error that the task met, fit for a message.
    pub fn problem(&self) -> Option<String> {
        self.0.problem.as_string()
    }

    /// The same as [`StatusBody::state`], as the host has it.
    pub(super) fn word(&self) -> &JsValue {
        &self.0.state
    }

    /// The same as [`StatusBody::problem`], as the host has it: undefined where there is none.
    pub(super) fn first_problem(&self) -> &JsValue {
        &self.0.problem
    }
}

impl PartialEq for StatusBody {
    fn eq(&self, other: &StatusBody) -> bool {
        self.0.text == other.0.text
    }
}

/// An answer, read whole but not understood yet.
pub struct Received {
    /// 0 for a redirect that the browser keeps to itself.
    pub status: u16,
    /// What host.js made of it.
    flat: JsValue,
    text: JsValue,
    /// What the text says as JSON; undefined where it is none.
    parsed: JsValue,
    /// What must not enter a message.
    secret: JsValue,
    /// Whether the same request with another token may be answered better.
    is_repeatable: bool,
}

/// Stands for an answer without a status: no HTTP status is so high.
const NO_RESPONSE: u16 = 1000;

impl Received {
    pub fn new(flat: &JsValue) -> Received {
        let status = number(flat, "status");
        Received {
            status: if (0.0..1000.0).contains(&status) { status as u16 } else { NO_RESPONSE },
            flat: flat.clone(),
            text: field(flat, "text"),
            parsed: field(flat, "parsed"),
            secret: field(flat, "secret"),
            is_repeatable: field(flat, "isRepeatable").as_bool() == Some(true),
        }
    }

    /// The span that `Retry-After` asks for: seconds, or a date by the server's clock.
    fn retry_after(&self, now: Timestamp) -> Option<Span> {
        let seconds = number(&self.flat, "retrySeconds");
        if !seconds.is_nan() {
            // The cast stops at the highest number, a time beyond all waiting.
            return Some(Span::from_secs((seconds as u32).into()));
        }
        let date = timestamp(number(&self.flat, "retryDate"))?;
        Some(date.since(self.server_time().unwrap_or(now)))
    }

    fn server_time(&self) -> Option<Timestamp> {
        timestamp(time(&self.flat, "date"))
    }

    /// What the headers say of the rate limit.
    fn told(&self) -> Told {
        let count = |name| Some(number(&self.flat, name)).filter(|count| *count <= u32::MAX.into());
        Told {
            max: count("limit").map(|count| count as u32),
            remaining: count("remaining").map(|count| count as u32),
            interval: count("windowMs").map(|ms| Span::from_ms(ms as u64)),
        }
    }

    fn quote(&self, object: &JsValue, name: &str) -> JsValue {
        quote(&field(object, name), &self.secret)
    }
}

/// The envelope of a task status; `None` where it is no object with a string `status`.
///
/// Read field by field, so that a field of a wrong type is as good as absent. Serde would refuse the whole status, and
/// for its error texts alone bring 14 kB of code that prints floats.
pub fn envelope(object: &JsValue) -> Option<Envelope> {
    Some(Envelope {
        standing: Standing::of(&text(object, "status")?),
        has_errors: number(object, "numErrors") > 0.0 || is_some(&first_error(object)),
        has_result: is_some(&field(object, "result")),
        requested_at: timestamp(time(object, "requestedAt")),
        started_at: timestamp(time(object, "startedAt")),
        completed_at: timestamp(time(object, "completedAt")),
    })
}

/// What an answer says.
pub fn read(received: &Received, family: Family, now: Timestamp) -> Reply<StatusBody, Detail> {
    let retry_after = received.retry_after(now);
    let (body, payload) = match received.status {
        200..=299 => read_status(received),
        _ => (Body::Unreadable, Payload::Fault(refusal(received, family, retry_after))),
    };
    let answer = Answer::Http {
        status: received.status,
        retry_after,
        server_time: received.server_time(),
        is_daily_limit: says(&received.parsed, "policyName", "DAILY"),
        body,
    };
    Reply { answer, payload, told: received.told(), is_repeatable: received.is_repeatable }
}

/// HubSpot's proxies pass an error on as a 2xx whose `status` is this word, which no task has.
const ERROR_BODY: &str = "error";

fn read_status(received: &Received) -> (Body, Payload<StatusBody, Detail>) {
    if field(&received.flat, "isEmpty").as_bool() == Some(true) {
        return (Body::Empty, Payload::Empty);
    }
    let parsed = &received.parsed;
    match envelope(parsed) {
        Some(envelope) if !says(parsed, "status", ERROR_BODY) => {
            let problem = received.quote(&first_error(parsed), "message");
            let state = received.quote(parsed, "status");
            let parts = Parts { object: parsed.clone(), text: received.text.clone(), state, problem };
            (Body::Status(envelope), Payload::Status(StatusBody(Rc::new(parts))))
        }
        _ => (Body::Unreadable, Payload::Fault(unreadable(received))),
    }
}

fn unreadable(received: &Received) -> Detail {
    let content_type = match received.quote(&received.flat, "contentType") {
        none if !is_some(&none) => "none".into(),
        content_type => content_type,
    };
    let quoted = received.quote(&received.flat, "text");
    let message = "the answer is no task status (content type {}): {}";
    let detail = Detail::formatted(message, &content_type, &quoted);
    if matches(&quoted, r"^\s*<") {
        detail.add("\nIt looks like a web page: does baseUrl lead to HubSpot's API?", &quoted);
    }
    detail.set_number("httpStatus", received.status.into());
    detail
}

/// What an answer that is not 2xx says.
fn refusal(received: &Received, family: Family, retry_after: Option<Span>) -> Detail {
    let body = &received.parsed;
    let what = match received.status {
        0 | 300..=399 => "the server redirects, and a redirect is not followed: correct baseUrl",
        401 => "HubSpot refused the token: it is missing, wrong or expired",
        403 => "HubSpot refused: the token may not ask for this task, or there is no such task",
        404 => "HubSpot knows no such task, or baseUrl or apiVersion is wrong",
        423 => "HubSpot has locked this for the moment",
        429 => "HubSpot's rate limit was hit",
        477 => "HubSpot is moving this account to another data centre",
        NO_RESPONSE => return Detail::said("fetch gave something that is no response"),
        _ => "HubSpot answered with an error",
    };
    let detail = Detail::said(what);
    detail.add(" (HTTP {})", &received.status.into());
    for name in ["message", "policyName"] {
        detail.add(": {}", &received.quote(body, name));
    }
    if received.status > 0 {
        detail.set_number("httpStatus", received.status.into());
    }
    for name in ["category", "correlationId"] {
        detail.set_some(name, &received.quote(body, name));
    }
    if received.status == 403 && says(body, "category", "MISSING_SCOPES") {
        let scopes = scopes(received, body, family);
        detail.add(". The token needs one of the scopes {}", &scopes.join(", "));
        detail.set("requiredScopes", &scopes);
    }
    detail.set_number("retryAfterMs", ms(retry_after));
    detail
}

/// A span as JavaScript counts it: milliseconds, NaN for none.
#[inline(never)]
pub fn ms(span: Option<Span>) -> f64 {
    span.map_or(f64::NAN, |span| span.as_ms() as f64)
}

/// The scopes that HubSpot names, in the body's context or in that of its first error, else those of the family.
fn scopes(received: &Received, body: &JsValue, family: Family) -> Array {
    for holder in [body, &first_error(body)] {
        let scopes = field(&field(holder, "context"), "requiredGranularScopes");
        let scopes = quote_all(&scopes, &received.secret);
        if scopes.length() > 0 {
            return scopes;
        }
    }
    let scopes = Array::new();
    for scope in family.scopes() {
        scopes.push(&JsValue::from_str(scope));
    }
    scopes
}

/// Undefined where there is none.
fn first_error(body: &JsValue) -> JsValue {
    let errors = field(body, "errors");
    if Array::is_array(&errors) { field(&errors, "0") } else { JsValue::UNDEFINED }
}
