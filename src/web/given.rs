//! What host.js reads of what callers give: each throws what is wrong with it, as a [`Detail`](super::Detail) has it.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/pkg-template/host.js")]
extern "C" {
    /// `address` and whether it `isSafe` for tokens.
    #[wasm_bindgen(catch, js_name = baseUrl)]
    pub fn base_url(address: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = checkHeader)]
    pub fn check_header(name: &str, value: &str) -> Result<(), JsValue>;

    /// That there is a `Headers` class.
    #[wasm_bindgen(catch, js_name = checkHost)]
    pub fn check_host() -> Result<(), JsValue>;

    #[wasm_bindgen(catch)]
    pub fn token(token: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch)]
    pub fn clock(object: &JsValue) -> Result<JsValue, JsValue>;
}

#[cfg(feature = "npm")]
#[wasm_bindgen(module = "/pkg-template/host.js")]
extern "C" {
    /// What is wrong with a value, which it shows: `"taskId: got -1, takes …"`.
    pub fn refusal(name: &str, value: &JsValue, takes: &str) -> JsValue;
}
