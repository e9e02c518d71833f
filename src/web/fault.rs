//! What went wrong, ready to be told: one message for people, a few fields for programs, and never a secret.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use super::host::{add, ascribe, excerpt, excerpts, put, put_number, put_some, put_text, said, text, within};

/// So much of what a server sent enters a message, in characters.
const QUOTED: u32 = 200;

/// What went wrong, in words and in fields: a JavaScript object with `message` and, where they are known,
/// `httpStatus`, `category`, `correlationId`, `requiredScopes`, `retryAfterMs` and `cause`.
#[derive(Clone, Debug)]
pub struct Detail(pub(super) Object);

impl Detail {
    /// A message with nothing beside it.
    pub fn said(message: &str) -> Detail {
        Detail::formatted(message, &JsValue::UNDEFINED, &JsValue::UNDEFINED)
    }

    /// A message, in which the values stand in the places of `{}`.
    pub(super) fn formatted(message: &str, first: &JsValue, second: &JsValue) -> Detail {
        Detail(said(message, first, second))
    }

    /// A message and what was thrown.
    pub fn thrown(message: &str, cause: &JsValue) -> Detail {
        let detail = Detail::said(message);
        detail.set("cause", cause);
        detail
    }

    pub(super) fn set(&self, name: &str, value: &JsValue) {
        put(&self.0, name, value);
    }

    /// Unless it is undefined.
    pub(super) fn set_some(&self, name: &str, value: &JsValue) {
        put_some(&self.0, name, value);
    }

    pub(super) fn set_text(&self, name: &str, value: &str) {
        put_text(&self.0, name, value);
    }

    /// Where it is a number.
    pub(super) fn set_number(&self, name: &str, value: f64) {
        put_number(&self.0, name, value);
    }

    /// Adds to the message, unless the value is undefined: it stands in the place of `{}`.
    pub(super) fn add(&self, more: &str, value: &JsValue) {
        add(&self.0, more, value);
    }

    /// The same about something within something: `checkpoint.`.
    pub(super) fn within(self, place: &str) -> Detail {
        within(&self.0, place);
        self
    }

    /// Says which task it is about.
    pub(super) fn ascribe(&self, family: &str, id: &str) {
        ascribe(&self.0, family, id);
    }

    /// One of its own to add to: a fault is told to several who wait.
    pub(super) fn copy(&self) -> Detail {
        Detail(Object::assign(&Object::new(), &self.0))
    }

    /// The message.
    pub fn message(&self) -> String {
        text(&self.0, "message").unwrap_or_default()
    }

    /// The object.
    pub fn fields(&self) -> &Object {
        &self.0
    }
}

/// What may not enter a message: an export's URL needs no token. Its name may be followed by another quote than `"` in
/// JSON within JSON.
const RESULT: &str = "\"result";

/// Text from a server as a message may hold it: without the secret, without a result, and short; undefined where it is no
/// text. In the host's strings: a body may be long, and little of it is needed here.
pub fn quote(text: &JsValue, secret: &JsValue) -> JsValue {
    excerpt(text, secret, RESULT, QUOTED)
}

/// The same of each text in a list; empty where it is none.
pub fn quote_all(list: &JsValue, secret: &JsValue) -> Array {
    excerpts(list, secret, RESULT, QUOTED)
}
