//! Time and timers: the host's, or the caller's `clock`.

use std::future::{Future, poll_fn};
use std::time::Duration;

use js_sys::{Date, Function};
use wasm_bindgen::{JsCast, JsValue};

use super::Detail;
use super::host::{First, Gate, first, global, method};
use super::options::{Refusal, refuse, show_kind};
use crate::client::Clock;
use crate::poll::Timestamp;

/// Longer timers fire at once: hosts keep the delay in 31 bits.
const LONGEST_TIMER: Duration = Duration::from_millis((1 << 31) - 1);

/// The host's clock and timers, looked up at each call, or an object that takes their place.
#[derive(Clone, Debug, Default)]
pub struct HostClock {
    object: Option<JsValue>,
}

impl HostClock {
    /// The option `clock`: an object with `now`, `setTimeout` and `clearTimeout`.
    ///
    /// # Errors
    /// When one of the three is no function.
    pub fn new(object: Option<JsValue>) -> Result<HostClock, Detail> {
        if let Some(object) = &object {
            let is_clock = ["now", "setTimeout", "clearTimeout"]
                .into_iter()
                .all(|name| object.is_object() && method(object, name).is_some());
            if !is_clock {
                let takes = "an object with the functions now, setTimeout and clearTimeout";
                let got =
                    if object.is_object() { "an object without one of them" } else { show_kind(object) };
                return Err(refuse("clock", got, takes));
            }
        }
        Ok(HostClock { object })
    }

    fn function(&self, name: &str) -> Result<Function, Refusal> {
        let function = match &self.object {
            Some(object) => method(object, name),
            None => global(name).and_then(|function| function.dyn_into().ok()),
        };
        function.ok_or_else(|| refuse(&["clock.", name].concat(), "nothing", "a function"))
    }

    fn this(&self) -> JsValue {
        self.object.clone().unwrap_or_default()
    }

    /// What a future gives within `limit`; `Ok(None)` where it takes longer.
    pub(super) async fn within<T>(
        &self,
        limit: Duration,
        future: impl Future<Output = T>,
    ) -> Result<Option<T>, Detail> {
        match first(future, self.sleep_whole(limit)).await {
            First::One(output) => Ok(Some(output)),
            First::Other(slept) => slept.map(|()| None),
        }
    }

    /// Sleeps in slices that the host can take.
    pub(super) async fn sleep_whole(&self, span: Duration) -> Result<(), Detail> {
        let mut left = span;
        loop {
            let slice = left.min(LONGEST_TIMER);
            self.sleep(slice).await?;
            left -= slice;
            if left.is_zero() {
                return Ok(());
            }
        }
    }
}

impl Clock for HostClock {
    type Fault = Detail;

    fn now(&self) -> Result<Timestamp, Detail> {
        let ms = match &self.object {
            None => Date::now(),
            Some(object) => {
                let threw = |thrown| Detail::thrown("clock.now threw", thrown);
                let now = self.function("now")?.call0(object).map_err(threw)?;
                now.as_f64().unwrap_or(f64::NAN)
            }
        };
        timestamp(ms).ok_or_else(|| {
            refuse("clock.now", "something else", "a function that gives milliseconds since the Unix epoch")
        })
    }

    async fn sleep(&self, span: Duration) -> Result<(), Detail> {
        let mut timer = Timer::set(self.clone(), span.min(LONGEST_TIMER))?;
        poll_fn(|context| timer.gate.poll(context)).await;
        Ok(())
    }
}

/// Milliseconds since the Unix epoch as an instant; `None` where it is none.
pub fn timestamp(ms: f64) -> Option<Timestamp> {
    (ms >= 0.0 && ms.is_finite()).then(|| Timestamp::from_ms(ms as u64))
}

/// A host timer, cleared when dropped.
struct Timer {
    clock: HostClock,
    handle: JsValue,
    gate: Gate,
}

impl Timer {
    fn set(clock: HostClock, span: Duration) -> Result<Timer, Detail> {
        let gate = Gate::new();
        // Rounded up: a timer that fires early would only be set once more.
        let ms = JsValue::from_f64((span.as_secs_f64() * 1000.0).ceil());
        let set_timeout = clock.function("setTimeout")?;
        let threw = |thrown| Detail::thrown("clock.setTimeout threw", thrown);
        let handle = set_timeout.call2(&clock.this(), &gate.open, &ms).map_err(threw)?;
        Ok(Timer { clock, handle, gate })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // A clock that cannot clear leaves a timer that opens a gate nobody waits at: no harm, and nobody to tell.
        if let Ok(clear_timeout) = self.clock.function("clearTimeout") {
            let _ = clear_timeout.call1(&self.clock.this(), &self.handle);
        }
    }
}
