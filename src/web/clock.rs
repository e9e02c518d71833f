//! Time and timers: the host's, or the caller's `clock`.

use std::time::Duration;

use wasm_bindgen::JsValue;

use super::Detail;
use super::host::{First, Running, Underway, first, method, now, timer};
use super::options::{refuse, show_kind};
use crate::client::Clock;
use crate::poll::Timestamp;

/// Longer timers fire at once: hosts keep the delay in 31 bits.
const LONGEST_TIMER: Duration = Duration::from_millis((1 << 31) - 1);

/// The host's clock and timers, or an object that takes their place.
#[derive(Clone, Debug, Default)]
pub struct HostClock(JsValue);

impl HostClock {
    /// The option `clock`: an object with `now`, `setTimeout` and `clearTimeout`; undefined for the host's.
    ///
    /// # Errors
    /// When one of the three is no function.
    pub fn new(object: JsValue) -> Result<HostClock, Detail> {
        let is_function = |name| object.is_object() && method(&object, name).is_some();
        let is_clock = || ["now", "setTimeout", "clearTimeout"].into_iter().all(is_function);
        if !object.is_undefined() && !is_clock() {
            let takes = "an object with the functions now, setTimeout and clearTimeout";
            return Err(refuse("clock", &show_kind(&object), takes));
        }
        Ok(HostClock(object))
    }

    /// How something ends within `limit`; `Ok(None)` where it takes longer.
    pub(super) async fn within(
        &self,
        limit: Duration,
        running: Running,
    ) -> Result<Option<Result<JsValue, JsValue>>, Detail> {
        match first(running, self.sleep(limit)).await {
            First::One(output) => Ok(Some(output)),
            First::Other(slept) => slept.map(|()| None),
        }
    }
}

impl Clock for HostClock {
    type Fault = Detail;

    fn now(&self) -> Result<Timestamp, Detail> {
        let now = now(&self.0).map_err(|thrown| Detail::thrown("clock.now threw", &thrown))?;
        let takes = "a function that gives milliseconds since the Unix epoch";
        now.as_f64().and_then(timestamp).ok_or_else(|| refuse("clock.now", &show_kind(&now), takes))
    }

    async fn sleep(&self, span: Duration) -> Result<(), Detail> {
        // Rounded up: a timer that fires early would only be set once more.
        let ms = (span.min(LONGEST_TIMER).as_secs_f64() * 1000.0).ceil();
        let handle =
            timer(ms, &self.0).map_err(|thrown| Detail::thrown("clock.setTimeout threw", &thrown))?;
        let slept = Underway::new(handle).await;
        debug_assert!(slept.is_ok());
        Ok(())
    }
}

/// Milliseconds since the Unix epoch as an instant; `None` where it is none.
pub fn timestamp(ms: f64) -> Option<Timestamp> {
    (ms >= 0.0 && ms.is_finite()).then(|| Timestamp::from_ms(ms as u64))
}
