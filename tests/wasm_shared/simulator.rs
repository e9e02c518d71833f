//! The simulator, as the tests use it.

use js_sys::{Array, Function, JSON, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen(module = "/pkg-template/simulator.js")]
extern "C" {
    pub type Simulator;

    #[wasm_bindgen(js_name = createSimulator)]
    pub fn create_simulator(options: &JsValue) -> Simulator;

    #[wasm_bindgen(method, getter)]
    pub fn fetch(this: &Simulator) -> Function;

    #[wasm_bindgen(method, getter)]
    pub fn requests(this: &Simulator) -> Array;

    #[wasm_bindgen(method, setter)]
    pub fn set_tokens(this: &Simulator, tokens: &JsValue);

    #[wasm_bindgen(method, js_name = addTask)]
    pub fn add_task(this: &Simulator, family: &str, options: &JsValue) -> String;

    #[wasm_bindgen(method)]
    pub fn script(this: &Simulator, answers: &JsValue);

    #[wasm_bindgen(thread_local_v2, js_name = faults)]
    static FAULTS: JsValue;
}

#[wasm_bindgen(inline_js = "
export const abortController = () => new AbortController();
export const tokenFunction = (first, fresh) => ({ refresh }) => Promise.resolve(refresh ? fresh : first);
")]
extern "C" {
    #[wasm_bindgen(js_name = abortController)]
    pub fn abort_controller() -> JsValue;

    #[wasm_bindgen(js_name = tokenFunction)]
    pub fn token_function(first: &str, fresh: &str) -> JsValue;
}

/// A JavaScript value from JSON.
pub fn json(text: &str) -> JsValue {
    JSON::parse(text).unwrap_or_else(|thrown| panic!("{text}: {thrown:?}"))
}

/// One of the simulator's ready-made faults.
pub fn fault(name: &str, parameters: &str) -> JsValue {
    let make: Function = FAULTS
        .with(|faults| Reflect::get(faults, &name.into()))
        .ok()
        .and_then(|fault| fault.dyn_into().ok())
        .unwrap_or_else(|| panic!("no fault {name}"));
    make.call1(&JsValue::UNDEFINED, &json(parameters)).unwrap_or_else(|thrown| panic!("{name}: {thrown:?}"))
}
