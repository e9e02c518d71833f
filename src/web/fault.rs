//! What went wrong, ready to be told: one message for people, a few fields for programs, and never a secret.

use js_sys::{JsString, Object};
use wasm_bindgen::JsValue;

use super::host::{get, set};

/// So much of what a server sent enters a message, in characters.
const QUOTED: u32 = 200;

/// What went wrong, in words and in fields: a JavaScript object with `message` and, where they are known,
/// `httpStatus`, `category`, `correlationId`, `requiredScopes`, `retryAfterMs` and `cause`.
#[derive(Clone, Debug)]
pub struct Detail(Object);

impl Detail {
    /// A message with nothing beside it.
    pub fn said(message: &str) -> Detail {
        let detail = Detail(Object::new());
        detail.set("message", &message.into());
        detail
    }

    /// A message and what was thrown.
    pub fn thrown(message: &str, cause: &JsValue) -> Detail {
        let detail = Detail::said(message);
        detail.set("cause", cause);
        detail
    }

    pub(super) fn set(&self, name: &str, value: &JsValue) {
        set(&self.0, name, value);
    }

    /// One of its own to add to: a fault is told to several who wait.
    pub(super) fn copy(&self) -> Detail {
        Detail(Object::assign(&Object::new(), &self.0))
    }

    /// The message.
    pub fn message(&self) -> String {
        get(&self.0, "message").ok().and_then(|message| message.as_string()).unwrap_or_default()
    }

    /// The object.
    pub fn fields(&self) -> &Object {
        &self.0
    }
}

/// Text from a server as a message may hold it: without the secret, without a result (an export's URL needs no
/// token; its name may be followed by another quote than `"` in JSON within JSON), and short. In the host's strings: a body may be long, and little of it is needed here.
pub fn quote(text: &JsString, secret: Option<&str>) -> String {
    let clean = match secret {
        Some(secret) if !secret.is_empty() => text.split(secret).join("[token]"),
        _ => text.clone(),
    };
    let result = u32::try_from(clean.index_of("\"result", 0)).unwrap_or(QUOTED);
    let end = result.min(QUOTED);
    let more = if clean.length() > end { "…" } else { "" };
    [&String::from(clean.slice(0, end)), more].concat()
}
