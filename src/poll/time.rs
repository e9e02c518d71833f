//! Instants: milliseconds since the Unix epoch, as every host's clock and HubSpot's dates can say.

use std::fmt;
use std::num::NonZeroU64;

use super::Span;

/// An instant: milliseconds since the Unix epoch.
///
/// Not `std::time::Instant`, which panics on `wasm32-unknown-unknown`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(
    /// One more than the milliseconds, so that an `Option` takes no more room.
    NonZeroU64,
);

/// The Unix epoch.
impl Default for Timestamp {
    fn default() -> Self {
        Timestamp::from_ms(0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timestamp").field(&self.as_ms()).finish()
    }
}

impl Timestamp {
    /// The instant so many milliseconds after the Unix epoch.
    pub const fn from_ms(ms: u64) -> Self {
        match NonZeroU64::MIN.checked_add(ms) {
            Some(more) => Timestamp(more),
            None => Timestamp(NonZeroU64::MAX),
        }
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_ms(self) -> u64 {
        self.0.get() - 1
    }

    /// The instant `span` later; the end of time where that is out of range.
    #[inline(never)]
    pub fn plus(self, span: Span) -> Self {
        Timestamp(self.0.saturating_add(span.as_ms()))
    }

    /// How long after `earlier` this is; zero where it is before.
    #[inline(never)]
    pub fn since(self, earlier: Timestamp) -> Span {
        Span::from_ms(self.as_ms().saturating_sub(earlier.as_ms()))
    }
}

/// The earlier of two instants, or the only one.
#[inline(never)]
pub(crate) fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        _ => one.or(other),
    }
}

/// A clock's time, freed of jumps backwards: deadlines stay ahead when someone sets the clock back.
#[derive(Debug, Default)]
pub struct SteadyTime {
    last: Timestamp,
    ahead: Span,
}

impl SteadyTime {
    /// The steady time for what the clock says now.
    pub fn at(&mut self, clock: Timestamp) -> Timestamp {
        let steady = clock.plus(self.ahead);
        let behind = self.last.since(steady);
        self.ahead = Span::from_ms(self.ahead.as_ms().saturating_add(behind.as_ms()));
        self.last = self.last.max(steady);
        self.last
    }

    /// The newest time that was given.
    pub fn last(&self) -> Timestamp {
        self.last
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_stands_still_and_goes_on() {
        let mut time = SteadyTime::default();
        let table = [(1000, 1000), (2000, 2000), (500, 2000), (600, 2100), (9000, 10500)];
        for (clock, steady) in table {
            assert_eq!(time.at(Timestamp::from_ms(clock)), Timestamp::from_ms(steady), "at {clock}");
        }
    }

    #[test]
    fn arithmetic_stops_at_the_ends_of_time() {
        let late = Timestamp::from_ms(u64::MAX - 2);
        assert_eq!(late.plus(Span::MAX), Timestamp::from_ms(u64::MAX));
        assert_eq!(Timestamp::from_ms(5).since(late), Span::ZERO);
    }
}
