//! The simulator, as the tests use it, and what else they need of JavaScript.

use js_sys::{Array, Function, JSON, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen(module = "/tests/wasm_shared/simulator.js")]
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
export const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const tokenFunction = (first, fresh) => ({ refresh }) => Promise.resolve(refresh ? fresh : first);
export const silence = () => new Promise(() => {});
export const throwing = (message) => () => { throw new Error(message); };

/** Past the runner, which keeps what is said by a test that passes: to its page, or to Node's output. */
export function say(line) {
  const page = globalThis.document?.getElementById('output');
  if (page) page.textContent += line + '\\n';
  else globalThis.process.stdout.write(line + '\\n');
}

/** So many times as fast as the host's; `open` are the timers that neither rang nor were cleared. */
export function fastClock(factor) {
  const open = new Set();
  return {
    open,
    now: () => Date.now() * factor,
    setTimeout(callback, ms) {
      const timer = setTimeout(() => open.delete(timer) && callback(), ms / factor);
      open.add(timer);
      return timer;
    },
    clearTimeout(timer) {
      open.delete(timer);
      clearTimeout(timer);
    },
  };
}
")]
extern "C" {
    pub fn delay(ms: u32) -> Promise;

    #[wasm_bindgen(js_name = tokenFunction)]
    pub fn token_function(first: &str, fresh: &str) -> Function;

    /// Gives a promise that never settles.
    #[wasm_bindgen(thread_local_v2, js_name = silence)]
    pub static SILENCE: Function;

    /// Prints a line, though the test passes.
    pub fn say(line: &str);

    /// A function that throws an error.
    pub fn throwing(message: &str) -> Function;

    #[wasm_bindgen(js_name = fastClock)]
    pub fn fast_clock(factor: u32) -> JsValue;
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
