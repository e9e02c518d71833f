//! Instants: milliseconds since the Unix epoch, as every host's clock and HubSpot's dates can say.

use std::fmt;
use std::num::NonZeroU64;

use super::Span;
use super::heap::Key;

/// An instant: milliseconds since the Unix epoch.
///
/// Not `std::time::Instant`, which panics on `wasm32-unknown-unknown`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(
    /// One more than the milliseconds, so that an `Option` takes no more room.
    NonZeroU64,
);

impl Key for Timestamp {
    fn rank(self) -> u64 {
        self.0.get()
    }

    fn ranked(rank: u64) -> Self {
        NonZeroU64::new(rank).map(Timestamp).unwrap_or_default()
    }
}

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
        Span::from_ms(self.0.get().saturating_sub(earlier.0.get()))
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
/// the instant of a timer is in doubt. A clock that was set back goes on from where it stood, until it is right again.
///
/// How much time passed between the last look at a clock and its being set back nobody knows, before a timer rings that was
/// set before. Until then this time is behind, and what is noted meanwhile is [put off](Self::lag) by as much when it is known.
#[derive(Debug, Default)]
pub struct SteadyTime {
    last: Timestamp,
    /// What the clock said last.
    clock: Timestamp,
    /// What the clock says too little.
    behind: Span,
    rings_at: Option<Timestamp>,
    rang: Option<Timestamp>,
    in_doubt_since: Option<Timestamp>,
    lost: Option<Lost>,
    lag: Option<Lag>,
}

/// A clock was set back, and nobody knows yet how much time had passed before.
#[derive(Debug)]
struct Lost {
    /// What is noted from this time on is noted too early.
    since: Timestamp,
    /// A timer is to ring then that was set before.
    rings_at: Timestamp,
}

/// What was noted from an instant on, was noted too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    /// From then on.
    pub since: Timestamp,
    /// By so much.
    pub by: Span,
}

impl Lag {
    /// When something noted then was to be, in truth.
    pub fn mend(self, noted: Timestamp, instant: Timestamp) -> Timestamp {
        if noted < self.since { instant } else { instant.plus(self.by) }
    }
}

impl SteadyTime {
    /// The time for what the clock says now.
    #[inline(never)]
    pub fn at(&mut self, clock: Timestamp) -> Timestamp {
        let is_set_back = clock.plus(LAG) < self.clock;
        self.clock = clock;
        if let Some(rings_at) = self.rings_at.filter(|_| is_set_back && self.lost.is_none()) {
            // A millisecond tells what is noted from now on from what was noted before.
            self.last = self.last.plus(Span::from_ms(1));
            self.lost = Some(Lost { since: self.last, rings_at });
        }
        let short_ms = self.last.as_ms().saturating_sub(clock.as_ms());
        let is_right = short_ms <= LAG.as_ms();
        let behind_ms = if is_right { 0 } else { self.behind.as_ms().max(short_ms) };
        self.behind = Span::from_ms(behind_ms);
        let steady = clock.plus(self.behind);
        if self.rings_at.is_some_and(|at| steady > at.plus(LAG)) {
            self.rings_at = None;
            self.in_doubt_since = Some(self.last.max(self.rang.unwrap_or_default()));
        }
        self.last = self.last.max(steady);
        if let Some(rang) = self.rang.take().filter(|rang| *rang > self.last) {
            self.lag = self.lost.as_ref().map(|lost| Lag { since: lost.since, by: rang.since(self.last) });
            self.lost.take_if(|lost| lost.rings_at <= rang);
            self.last = rang;
            self.behind = rang.since(clock);
        }
        self.last
    }

    /// A timer rang that was set for this instant: so much time has passed, whatever the clock says when it is told next.
    pub fn ring(&mut self, at: Timestamp) {
        self.rang = self.rang.max(Some(at));
    }

    /// The instant since which nobody bears out that so much time passed, if there is one: said once. A host that slept and
    /// a clock that was set look alike.
    pub fn doubt(&mut self) -> Option<Timestamp> {
        self.in_doubt_since.take()
    }

    /// What was noted too early, since the clock had been set back: said once, when it is known.
    pub fn lag(&mut self) -> Option<Lag> {
        self.lag.take()
    }

    /// How much later than this time it may be.
    pub fn may_lag(&self) -> Span {
        self.lost.as_ref().map_or(Span::ZERO, |lost| lost.rings_at.since(self.last))
    }

    /// A timer is to ring then, if one is.
    pub fn expect_ring(&mut self, at: Option<Timestamp>) {
        self.rings_at = at;
    }

