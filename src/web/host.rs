//! What host.js does for the wasm: values of any shape, time, and who observes.
//!
//! What is not marked `catch` never throws.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/pkg-template/host.js")]
extern "C" {
    /// A number of a list of our own; NaN where there is none.
    #[wasm_bindgen(js_name = item)]
    pub fn number(list: &JsValue, at: usize) -> f64;

    /// Any other part of it.
    pub fn item(list: &JsValue, at: usize) -> JsValue;

    /// A field of an object of our own.
    pub fn field(object: &JsValue, name: &str) -> JsValue;

    /// Whether the value is this text.
    pub fn is(value: &JsValue, word: &str) -> bool;

    /// Something under way: `over`, a promise, and `stop`.
    pub type Handle;

    #[wasm_bindgen(method, getter)]
    fn over(this: &Handle) -> Promise;

    #[wasm_bindgen(method)]
    fn stop(this: &Handle);

    /// By the host's clock where `clock` is undefined: milliseconds since the Unix epoch. What it throws says what is
    /// wrong with the clock.
    #[wasm_bindgen(catch)]
    pub fn now(clock: &JsValue) -> Result<f64, JsValue>;

    #[wasm_bindgen(catch)]
    pub fn timer(ms: f64, clock: &JsValue) -> Result<Handle, JsValue>;
}

#[cfg(feature = "npm")]
#[wasm_bindgen(module = "/pkg-template/host.js")]
extern "C" {
    // What speaks of a client means the one that the host called for.

    /// Adds to a list.
    pub fn push(list: &JsValue, number: f64);

    /// Sends a request of the client, which hears the answer.
    pub fn send(number: u32, repeats: u32, path: &str);

    /// Breaks it off.
    #[wasm_bindgen(js_name = giveUp)]
    pub fn give_up(number: u32);

    /// The same of one that took too long: gives that as its answer.
    pub fn late(number: u32) -> JsValue;

    /// The time by the client's clock. What it throws says what is wrong with it.
    #[wasm_bindgen(catch)]
    pub fn time() -> Result<f64, JsValue>;

    /// Runs the client later; gives what stops it.
    #[wasm_bindgen(catch)]
    pub fn alarm(ms: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = stop)]
    pub fn stop_alarm(alarm: &JsValue);

    /// Runs the client after those who were just told.
    pub fn later();

    /// Tells the client's observer; what it throws harms nothing. `kind` says what `word` and the numbers are; the id is
    /// percent-encoded, because text.js reads ASCII alone.
    #[allow(clippy::too_many_arguments, reason = "an object would cost a call for each field")]
    pub fn notify(
        kind: &str,
        family: usize,
        id: &str,
        at_ms: f64,
        word: &JsValue,
        first: f64,
        second: f64,
        third: f64,
    );

    /// A checkpoint as a plain object, without its task: NaN for an instant that is not known.
    #[wasm_bindgen(js_name = checkpointOf)]
    #[allow(clippy::too_many_arguments, reason = "an object would cost a call for each field")]
    pub fn checkpoint_of(
        api_version: &str,
        polls: u32,
        faults: u32,
        was_queued: bool,
        started_ms: f64,
        processing_ms: f64,
        due_ms: f64,
        deadline_ms: f64,
    ) -> JsValue;
}

/// The first numbers of a list of our own.
pub fn numbers<const COUNT: usize>(list: &JsValue) -> [f64; COUNT] {
    std::array::from_fn(|at| number(list, at))
}

/// Something that the host has under way: a timer. Dropping it gives it up.
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
        self.handle.stop();
    }
}
