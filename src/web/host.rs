//! Catching access to the host: a getter may throw, a global may be missing, a promise may never settle.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/pkg-template/host.js")]
extern "C" {
    /// A field of any object; undefined where it is absent, null, or cannot be read.
    pub fn field(object: &JsValue, name: &str) -> JsValue;

    /// Neither undefined nor null.
    #[wasm_bindgen(js_name = isSome)]
    pub fn is_some(value: &JsValue) -> bool;

    /// The value, if it is a number; NaN for anything else. (What wasm-bindgen has for it gives two values.)
    #[wasm_bindgen(js_name = asNumber)]
    pub fn as_number(value: &JsValue) -> f64;

    /// The same of a field.
    pub fn number(object: &JsValue, name: &str) -> f64;

    /// The same, if it is a string that tells a time: milliseconds since the Unix epoch; NaN for anything else.
    pub fn time(object: &JsValue, name: &str) -> f64;

    /// The property as it is, or what its getter threw.
    #[wasm_bindgen(catch)]
    pub fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;

    /// Whether the field is this string.
    pub fn says(object: &JsValue, name: &str, word: &str) -> bool;

    /// Whether it is a string of that form: a regular expression. Any string is of the empty one.
    pub fn matches(text: &JsValue, form: &str) -> bool;

    #[wasm_bindgen(js_name = hasMethod)]
    pub fn has_method(object: &JsValue, name: &str) -> bool;

    /// Sets a field of an object that this crate made.
    pub fn put(object: &JsValue, name: &str, value: &JsValue);

    /// The same, unless the value is undefined.
    #[wasm_bindgen(js_name = putSome)]
    pub fn put_some(object: &JsValue, name: &str, value: &JsValue);

    /// The same of a text.
    #[wasm_bindgen(js_name = put)]
    pub fn put_text(object: &JsValue, name: &str, value: &str);

    /// The same, unless the number is NaN.
    #[wasm_bindgen(js_name = putSome)]
    pub fn put_number(object: &JsValue, name: &str, value: f64);

    /// The string, unless it has half a surrogate pair: Rust would put another character in its place.
    #[wasm_bindgen(js_name = wellFormed)]
    pub fn well_formed(text: &JsValue) -> JsValue;

    /// Whether it is such a string.
    #[wasm_bindgen(js_name = isWellFormed)]
    pub fn is_well_formed(text: &JsValue) -> bool;

    /// The digits of a safe integer or a bigint.
    pub fn digits(value: &JsValue) -> JsValue;

    /// A new object with a message, in which the values stand in the places of `{}`.
    pub fn said(message: &str, first: &JsValue, second: &JsValue) -> Object;

    /// The same for `"pace: got -1, takes …"`.
    pub fn refusal(name: &str, got: &str, takes: &str) -> Object;

    /// The same, showing a wrong value: the beginning of a string, a number, of anything else the type alone.
    #[wasm_bindgen(js_name = refusalOf)]
    pub fn refusal_of(name: &str, value: &JsValue, takes: &str) -> Object;

    /// The same, showing the type alone: the value may be a secret.
    #[wasm_bindgen(js_name = refusalOfKind)]
    pub fn refusal_of_kind(name: &str, value: &JsValue, takes: &str) -> Object;

    /// Adds to such a message, unless there is nothing to add.
    pub fn add(said: &Object, more: &str, value: &JsValue);

    /// Puts a place before such a message.
    pub fn within(said: &Object, place: &str);

    /// Says in such a message, and beside it, which task it is about.
    pub fn ascribe(said: &Object, family: &str, id: &str);

    /// The beginning of a text: without a secret, up to a mark, and no longer than so many characters.
    pub fn excerpt(text: &JsValue, secret: &JsValue, mark: &str, length: u32) -> JsValue;

    /// The same of each text in a list; empty where it is none.
    pub fn excerpts(list: &JsValue, secret: &JsValue, mark: &str, length: u32) -> Array;

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
    pub fn alarm(client: u32, ms: f64, clock: &JsValue) -> Result<Function, JsValue>;

    /// Runs the client after those who were just told.
    pub fn later(client: u32);

    /// A copy that has no getters.
    #[wasm_bindgen(catch)]
    pub fn plain(value: &JsValue) -> Result<JsValue, JsValue>;

    /// Tells an observer; what it throws harms nothing.
    pub fn notify(observer: &Function, event: &JsValue);

    pub fn describe(thrown: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = isHeaderName)]
    pub fn is_header_name(name: &JsValue) -> bool;

    /// Whether a header can carry it: bytes, and none that ends the line.
    #[wasm_bindgen(js_name = isHeaderValue)]
    pub fn is_header_value(value: &JsValue) -> bool;

    /// The fields of a plain object by twos, name and value; undefined for what is no such object.
    #[wasm_bindgen(catch)]
    pub fn pairs(object: &JsValue) -> Result<Option<Array>, JsValue>;

    /// Such fields as one object, with names that differ in case alone as one.
    /// Fails where the host has no `Headers` class.
    #[wasm_bindgen(catch)]
    pub fn merged(pairs: &Array) -> Result<JsValue, JsValue>;

    /// What a token cannot be; none where it can.
    pub fn complaint(token: &str) -> JsValue;

    /// Sends requests by number, each with its token.
    #[derive(Clone, Debug)]
    pub type Sender;

    /// By the host's fetch where `fetch` is undefined; `token` is a string, a function, or undefined.
    #[wasm_bindgen(constructor)]
    pub fn new(base_url: &JsValue, headers: &JsValue, token: &JsValue, fetch: &JsValue) -> Sender;

    /// Sends; the client hears the answer.
    #[wasm_bindgen(method)]
    pub fn send(this: &Sender, client: u32, number: u32, repeats: u32, path: &str);

    /// Sends; the promise gives the answer.
    #[wasm_bindgen(method)]
    pub fn ask(this: &Sender, number: u32, repeats: u32, path: &str) -> Promise;

    /// Breaks a request off; says whether it still waited for its token.
    #[wasm_bindgen(method, catch, js_name = giveUp)]
    pub fn give_up(this: &Sender, number: u32) -> Result<bool, JsValue>;

    /// Whether the host has a `Headers` class.
    // Catching, though it cannot throw: else the wasm imports it from host.js itself, which load.js does not give it.
    #[wasm_bindgen(catch, js_name = hasHeaders)]
    pub fn has_headers() -> Result<bool, JsValue>;

    #[wasm_bindgen(catch)]
    pub fn resolve(address: &JsValue) -> Result<JsValue, JsValue>;
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

/// The field, if it is a string.
pub fn text(object: &JsValue, name: &str) -> Option<String> {
    field(object, name).as_string()
}
