//! Instants: milliseconds since the Unix epoch, as every host's clock and HubSpot's dates can say.

use std::time::Duration;

/// An instant: milliseconds since the Unix epoch.
///
/// Not `std::time::Instant`, which panics on `wasm32-unknown-unknown`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The instant so many milliseconds after the Unix epoch.
    pub const fn from_ms(ms: u64) -> Self {
        Timestamp(ms)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_ms(self) -> u64 {
        self.0
    }

    /// The instant `span` later; the end of time where that is out of range.
    pub fn plus(self, span: Duration) -> Self {
        let ms = span.as_secs().saturating_mul(1000).saturating_add(span.subsec_millis().into());
        Timestamp(self.0.saturating_add(ms))
    }

    /// How long after `earlier` this is; zero where it is before.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

/// A clock's time, freed of jumps backwards: deadlines stay ahead when someone sets the clock back.
#[derive(Debug, Default)]
pub struct SteadyTime {
    last: u64,
    ahead: u64,
}

impl SteadyTime {
    /// The steady time for what the clock says now.
    pub fn at(&mut self, clock: Timestamp) -> Timestamp {
        let steady = clock.0.saturating_add(self.ahead);
        if steady < self.last {
            self.ahead = self.ahead.saturating_add(self.last - steady);
        } else {
            self.last = steady;
        }
        Timestamp(self.last)
    }

    /// The newest time that was given.
    pub fn last(&self) -> Timestamp {
        Timestamp(self.last)
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
            assert_eq!(time.at(Timestamp(clock)), Timestamp(steady), "at {clock}");
        }
    }

    #[test]
    fn arithmetic_stops_at_the_ends_of_time() {
        let late = Timestamp(u64::MAX - 1);
        assert_eq!(late.plus(Duration::MAX), Timestamp(u64::MAX));
        assert_eq!(Timestamp(5).since(late), Duration::ZERO);
    }
}
