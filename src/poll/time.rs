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

/// A timer rarely rings later than this after its instant.
const LAG: Span = Span::from_ms(500);

/// A clock's time, borne out by timers: it never goes back, a timer that rang counts as its time, and a clock that passes
/// the instant of a timer is in doubt.
#[derive(Debug, Default)]
pub struct SteadyTime {
    last: Timestamp,
    rings_at: Option<Timestamp>,
    in_doubt_since: Option<Timestamp>,
}

impl SteadyTime {
    /// The time for what the clock says now.
    #[inline(never)]
    pub fn at(&mut self, clock: Timestamp) -> Timestamp {
        let from = self.last;
        self.last = from.max(clock);
        let passed = self.rings_at.take_if(|at| *at <= self.last);
        if passed.is_some_and(|at| self.last.since(at) > LAG) {
            self.in_doubt_since = Some(from);
        }
        self.last
    }

    /// The instant since which nobody bears out that so much time passed, if there is one: said once. A host that slept and
    /// a clock that was set look alike.
    pub fn doubt(&mut self) -> Option<Timestamp> {
        self.in_doubt_since.take()
    }

    /// A timer is to ring then, if one is.
    pub fn expect_ring(&mut self, at: Option<Timestamp>) {
        self.rings_at = at;
    }

    /// It rang: so much time has passed, whatever the clock says.
    pub fn ring(&mut self) {
        self.last = self.last.max(self.rings_at.unwrap_or_default());
    }

    /// The newest time that was given.
    pub fn last(&self) -> Timestamp {
        self.last
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    /// What is told to it, and the time that follows.
    enum Told {
        /// What the clock says.
        Clock(u64),
        /// A timer is set, and rings.
        Ring(u64),
        /// A timer is set.
        Expect(u64),
    }

    #[test]
    fn time_never_goes_back_and_a_timer_that_rang_counts_as_its_time() {
        use Told::{Clock, Expect, Ring};
        let table = [
            (Clock(1000), 1000, false),
            (Clock(500), 1000, false),
            // A clock that stands still, or was set back: timers say what has passed.
            (Ring(2000), 2000, false),
            (Clock(900), 2000, false),
            (Clock(2500), 2500, false),
            // A timer that is a bit late, and one that is far too late.
            (Expect(3000), 2500, false),
            (Clock(3500), 3500, false),
            (Expect(4000), 3500, false),
            (Clock(4501), 4501, true),
            (Clock(9000), 9000, false),
            // Without a timer nobody waits.
            (Ring(9500), 9500, false),
            (Clock(90_000), 90_000, false),
        ];
        let mut time = SteadyTime::default();
        for (told, expected, is_in_doubt) in table {
            let clock = match told {
                Clock(ms) => ms,
                Ring(ms) | Expect(ms) => {
                    time.expect_ring(Some(Timestamp::from_ms(ms)));
                    if matches!(told, Ring(_)) {
                        time.ring();
                    }
                    0
                }
            };
            assert_eq!(time.at(Timestamp::from_ms(clock)), Timestamp::from_ms(expected));
            assert_eq!(time.doubt().is_some(), is_in_doubt, "{expected}");
        }
    }

    #[test]
    fn the_timer_that_rang_is_borne_out_and_what_the_clock_says_beyond_it_is_in_doubt() {
        let mut time = SteadyTime::default();
        time.expect_ring(Some(Timestamp::from_ms(1000)));
        time.ring();
        assert_eq!(time.last(), Timestamp::from_ms(1000));
        assert_eq!(time.at(Timestamp::from_ms(3_600_000)), Timestamp::from_ms(3_600_000));
        assert_eq!((time.doubt(), time.doubt()), (Some(Timestamp::from_ms(1000)), None));
    }

    #[test]
    fn arithmetic_stops_at_the_ends_of_time() {
        let late = Timestamp::from_ms(u64::MAX - 2);
        assert_eq!(late.plus(Span::MAX), Timestamp::from_ms(u64::MAX));
        assert_eq!(Timestamp::from_ms(5).since(late), Span::ZERO);
    }
}
