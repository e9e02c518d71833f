//! An answer (status, headers, body) → what the engine is told of it. The one reader of the Rust side; without I/O.
//!
//! The npm package reads JavaScript's answers in `pkg-template/reading.ts`. `tests/answers/` holds answers and how they are
//! read: both readers run through them. (What `serde_json` does not take is unreadable here alone: what is nested deeper
//! than 127, half a surrogate pair, a number beyond all floats.)
//!
//! | file | what it reads |
//! |---|---|
//! | `headers` | pauses, times and limits |
//! | `envelope` | the answer within another one, and an error that came as a 2xx |
//! | `date` | dates, in JSON and in headers |
//! | `status` | a task status: what decisions need of it, and what is kept |
//! | `refusal` | an answer that is no task status: what went wrong |
//! | `detail` | what went wrong, as callers are told it |
//! | `quoted` | a server's text, as a message may hold it |

mod date;
mod detail;
mod envelope;
mod headers;
mod quoted;
mod refusal;
mod status;

pub use detail::Detail;
pub use status::{StatusBody, envelope};

use serde_json::Value;

use crate::family::Family;
use crate::model::blanks::trimmed;
use crate::poll::{Answer, Body, RateHeaders, Timestamp};
use headers::Headers;

/// What a server answered.
#[derive(Clone, Copy)]
pub struct Response<'body, Header> {
    /// The HTTP status; 0 for a redirect that a browser keeps to itself.
    pub status: u16,
    /// Gives a header by its name in lower case: `Fn(&str) -> Option<String>`. Where headers cannot be read it gives none.
    pub header: Header,
    /// The body, which should be UTF-8.
    pub body: &'body [u8],
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// As much as decisions need.
    pub answer: Answer,
    /// What its headers say of the rate limit.
    pub rate_headers: RateHeaders,
    /// What is kept of it.
    pub payload: Payload,
}

/// What is kept of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// A task status.
    Status(StatusBody),
    /// A 2xx without a body: the task is not over yet.
    Empty,
    /// What went wrong.
    Fault(Detail),
}

/// What was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// A task's status.
    #[default]
    Status,
    /// Its details, which may tell of an end that its status does not. What else they say is nothing.
    Details,
}

/// An answer, for the modules here.
struct Received<'answer> {
    status: u16,
    headers: Headers,
    text: &'answer str,
    family: Family,
    secrets: &'answer [&'answer str],
}

/// Reads an answer to a request for a task's status, or its details. The secrets are the tokens that were sent: they enter no
/// message.
///
/// ```
/// use hubspot_async_tasks::family::Family;
/// use hubspot_async_tasks::poll::{Answer, Timestamp};
/// use hubspot_async_tasks::read::{Asked, Payload, Response, read};
///
/// let body = br#"{ "status": "error", "message": "no such task", "correlationId": "c-1" }"#;
/// let response = Response { status: 404, header: |_: &str| None, body };
/// let asked = (Family::Export, Asked::Status);
/// let reading = read(&response, asked, Timestamp::from_ms(0), &["token"]);
/// assert!(matches!(reading.answer, Answer::Http { status: 404, .. }));
/// let Payload::Fault(detail) = reading.payload else { panic!("it is no status") };
/// assert_eq!(detail.correlation_id.as_deref(), Some("c-1"));
/// assert!(detail.to_string().ends_with("(HTTP 404): no such task"));
/// ```
pub fn read<Header: Fn(&str) -> Option<String>>(
    response: &Response<'_, Header>,
    (family, asked): (Family, Asked),
    now: Timestamp,
    secrets: &[&str],
) -> Reading {
    let text = String::from_utf8_lossy(without_mark(response.body));
    let opened = envelope::opened(response.status, &text);
    let (status, text) =
        opened.as_ref().map_or((response.status, &*text), |(status, text)| (*status, &**text));
    let headers = Headers::read(&response.header, now);
    let Headers { retry_after, server_time, rate_headers, .. } = headers;
    let received = Received { status, headers, text, family, secrets };
    let json = serde_json::from_str::<Value>(text).ok();
    let limit = refusal::limit(json.as_ref());
    let (body, payload) = if (200..=299).contains(&status) {
        success(&received, asked, json)
    } else {
        (Body::Unreadable, Payload::Fault(refusal::refused(&received, json)))
    };
    let answer = Answer::Http { status, retry_after, server_time, limit, body };
    Reading { answer, rate_headers, payload }
}

/// What a 2xx says; there is no JSON where its text is none.
fn success(received: &Received, asked: Asked, json: Option<Value>) -> (Body, Payload) {
    if json.is_none() && trimmed(received.text).is_empty() {
        return (Body::Empty, Payload::Empty);
    }
    if let Some(json) = json.as_ref().filter(|json| status::is_error(json)) {
        return (Body::Error, Payload::Fault(refusal::refused(received, Some(json.clone()))));
    }
    if asked == Asked::Details {
        let told = json.and_then(|json| status::read_details(received, json));
        return told.map_or((Body::Empty, Payload::Empty), |(envelope, kept)| {
            (Body::Status(envelope), Payload::Status(kept))
        });
    }
    match json.and_then(|json| status::read(received, json)) {
        Some((envelope, kept)) => (Body::Status(envelope), Payload::Status(kept)),
        None => (Body::Unreadable, Payload::Fault(refusal::unreadable(received))),
    }
}

/// A body without the mark that may stand before UTF-8.
fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}