    /// The newest time that was given.
    pub fn last(&self) -> Timestamp {
        self.last
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    /// What a timer is set for, what is told (by the clock, or since the timer rang), the time that follows, and whether that
    /// is in doubt.
    #[test]
    fn time_never_goes_back_and_a_timer_that_rang_counts_as_its_time() {
        let table = [
            (None, 1000, 1000, false),
            (None, 500, 1000, false),
            // A clock that stands still, or was set back: timers say what has passed.
            (Some(2000), 2000, 2000, false),
            (Some(3000), 900, 2001, false),
            (Some(3000), 3000, 3000, false),
            // A timer that is a bit late, and one that is far too late.
            (Some(3500), 4000, 4000, false),
            (Some(4000), 4501, 4501, true),
            (None, 9000, 9000, false),
        ];
        let mut time = SteadyTime::default();
        for (rings_at, told, expected, is_in_doubt) in table {
            time.expect_ring(rings_at.map(Timestamp::from_ms));
            assert_eq!(time.at(Timestamp::from_ms(told)), Timestamp::from_ms(expected));
            assert_eq!(time.doubt().is_some(), is_in_doubt, "{expected}");
        }
    }

    #[test]
    fn the_timer_that_rang_is_borne_out_and_what_the_clock_says_beyond_it_is_in_doubt() {
        let mut time = SteadyTime::default();
        time.expect_ring(Some(Timestamp::from_ms(1000)));
        for (told, doubt) in [(1000, None), (3_600_000, Some(1000)), (3_600_000, None)] {
            time.at(Timestamp::from_ms(told));
            assert_eq!(time.doubt(), doubt.map(Timestamp::from_ms), "at {told}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_goes_on_and_one_that_is_right_again_counts_as_it_is() {
        let hour = 3_600_000;
        let mut time = SteadyTime::default();
        // What the clock says, and the time that follows.
        let table = [
            (9 * hour, 9 * hour),
            (2 * hour, 9 * hour),
            (2 * hour + 700, 9 * hour + 700),
            (hour, 9 * hour + 700),
            (hour + 5_000, 9 * hour + 5_700),
            // Right again, but for a bit.
            (9 * hour + 5_600, 9 * hour + 5_700),
            (9 * hour + 7_000, 9 * hour + 7_000),
            (10 * hour, 10 * hour),
        ];
        for (clock, expected) in table {
            assert_eq!(time.at(Timestamp::from_ms(clock)), Timestamp::from_ms(expected), "{clock}");
        }
        // What a timer bore out counts, and the clock goes on from there.
        time.at(Timestamp::from_ms(hour));
        time.ring(Timestamp::from_ms(10 * hour + 2_000));
        assert_eq!(time.at(Timestamp::from_ms(hour)), Timestamp::from_ms(10 * hour + 2_000));
        assert_eq!(time.at(Timestamp::from_ms(hour + 300)), Timestamp::from_ms(10 * hour + 2_300));
    }

    #[test]
    fn what_was_noted_since_a_clock_was_set_back_is_put_off_when_an_older_timer_tells_how_much_time_had_passed()
     {
        let at = Timestamp::from_ms;
        let mut time = SteadyTime::default();
        time.at(at(1_000_000));
        time.expect_ring(Some(at(1_060_000)));
        // After 20 s, of which nobody hears, the clock is set back by some 16 minutes.
        assert_eq!(time.at(at(20_000)), at(1_000_001));
        assert_eq!((time.may_lag(), time.lag()), (Span::from_ms(59_999), None));
        // A timer that was set since says nothing of what had passed before.
        time.expect_ring(Some(at(1_010_001)));
        time.ring(at(1_010_001));
        assert_eq!((time.at(at(30_000)), time.lag()), (at(1_010_001), None));
        // One that was set before does.
        time.ring(at(1_060_000));
        assert_eq!(time.at(at(60_000)), at(1_060_000));
        let lag = time.lag().expect("it is known now");
        assert_eq!((lag.since, lag.by, time.may_lag()), (at(1_000_001), Span::from_ms(19_999), Span::ZERO));
        assert_eq!(lag.mend(at(1_000_001), at(1_030_001)), at(1_050_000));
        assert_eq!(lag.mend(at(1_000_000), at(1_030_000)), at(1_030_000));
        assert_eq!(time.lag(), None);
    }

    #[test]
    fn a_clock_that_stands_still_puts_nothing_off() {
        let at = Timestamp::from_ms;
        let mut time = SteadyTime::default();
        for rings_at in [10_000, 20_000, 30_000] {
            time.at(at(5_000));
            time.expect_ring(Some(at(rings_at)));
            time.ring(at(rings_at));
            assert_eq!((time.at(at(5_000)), time.lag()), (at(rings_at), None));
        }
    }

    #[test]
    fn arithmetic_stops_at_the_ends_of_time() {
        let late = Timestamp::from_ms(u64::MAX - 2);
        assert_eq!(late.plus(Span::MAX), Timestamp::from_ms(u64::MAX));
        assert_eq!(Timestamp::from_ms(5).since(late), Span::ZERO);
    }
}
