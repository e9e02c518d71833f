//! Time and timers: the host's, or the caller's `clock`.

use wasm_bindgen::JsValue;

use super::host::{Underway, now, timer};
use super::{Detail, given};
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
        given::clock(&object).map(HostClock).map_err(Detail::of)
    }
}

/// A timer's delay for a span.
pub(super) fn delay_ms(span: Span) -> f64 {
    span.min(LONGEST_TIMER).as_ms() as f64
}

impl Clock for HostClock {
    type Fault = Detail;

    fn now(&self) -> Result<Timestamp, Detail> {
        now(&self.0).map(|ms| Timestamp::from_ms(ms as u64)).map_err(Detail::of)
    }

    async fn sleep(&self, span: Span) -> Result<(), Detail> {
        let handle = timer(delay_ms(span), &self.0).map_err(Detail::of)?;
        let slept = Underway::new(handle).await;
        debug_assert!(slept.is_ok());
        Ok(())
    }
}

/// Milliseconds since the Unix epoch as an instant; `None` where it is none.
#[inline(never)]
pub fn timestamp(ms: f64) -> Option<Timestamp> {
    (ms >= 0.0 && ms.is_finite()).then(|| Timestamp::from_ms(ms as u64))
}
