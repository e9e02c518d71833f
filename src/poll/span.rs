//! Spans of time: whole milliseconds, as every host's timers and HubSpot's headers take them.

use std::time::Duration;

/// A span of time in whole milliseconds.
///
/// Not `std::time::Duration`, whose seconds and nanoseconds weigh 1 kB of the npm package. The one becomes the other by
/// `into()`; what is less than a millisecond is lost.
///
/// ```
/// use std::time::Duration;
/// use hubspot_async_tasks::poll::Span;
///
/// assert_eq!(Span::from_secs(2), Duration::from_millis(2_000).into());
/// assert_eq!(Duration::from(Span::from_ms(1_500)), Duration::from_millis(1_500));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(
    /// In milliseconds.
    u64,
);

impl Span {
    /// No time.
    pub const ZERO: Span = Span(0);
    /// 584 million years.
    pub const MAX: Span = Span(u64::MAX);

    /// So many milliseconds.
    pub const fn from_ms(ms: u64) -> Self {
        Span(ms)
    }

    /// So many seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Span(secs.saturating_mul(1000))
    }

    /// So many seconds; none for what is below zero or no number.
    #[inline(never)]
    pub fn from_secs_f64(secs: f64) -> Self {
        // By nanoseconds, since 1.261 times 1000 is less than 1261. The cast stops at the ends: 584 years.
        Span((secs * 1e9).round_ties_even() as u64 / 1_000_000)
    }

    /// How many milliseconds.
    pub const fn as_ms(self) -> u64 {
        self.0
    }

    /// How many seconds.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl From<Duration> for Span {
    fn from(duration: Duration) -> Self {
        Span(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        Duration::from_millis(span.0)
    }
}
