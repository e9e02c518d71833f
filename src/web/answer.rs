//! What an answer says: a task status, nothing yet, or what went wrong.

use std::rc::Rc;
use std::time::Duration;

use js_sys::{Array, Date, JSON, JsString};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use super::clock::timestamp;
use super::fault::{Detail, quote};
use super::host::{get, get_some, is_some};
use super::options::show;
use crate::client::{Payload, Reply};
use crate::family::Family;
use crate::poll::{Answer, Body, Envelope, Standing, Timestamp};

/// A task status: HubSpot's own object, complete, with fields that this version does not know.
#[derive(Clone, Debug)]
pub struct StatusBody(Rc<Parts>);

#[derive(Debug)]
struct Parts {
    object: JsValue,
    text: JsString,
    state: String,
    problem: Option<String>,
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
    pub fn state(&self) -> &str {
        &self.0.state
    }

    /// What HubSpot says of the first error that the task met, fit for a message.
    pub fn problem(&self) -> Option<&str> {
        self.0.problem.as_deref()
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
    text: JsString,
    /// What must not enter a message.
    secret: Option<String>,
}

/// Stands for an answer without a status: no HTTP status is so high.
const NO_RESPONSE: u16 = 1000;

impl Received {
    pub fn new(flat: JsValue, secret: Option<&str>) -> Received {
        let field = |name| get(&flat, name).unwrap_or_default();
        let text = field("text").unchecked_into();
        let status = field("status").as_f64().filter(|status| (0.0..1000.0).contains(status));
        let status = status.map_or(NO_RESPONSE, |status| status as u16);
        Received { status, flat, text, secret: secret.map(str::to_owned) }
    }

    fn retry_after(&self) -> Option<Duration> {
        let text = get(&self.flat, "retryAfter").ok()?.as_string()?;
        let text = text.trim_ascii();
        let is_seconds = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // More digits than a number holds is a time beyond all waiting.
        is_seconds.then(|| Duration::from_secs(text.parse().unwrap_or(u32::MAX.into())))
    }

    fn quote(&self, text: &JsString) -> String {
        quote(text, self.secret.as_deref())
    }

