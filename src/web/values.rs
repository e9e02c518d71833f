//! JavaScript's values of any shape, and promises that may never settle.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// JavaScript's own conversion, which may run the value's code.
    #[wasm_bindgen(catch, js_name = String)]
    fn to_text(value: &JsValue) -> Result<JsValue, JsValue>;
}

/// A property; undefined where the value can have none.
pub(super) fn get(value: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    if value.is_object() || value.is_function() {
        Reflect::get(value, &name.into())
    } else {
        Ok(JsValue::UNDEFINED)
    }
}

/// A property that can be called. Not by `instanceof`: functions of other realms are functions.
pub(super) fn method(value: &JsValue, name: &str) -> Result<Option<Function>, JsValue> {
    let property = get(value, name)?;
    Ok(property.is_function().then(|| property.unchecked_into()))
}

/// What a value is, where it must not be shown.
pub(super) fn kind(value: &JsValue) -> String {
    format!("a value of type {}", value.js_typeof().as_string().unwrap_or_default())
}

/// A value in words; none where it has none.
pub(super) fn words(value: &JsValue) -> String {
    to_text(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// Whether it is a `TypeError`, of this realm or another: as browsers tell of all that keeps a page from an answer.
pub(super) fn is_type_error(value: &JsValue) -> bool {
    get(value, "name").is_ok_and(|name| name.as_string().is_some_and(|name| name == "TypeError"))
}

/// What a promise, or whatever is awaited like one, comes to. Dropping it leaves nothing in memory, though the promise may
/// never settle.
pub(super) struct Awaited {
    first: JsFuture,
    abandon: Function,
}

impl Awaited {
    pub fn of(value: &JsValue) -> Awaited {
        let mut abandon = None;
        let abandoned = Promise::new(&mut |resolve, _| abandon = Some(resolve));
        let first = Promise::race(&Array::of2(value, &abandoned));
        Awaited { first: first.into(), abandon: abandon.unwrap_or_default() }
    }
}

impl Future for Awaited {
    type Output = Result<JsValue, JsValue>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.first).poll(context)
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        // It is a promise's own function, which does not throw.
        _ = self.abandon.call0(&JsValue::UNDEFINED);
    }
}
