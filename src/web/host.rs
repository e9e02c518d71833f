//! Catching access to JavaScript values: a getter may throw, a global may be missing.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The property, or what its getter threw.
pub fn get(target: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(target, &JsValue::from_str(name))
}

/// The property where it can be read and is neither undefined nor null.
pub fn get_some(target: &JsValue, name: &str) -> Option<JsValue> {
    get(target, name).ok().filter(is_some)
}

/// The method of that name, if there is one.
pub fn method(target: &JsValue, name: &str) -> Option<Function> {
    get_some(target, name)?.dyn_into().ok()
}

/// A global of the host, looked up now: test tools and polyfills replace them while a program runs.
pub fn global(name: &str) -> Option<JsValue> {
    get_some(&js_sys::global(), name)
}

/// Neither undefined nor null.
pub fn is_some(value: &JsValue) -> bool {
    !value.is_undefined() && !value.is_null()
}

/// What a function returned, awaited; what it threw or rejected with is the error.
pub async fn settled(returned: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&returned?)).await
}

/// Sets a property of an object that this crate made, which cannot fail.
#[cfg(feature = "npm")]
pub fn set(target: &js_sys::Object, name: &str, value: &JsValue) {
    let is_set = Reflect::set(target, &JsValue::from_str(name), value);
    debug_assert!(is_set.is_ok());
}

/// What came first of two.
pub enum First<A, B> {
    One(A),
    Other(B),
}

/// Awaits two futures and takes what comes first; the first one where both are ready.
pub async fn first<A: Future, B: Future>(one: A, other: B) -> First<A::Output, B::Output> {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| {
        if let Poll::Ready(output) = one.as_mut().poll(context) {
            return Poll::Ready(First::One(output));
        }
        other.as_mut().poll(context).map(First::Other)
    })
    .await
}

/// A promise that this crate settles, and the function that settles it: harmless however late or often it is called.
pub struct Gate {
    pub open: Function,
    opened: JsFuture,
}

impl Gate {
    pub fn new() -> Gate {
        let mut open = None;
        let promise = Promise::new(&mut |resolve, _| open = Some(resolve));
        Gate {
            // The host calls the function before it returns, always.
            open: open.unwrap_or_else(Function::default),
            opened: JsFuture::from(promise),
        }
    }

    pub fn poll(&mut self, context: &mut std::task::Context<'_>) -> Poll<()> {
        Pin::new(&mut self.opened).poll(context).map(|_| ())
    }
}

impl Drop for Gate {
    /// A promise that never settles would keep its callbacks for ever.
    fn drop(&mut self) {
        let opened = self.open.call0(&JsValue::UNDEFINED);
        debug_assert!(opened.is_ok());
    }
}
