//! What went wrong, ready to be told: one message for people, a few fields for programs, and never a secret.

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};

use super::host::field;

/// What went wrong, in words and in fields: a JavaScript object with `message` and, where they are known,
/// `httpStatus`, `category`, `correlationId`, `requiredScopes`, `retryAfterMs` and `cause`.
#[derive(Clone, Debug)]
pub struct Detail(Object);

impl Detail {
    /// What host.js and its neighbours threw.
    pub(super) fn of(object: JsValue) -> Detail {
        Detail(object.unchecked_into())
    }

    /// The message.
    pub fn message(&self) -> String {
        field(&self.0, "message").as_string().unwrap_or_default()
    }

    /// The object. It is shared: copy it before you add to it.
    pub fn fields(&self) -> &Object {
        &self.0
    }
}
