//! Catching access to the host: a getter may throw, a global may be missing, a promise may never settle.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use js_sys::{Function, JsString, Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/pkg-template/host.js")]
extern "C" {
    /// Something under way: `over`, a promise, and `stop`.
    pub type Handle;

    #[wasm_bindgen(method, getter)]
    fn over(this: &Handle) -> Promise;

    #[wasm_bindgen(method, catch)]
    fn stop(this: &Handle) -> Result<(), JsValue>;

    /// By the host's clock where `clock` is undefined.
    #[wasm_bindgen(catch)]
    pub fn now(clock: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    pub fn timer(ms: f64, clock: &JsValue) -> Result<Handle, JsValue>;

    #[wasm_bindgen(catch)]
    pub fn listen(signal: &JsValue) -> Result<Handle, JsValue>;

    /// A token function whose overlapping calls share one promise: takes `refresh`, gives a [`Handle`].
    #[wasm_bindgen(catch)]
    pub fn sharing(token: &Function) -> Result<Function, JsValue>;

    #[wasm_bindgen(catch)]
    pub fn awaited(promise: &JsValue) -> Result<Handle, JsValue>;

    #[wasm_bindgen(catch)]
    pub fn describe(thrown: &JsValue) -> Result<JsString, JsValue>;

    #[wasm_bindgen(catch, js_name = abortReason)]
    pub fn abort_reason(signal: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    pub fn exchange(url: &str, init: &Object, fetch: &JsValue) -> Result<Handle, JsValue>;

    /// Whether the host has a `Headers` class.
    #[wasm_bindgen(catch, js_name = hasHeaders)]
    pub fn has_headers() -> Result<bool, JsValue>;

    #[wasm_bindgen(catch)]
    pub fn resolve(address: &str) -> Result<JsValue, JsValue>;
}

/// Something that the host has under way: a timer, a request, a signal listened to. Dropping it gives it up.
pub struct Underway {
    handle: Handle,
    over: JsFuture,
}

impl Underway {
    pub fn new(handle: Handle) -> Underway {
        let over = JsFuture::from(handle.over());
        Underway { handle, over }
    }
}

impl Future for Underway {
    type Output = Result<JsValue, JsValue>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.over).poll(context)
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        // A clock that cannot clear, or an abort listener of the caller's that throws: it is given up all the same,
        // and there is nobody to tell.
        let _ = self.handle.stop();
    }
}

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

/// Neither undefined nor null.
pub fn is_some(value: &JsValue) -> bool {
    !value.is_undefined() && !value.is_null()
}

/// Sets a property of an object that this crate made, which cannot fail.
pub fn set(target: &Object, name: &str, value: &JsValue) {
    let is_set = Reflect::set(target, &JsValue::from_str(name), value);
    debug_assert!(is_set.is_ok());
}

/// Something that ends as promises do. Boxed: what awaits it need stand in the module once only.
pub type Running = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

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
