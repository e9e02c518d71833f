//! What went wrong, ready to be told: one message for people, a few fields for programs, and never a secret.

use std::rc::Rc;
use std::time::Duration;

use js_sys::JsString;
use wasm_bindgen::JsValue;

/// So much of what a server sent enters a message, in characters.
const QUOTED: u32 = 200;

/// What went wrong, in words and in fields.
#[derive(Clone, Debug)]
pub struct Detail(Rc<Fields>);

/// The fields of a [`Detail`].
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// What happened, and what to do about it.
    pub message: String,
    /// The answer's HTTP status.
    pub http_status: Option<u16>,
    /// HubSpot's `category`.
    pub category: Option<String>,
    /// HubSpot's `correlationId`.
    pub correlation_id: Option<String>,
    /// The scopes of which the token needs one.
    pub required_scopes: Vec<String>,
    /// What `Retry-After` asked for.
    pub retry_after: Option<Duration>,
    /// What the host or the caller's code threw.
    pub cause: Option<JsValue>,
}

impl Detail {
    /// A message with nothing beside it.
    pub fn said(message: impl Into<String>) -> Detail {
        Fields { message: message.into(), ..Fields::default() }.into()
    }

    /// A message and what was thrown.
    pub fn thrown(message: impl Into<String>, cause: JsValue) -> Detail {
        Fields { message: message.into(), cause: Some(cause), ..Fields::default() }.into()
    }

    /// The fields.
    pub fn fields(&self) -> &Fields {
        &self.0
    }
}

impl From<Fields> for Detail {
    fn from(fields: Fields) -> Detail {
        Detail(Rc::new(fields))
    }
}

/// Text from a server as a message may hold it: without the secret, without a result (an export's URL needs no
/// token), and short.
pub fn quote(text: &JsString, secret: Option<&str>) -> String {
    let clean = match secret {
        Some(secret) if !secret.is_empty() => replace(text, secret, "[token]"),
        _ => text.clone(),
    };
    let result = u32::try_from(clean.index_of("\"result\"", 0)).unwrap_or(QUOTED);
    let end = result.min(QUOTED);
    let more = if clean.length() > end { "…" } else { "" };
    [&String::from(clean.slice(0, end)), more].concat()
}

/// In the host's strings: a body may be long, and little of it is ever needed here.
fn replace(text: &JsString, old: &str, new: &str) -> JsString {
    text.split(old).join(new)
}