    fn quote_field(&self, object: &JsValue, name: &str) -> Option<String> {
        Some(self.quote(get_some(object, name)?.dyn_ref()?))
    }
}

/// The envelope of a task status; `None` where it is no object with a string `status`.
///
/// Read field by field, so that a field of a wrong type is as good as absent. Serde would refuse the whole status, and
/// for its error texts alone bring 14 kB of code that prints floats.
pub fn envelope(object: &JsValue) -> Option<Envelope> {
    if !object.is_object() || Array::is_array(object) {
        return None;
    }
    let field = |name| get(object, name).unwrap_or_default();
    let num_errors = field("numErrors").as_f64().unwrap_or(0.0);
    Some(Envelope {
        standing: Standing::of(&field("status").as_string()?),
        has_errors: num_errors > 0.0 || first_error(object).is_some(),
        has_result: is_some(&field("result")),
        requested_at: instant(&field("requestedAt")),
        completed_at: instant(&field("completedAt")),
    })
}

fn instant(date: &JsValue) -> Option<Timestamp> {
    timestamp(Date::parse(&date.as_string()?))
}

/// What an answer says.
pub fn read(received: Received, family: Family) -> Reply<StatusBody, Detail> {
    let parsed = JSON::parse(&String::from(&received.text)).unwrap_or_default();
    let (body, payload) = match received.status {
        200..=299 => read_status(&received, &parsed),
        _ => (Body::Unreadable, Payload::Fault(refusal(&received, &parsed, family))),
    };
    let answer = Answer::Http {
        status: received.status,
        retry_after: received.retry_after(),
        server_time: instant(&get(&received.flat, "date").unwrap_or_default()),
        is_daily_limit: get(&parsed, "policyName").is_ok_and(|policy| policy == "DAILY"),
        body,
    };
    Reply { answer, payload }
}

/// HubSpot's proxies pass an error on as a 2xx whose `status` is this word, which no task has.
const ERROR_BODY: &str = "error";

fn is_error_body(object: &JsValue) -> bool {
    get(object, "status").is_ok_and(|status| status == ERROR_BODY)
}

fn read_status(received: &Received, parsed: &JsValue) -> (Body, Payload<StatusBody, Detail>) {
    if received.text.trim().length() == 0 {
        return (Body::Empty, Payload::Empty);
    }
    match envelope(parsed) {
        Some(envelope) if !is_error_body(parsed) => {
            let problem = first_error(parsed).and_then(|error| received.quote_field(&error, "message"));
            let state = received.quote_field(parsed, "status").unwrap_or_default();
            let parts = Parts { object: parsed.clone(), text: received.text.clone(), state, problem };
            (Body::Status(envelope), Payload::Status(StatusBody(Rc::new(parts))))
        }
        _ => (Body::Unreadable, Payload::Fault(unreadable(received))),
    }
}

fn unreadable(received: &Received) -> Detail {
    let content_type = get(&received.flat, "contentType").unwrap_or_default();
    let content_type = content_type.dyn_ref().map_or_else(|| "none".to_owned(), |text| received.quote(text));
    let quoted = received.quote(&received.text);
    let hint = match quoted.trim_ascii_start().starts_with("<") {
        true => "\nIt looks like a web page: does baseUrl lead to HubSpot's API?",
        false => "",
    };
    let message =
        ["the answer is no task status (content type ", &content_type, "): ", &quoted, hint].concat();
    let detail = Detail::said(&message);
    detail.set("httpStatus", &received.status.into());
    detail
}

/// What an answer that is not 2xx says.
fn refusal(received: &Received, body: &JsValue, family: Family) -> Detail {
    let field = |name| received.quote_field(body, name);
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
    let mut message = [what, " (HTTP ", &show(&received.status.into()), ")"].concat();
    for name in ["message", "policyName"] {
        if let Some(said) = field(name) {
            message += ": ";
            message += &said;
        }
    }
    let detail = Detail::said("");
    if received.status > 0 {
        detail.set("httpStatus", &received.status.into());
    }
    for name in ["category", "correlationId"] {
        if let Some(value) = field(name) {
            detail.set(name, &value.into());
        }
    }
    if received.status == 403 && get(body, "category").is_ok_and(|category| category == "MISSING_SCOPES") {
        let scopes = scopes(received, body, family);
        message += ". The token needs one of the scopes ";
        message += &String::from(scopes.join(", "));
        detail.set("requiredScopes", &scopes);
    }
    if let Some(retry_after) = received.retry_after() {
        detail.set("retryAfterMs", &ms(retry_after));
    }
    detail.set("message", &message.into());
    detail
}

/// A span as JavaScript counts it: milliseconds.
pub fn ms(span: Duration) -> JsValue {
    (span.as_secs_f64() * 1000.0).into()
}

/// The scopes that HubSpot names, in the body's context or in that of its first error, else those of the family.
fn scopes(received: &Received, body: &JsValue, family: Family) -> Array {
    let named_in = |holder: &JsValue| {
        let scopes = get_some(&get_some(holder, "context")?, "requiredGranularScopes")?;
        let scopes = scopes.dyn_into::<Array>().ok()?;
        let scopes = scopes.iter().filter_map(|scope| Some(JsValue::from(received.quote(scope.dyn_ref()?))));
        Some(scopes.collect::<Array>()).filter(|scopes| scopes.length() > 0)
    };
    named_in(body)
        .or_else(|| named_in(&first_error(body)?))
        .unwrap_or_else(|| family.scopes().iter().map(|scope| JsValue::from_str(scope)).collect())
}

fn first_error(body: &JsValue) -> Option<JsValue> {
    let errors = get_some(body, "errors")?.dyn_into::<Array>().ok()?;
    Some(errors.get(0)).filter(is_some)
}
