//! Catching access to the host: a getter may throw, a global may be missing, a promise may never settle.

use std::future::Future;
use std::pin::Pin;
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

    /// Runs the client later; gives a function that stops it.
    #[wasm_bindgen(catch)]
    pub fn alarm(client: JsValue, ms: f64, clock: &JsValue) -> Result<Function, JsValue>;

    /// Runs the client after those who were just told.
    #[wasm_bindgen(catch)]
    pub fn later(client: JsValue) -> Result<(), JsValue>;

    /// A copy that has no getters.
    #[wasm_bindgen(catch)]
    pub fn plain(value: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    pub fn notify(observer: &Function, event: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(catch)]
    pub fn describe(thrown: &JsValue) -> Result<JsString, JsValue>;

    /// What a token cannot be; undefined where it can.
    #[wasm_bindgen(catch)]
    pub fn complaint(token: &JsValue) -> Result<JsValue, JsValue>;

    /// Sends requests by number, each with its token.
    #[derive(Clone, Debug)]
    pub type Sender;

    #[wasm_bindgen(constructor)]
    pub fn new(fetch: &JsValue, token: &JsValue) -> Sender;

    /// Sends; the client hears the answer.
    #[wasm_bindgen(method, catch)]
    pub fn send(
        this: &Sender,
        client: JsValue,
        number: u32,
        repeats: u32,
        url: &str,
        init: &Object,
    ) -> Result<JsValue, JsValue>;

    /// Sends; the promise gives the answer.
    #[wasm_bindgen(method, catch)]
    pub fn ask(
        this: &Sender,
        number: u32,
        repeats: u32,
        url: &str,
        init: &Object,
    ) -> Result<Promise, JsValue>;

    /// Breaks a request off; says whether it still waited for its token.
    #[wasm_bindgen(method, catch, js_name = giveUp)]
    pub fn give_up(this: &Sender, number: u32) -> Result<bool, JsValue>;

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
