//! Time and timers: the host's, or the caller's `clock`.

use wasm_bindgen::JsValue;

use super::Detail;
use super::host::{Underway, as_number, has_method, is_some, now, timer};
use super::options::refuse_kind;
use crate::client::Clock;
use crate::poll::{Span, Timestamp};

/// Longer timers fire at once: hosts keep the delay in 31 bits.
const LONGEST_TIMER: Span = Span::from_ms((1 << 31) - 1);

/// The host's clock and timers, or an object that takes their place.
#[derive(Clone, Debug, Default)]
pub struct HostClock(JsValue);

impl HostClock {
    /// The option `clock`: an object with `now`, `setTimeout` and `clearTimeout`; undefined for the host's.
    ///
    /// # Errors
    /// When one of the three is no function.
    pub fn new(object: JsValue) -> Result<HostClock, Detail> {
        let is_function = |name| object.is_object() && has_method(&object, name);
        let is_clock = || ["now", "setTimeout", "clearTimeout"].into_iter().all(is_function);
        if is_some(&object) && !is_clock() {
            let takes = "an object with the functions now, setTimeout and clearTimeout";
            return Err(refuse_kind("clock", &object, takes));
        }
        Ok(HostClock(object))
    }

    /// The clock, or undefined for the host's.
    pub(super) fn object(&self) -> &JsValue {
        &self.0
    }
}

/// A timer's delay for a span.
pub(super) fn delay_ms(span: Span) -> f64 {
    span.min(LONGEST_TIMER).as_ms() as f64
}

impl Clock for HostClock {
    type Fault = Detail;

    fn now(&self) -> Result<Timestamp, Detail> {
        let now = now(&self.0).map_err(|thrown| Detail::thrown("clock.now threw", &thrown))?;
        let takes = "a function that gives milliseconds since the Unix epoch";
        timestamp(as_number(&now)).ok_or_else(|| refuse_kind("clock.now", &now, takes))
    }

    async fn sleep(&self, span: Span) -> Result<(), Detail> {
        let handle = timer(delay_ms(span), &self.0).map_err(|thrown| no_timer(&thrown))?;
        let slept = Underway::new(handle).await;
        debug_assert!(slept.is_ok());
        Ok(())
    }
}

/// What to say of a clock whose timers do not work.
pub(super) fn no_timer(thrown: &JsValue) -> Detail {
    Detail::thrown("clock.setTimeout threw", thrown)
}

/// Milliseconds since the Unix epoch as an instant; `None` where it is none.
#[inline(never)]
pub fn timestamp(ms: f64) -> Option<Timestamp> {
    (ms >= 0.0 && ms.is_finite()).then(|| Timestamp::from_ms(ms as u64))
}
