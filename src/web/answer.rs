//! Reads an answer of any shape: a `Response`, one of another realm, `hubspot.fetch`'s, or `{ status, headers, body }`.

use std::rc::Rc;
use std::time::Duration;

use js_sys::{Array, Date, JSON, JsString, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use super::clock::timestamp;
use super::fault::{Detail, Fields, quote};
use super::host::{get, get_some, is_some, method, settled};
use super::options::show;
use crate::client::{Payload, Reply};
use crate::family::Family;
use crate::model::TaskState;
use crate::poll::{Answer, Body, Envelope, Standing, Timestamp};

/// A task status: HubSpot's own object, complete, with fields that this version does not know.
#[derive(Clone, Debug)]
pub struct StatusBody(Rc<Parts>);

#[derive(Debug)]
struct Parts {
    object: JsValue,
    text: JsString,
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
    pub status: u16,
    response: JsValue,
    text: JsString,
    /// What must not enter a message.
    secret: Option<String>,
}

/// Takes an answer in; fails where its body breaks off.
pub async fn receive(response: JsValue, secret: Option<String>) -> Result<Received, JsValue> {
    let text = text(&response).await?;
    let status = get_some(&response, "status").and_then(|status| status.as_f64()).unwrap_or(f64::NAN);
    let is_status = (0.0..=999.0).contains(&status);
    Ok(Received { status: if is_status { status as u16 } else { NO_RESPONSE }, response, text, secret })
}

/// Stands for an answer without a status: no HTTP status is so high.
const NO_RESPONSE: u16 = 1000;

async fn text(response: &JsValue) -> Result<JsString, JsValue> {
    let body = if let Some(text) = method(response, "text") {
        settled(text.call0(response)).await?
    } else if let Some(json) = method(response, "json") {
        settled(json.call0(response)).await?
    } else {
        get(response, "body").unwrap_or(JsValue::UNDEFINED)
    };
    if !is_some(&body) {
        return Ok(JsString::from(""));
    }
    match body.dyn_into::<JsString>() {
        Ok(text) => Ok(text),
        // Written out and parsed again: what reads it later meets no getters.
        Err(object) => JSON::stringify(&object),
    }
}

impl Received {
    fn header(&self, name: &str) -> Option<String> {
        let headers = get_some(&self.response, "headers")?;
        match method(&headers, "get") {
            Some(get) => get.call1(&headers, &name.into()).ok()?.as_string(),
            None => own_header(&headers, name),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        let text = self.header("retry-after")?;
        let text = text.trim();
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

fn own_header(headers: &JsValue, name: &str) -> Option<String> {
    let keys = Reflect::own_keys(headers).ok()?;
    let key = keys.iter().find(|key| key.as_string().is_some_and(|key| key.eq_ignore_ascii_case(name)))?;
    Reflect::get(headers, &key).ok()?.as_string()
}

/// The envelope of a task status; `None` where it is no object with a string `status`.
///
/// Read field by field, so that a field of a wrong type is as good as absent; serde would refuse the whole status,
/// and costs 6 kB more.
pub fn envelope(object: &JsValue) -> Option<Envelope> {
    if !object.is_object() || Array::is_array(object) {
        return None;
    }
    let field = |name| get(object, name).unwrap_or_default();
    let num_errors = field("numErrors").as_f64().unwrap_or(0.0);
    Some(Envelope {
        standing: Standing::from(&TaskState::from(field("status").as_string()?.as_str())),
        has_errors: num_errors > 0.0 || first_error(object).is_some(),
        has_result: is_some(&field("result")),
        requested_at: instant(&field("requestedAt")),
        completed_at: instant(&field("completedAt")),
    })
}

fn instant(date: &JsValue) -> Option<Timestamp> {
    date.is_string().then(|| Date::parse(&date.as_string().unwrap_or_default())).and_then(timestamp)
}

/// What an answer says.
pub fn read(received: Received, family: Family) -> Reply<StatusBody, Detail> {
    let parsed = JSON::parse(&String::from(&received.text)).ok();
    let is_success = (200..300).contains(&received.status);
    let (body, payload) = match is_success {
        true => read_status(&received, parsed.as_ref()),
        false => (Body::Unreadable, Payload::Fault(refusal(&received, parsed.as_ref(), family))),
    };
    let policy = parsed.as_ref().and_then(|body| get_some(body, "policyName"));
    let answer = Answer::Http {
        status: received.status,
        retry_after: received.retry_after(),
        server_time: received.header("date").map(|date| Date::parse(&date)).and_then(timestamp),
        is_daily_limit: policy.and_then(|policy| policy.as_string()).as_deref() == Some("DAILY"),
        body,
    };
    Reply { answer, payload }
}

/// HubSpot's proxies pass an error on as a 2xx whose `status` is this word, which no task has.
const ERROR_BODY: &str = "error";

fn is_error_body(object: &JsValue) -> bool {
    get(object, "status").is_ok_and(|status| status == ERROR_BODY)
}

fn read_status(received: &Received, parsed: Option<&JsValue>) -> (Body, Payload<StatusBody, Detail>) {
    if received.text.trim().length() == 0 {
        return (Body::Empty, Payload::Empty);
    }
    let status = parsed.and_then(|object| Some((object, envelope(object)?)));
    match status {
        Some((object, envelope)) if !is_error_body(object) => {
            let problem = first_error(object).and_then(|error| received.quote_field(&error, "message"));
            let parts = Parts { object: object.clone(), text: received.text.clone(), problem };
            (Body::Status(envelope), Payload::Status(StatusBody(Rc::new(parts))))
        }
        _ => (Body::Unreadable, Payload::Fault(unreadable(received))),
    }
}

fn unreadable(received: &Received) -> Detail {
    let content_type = received.header("content-type").unwrap_or_else(|| "none".to_owned());
    let text = received.quote(&received.text);
    let message = [
        "the answer is no task status (content type ",
        &received.quote(&content_type.into()),
        "): ",
        &text,
        if text.trim_start().starts_with('<') {
            "\nIt looks like a web page: does baseUrl lead to HubSpot's API?"
        } else {
            ""
        },
    ];
    Fields { message: message.concat(), http_status: Some(received.status), ..Fields::default() }.into()
}

/// What an answer that is not 2xx says.
fn refusal(received: &Received, body: Option<&JsValue>, family: Family) -> Detail {
    let nothing = JsValue::UNDEFINED;
    let body = body.filter(|body| body.is_object()).unwrap_or(&nothing);
    let field = |name| received.quote_field(body, name);
    let category = field("category");
    let required_scopes = match (received.status, category.as_deref()) {
        (403, Some("MISSING_SCOPES")) => scopes(received, body, family),
        _ => Vec::new(),
    };
    let what = match received.status {
        0 | 300..=399 => "the server redirects, and a redirect is not followed: correct baseUrl",
        401 => "HubSpot refused the token: it is missing, wrong or expired",
        403 => "HubSpot refused: the token may not ask for this task, or there is no such task",
        404 => "HubSpot knows no such task, or baseUrl or apiVersion is wrong",
        423 => "HubSpot has locked this for the moment",
        429 => "HubSpot's rate limit was hit",
        477 => "HubSpot is moving this account to another data centre",
        NO_RESPONSE => "fetch gave something that is no response",
        _ => "HubSpot answered with an error",
    };
    let mut message = what.to_owned();
    if received.status < NO_RESPONSE {
        message += &[" (HTTP ", &show(&received.status.into()), ")"].concat();
    }
    for said in [field("message"), field("policyName")].into_iter().flatten() {
        message += &[": ", &said].concat();
    }
    if !required_scopes.is_empty() {
        message += &[". The token needs one of the scopes ", &required_scopes.join(", ")].concat();
    }
    Fields {
        message,
        http_status: Some(received.status).filter(|status| (1..NO_RESPONSE).contains(status)),
        category,
        correlation_id: field("correlationId"),
        required_scopes,
        retry_after: received.retry_after(),
        cause: None,
    }
    .into()
}

/// The scopes that HubSpot names, in the body's context or in that of its first error, else those of the family.
fn scopes(received: &Received, body: &JsValue, family: Family) -> Vec<String> {
    let named_in = |holder: &JsValue| {
        let scopes = get_some(&get_some(holder, "context")?, "requiredGranularScopes")?;
        let scopes = scopes.dyn_into::<Array>().ok()?;
        let scopes = scopes.iter().filter_map(|scope| Some(received.quote(scope.dyn_ref()?)));
        Some(scopes.collect::<Vec<_>>()).filter(|scopes| !scopes.is_empty())
    };
    named_in(body)
        .or_else(|| named_in(&first_error(body)?))
        .unwrap_or_else(|| family.scopes().iter().map(|scope| (*scope).to_owned()).collect())
}

fn first_error(body: &JsValue) -> Option<JsValue> {
    let errors = get_some(body, "errors")?.dyn_into::<Array>().ok()?;
    Some(errors.get(0)).filter(is_some)
}
