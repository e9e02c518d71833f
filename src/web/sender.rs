//! What requests.js does: it sends requests by number, each with its token.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/pkg-template/requests.js")]
extern "C" {
    /// Sends requests.
    #[derive(Clone, Debug)]
    pub type Sender;

    /// By the host's fetch where `fetch` is undefined; `token` is a string, a function, or undefined. Throws what is
    /// wrong with sending a token there.
    #[wasm_bindgen(constructor, catch)]
    pub fn new(
        base_url: &JsValue,
        headers: &JsValue,
        token: &JsValue,
        fetch: &JsValue,
    ) -> Result<Sender, JsValue>;

    /// Sends; the promise gives the answer, or undefined when it is given up.
    #[wasm_bindgen(method)]
    pub fn ask(this: &Sender, number: u32, repeats: u32, path: &str) -> Promise;

    /// Breaks a request off; says whether it still waited for its token.
    #[wasm_bindgen(method, js_name = giveUp)]
    pub fn give_up(this: &Sender, number: u32) -> bool;

    /// The same of one that took too long: gives that as its answer.
    #[wasm_bindgen(method)]
    pub fn late(this: &Sender, number: u32) -> JsValue;
}
