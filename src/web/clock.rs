//! Time and timers: the host's, or the caller's `clock`.

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use super::values::{kind, method};
use super::{Detail, refused};
use crate::client::Clock;
use crate::poll::{Span, Timestamp};

#[wasm_bindgen]
extern "C" {
    // The host's, looked up at each call: test tools replace them.

    #[wasm_bindgen(catch, js_namespace = Date, js_name = now)]
    fn date_now() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue) -> Result<JsValue, JsValue>;
}

/// The host's clock and timers, or an object that takes their place.
#[derive(Clone, Debug, Default)]
pub struct HostClock(Option<JsValue>);

impl HostClock {
    /// The option `clock`: an object with `now`, `setTimeout` and `clearTimeout`; undefined or null for the host's.
    ///
    /// # Errors
    /// When one of the three is no function.
    pub fn new(object: JsValue) -> Result<HostClock, Detail> {
        if object.is_undefined() || object.is_null() {
            return Ok(HostClock::default());
        }
        let has = |name| matches!(method(&object, name), Ok(Some(_)));
        if object.is_object() && ["now", "setTimeout", "clearTimeout"].into_iter().all(has) {
            return Ok(HostClock(Some(object)));
        }
        let takes = "an object with the functions now, setTimeout and clearTimeout";
        Err(refused("clock", &kind(&object), takes))
    }

    fn set_timer(&self, callback: &Function, ms: f64) -> Result<JsValue, JsValue> {
        match &self.0 {
            None => set_timeout(callback, ms),
            Some(clock) => call(clock, "setTimeout")?.call2(clock, callback, &ms.into()),
        }
    }

    /// A clock that cannot clear: the timer will ring, and find nobody.
    fn clear_timer(&self, handle: &JsValue) {
        _ = match &self.0 {
            None => clear_timeout(handle),
            Some(clock) => call(clock, "clearTimeout").and_then(|clear| clear.call1(clock, handle)),
        };
    }
}

/// A function of the clock's.
fn call(clock: &JsValue, name: &str) -> Result<Function, JsValue> {
    method(clock, name)?.ok_or(JsValue::UNDEFINED)
}

fn threw(name: &str) -> impl FnOnce(JsValue) -> Detail {
    move |_thrown| Detail::new(format!("clock.{name} threw"))
}

impl Clock for HostClock {
    type Fault = Detail;

    fn now(&self) -> Result<Timestamp, Detail> {
        let now = match &self.0 {
            None => date_now(),
            Some(clock) => call(clock, "now").and_then(|now| now.call0(clock)),
        };
        let now = now.map_err(threw("now"))?;
        let ms = now.as_f64().filter(|ms| *ms >= 0.0 && ms.is_finite());
        // The cast cuts off what is less than a millisecond.
        ms.map(|ms| Timestamp::from_ms(ms as u64)).ok_or_else(|| {
            refused("clock.now", &kind(&now), "a function that gives milliseconds since the Unix epoch")
        })
    }

    async fn sleep(&self, span: Span) -> Result<(), Detail> {
        let mut ring = None;
        let rang = Promise::new(&mut |resolve, _| ring = Some(resolve));
        let ring = ring.unwrap_or_default();
        let ms = span.as_ms() as f64;
        let handle = self.set_timer(&ring, ms).map_err(threw("setTimeout"))?;
        let _timer = Timer { clock: self, handle, ring };
        // It never rejects.
        _ = JsFuture::from(rang).await;
        Ok(())
    }
}

/// Cleared when it is dropped.
struct Timer<'clock> {
    clock: &'clock HostClock,
    handle: JsValue,
    ring: Function,
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        // First, or the callbacks of a promise that never settles would stay in memory.
        _ = self.ring.call0(&JsValue::UNDEFINED);
        self.clock.clear_timer(&self.handle);
    }
}
