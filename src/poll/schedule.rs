//! How long to wait before the next poll: Δ = clamp(k·√age, min, max), then a phase of ±10 %.
//!
//! For durations with a heavy tail the best interval grows with the square root of the age (Keller, "Optimum checking
//! schedules for systems subject to random failure", Management Science 21 (1974) 256–260). It asks a young task
//! often and an old one rarely, without knowing how long tasks take. Not for tasks whose duration is known: ask those
//! when they are due.

use std::cmp::Ordering;

use super::heap::Key;
use super::{Fit, Span, Timestamp};

/// k in Δ = k·√age (in seconds): how much delay is traded for fewer requests. Positive and finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace(
    /// Seven digits are enough, and every wait has one.
    f32,
);

impl Eq for Pace {}

/// The most eager first.
impl Ord for Pace {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Pace {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A number above 0 is of the order of its bits.
impl Key for Pace {
    fn rank(self) -> u64 {
        self.0.to_bits().into()
    }

    fn ranked(rank: u64) -> Self {
        Pace(f32::from_bits(rank as u32))
    }
}

impl Pace {
    /// k.
    pub fn k(self) -> f64 {
        self.0.into()
    }

    /// Somebody is watching: k = 1.
    pub const INTERACTIVE: Pace = Pace(1.0);
    /// Nobody is: k = 2, about half the requests for twice the delay.
    pub const BATCH: Pace = Pace(2.0);

    /// k itself; `None` unless it is above 0 and finite.
    pub fn new(k: f64) -> Option<Pace> {
        let nearest = k.clamp(f32::MIN_POSITIVE.into(), f32::MAX.into()) as f32;
        (k > 0.0 && k.is_finite()).then_some(Pace(nearest))
    }
}

/// How often to ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// k in k·√age.
    pub pace: Pace,
    /// No interval is shorter.
    pub min: Span,
    /// No interval is longer.
    pub max: Span,
}

impl Default for Schedule {
    /// Interactive, between one second and one minute.
    fn default() -> Self {
        Schedule { pace: Pace::INTERACTIVE, min: Span::from_secs(1), max: Span::from_secs(60) }
    }
}

/// A clock that is driven by hand would never get to move if an interval were zero.
const SHORTEST: f64 = 0.001;

/// The pause before the first retry; it doubles with each further fault in a row.
const FIRST_RETRY: Span = Span::from_secs(2);

impl Schedule {
    /// How long to wait when the task is `age` old; by what was learned of such tasks, if anything was.
    ///
    /// ```
    /// use hubspot_async_tasks::poll::{Phase, Schedule, Span};
    ///
    /// let wait = Schedule::default().interval(Span::from_secs(100), Phase::NONE, None);
    /// assert_eq!(wait, Span::from_secs(10));
    /// ```
    pub fn interval(&self, age: Span, phase: Phase, learned: Option<&Fit>) -> Span {
        let bounded = |wanted: f64| wanted.min(self.max.as_secs_f64()).max(self.min.as_secs_f64());
        let by_age = |age: f64| bounded(self.pace.k() * age.sqrt());
        let age = age.as_secs_f64();
        let interval = match learned {
            None => by_age(age),
            Some(fit) => bounded(fit.interval(age, by_age)),
        };
        Span::from_secs_f64((interval * phase.factor()).max(SHORTEST))
    }

    /// How long to wait after the `count`-th passing fault in a row: 2 s, 4 s, 8 s …, up to `max`.
    pub fn retry_interval(&self, count: u32, phase: Phase) -> Span {
        let doublings = count.saturating_sub(1).min(30);
        let wanted = Span::from_ms(FIRST_RETRY.as_ms() << doublings).min(self.max);
        Span::from_secs_f64(wanted.as_secs_f64() * phase.factor())
    }
}

/// A factor between 0.9 and 1.1, fixed for each task id: a crowd of tasks started together does not ask together.
///
/// Not drawn at random, since jitter at each poll costs delay and cannot be tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase(
    /// Of the way from 0.9 to 1.1, in 1/2¹⁶.
    u16,
);

impl Phase {
    /// No shift.
    pub const NONE: Phase = Phase(1 << 15);

    /// The phase of the task with this id.
    pub fn of(task_id: &str) -> Phase {
        // FNV-1a with a last mix, so that ids that differ in the last digit alone lie far apart.
        let hash = task_id
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let mixed = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
        Phase((mixed >> 16) as u16)
    }

    fn factor(self) -> f64 {
        0.9 + 0.2 * f64::from(self.0) / f64::from(1 << 16)
    }
}

/// How old a task is: counted from `origin`, zero where that is not known yet.
pub(super) fn age(origin: Option<Timestamp>, now: Timestamp) -> Span {
    origin.map_or(Span::ZERO, |origin| now.since(origin))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_interval_is_k_times_the_root_of_the_age_between_min_and_max() {
        let table = [
            (1.0, 0.0, 1.0),
            (1.0, 0.5, 1.0),
            (1.0, 4.0, 2.0),
            (1.0, 100.0, 10.0),
            (1.0, 3600.0, 60.0),
            (1.0, 1e9, 60.0),
            (2.0, 100.0, 20.0),
            (0.25, 64.0, 2.0),
        ];
        for (k, age, interval) in table {
            let schedule = Schedule { pace: Pace::new(k).expect("a pace"), ..Schedule::default() };
            assert_eq!(
                schedule.interval(Span::from_secs_f64(age), Phase::NONE, None),
                Span::from_secs_f64(interval),
                "k {k}, age {age}"
            );
        }
    }

    #[test]
    fn retries_double_from_two_seconds_up_to_max() {
        let waits = [1, 2, 3, 4, 5, 6, 7, 1000]
            .map(|count| Schedule::default().retry_interval(count, Phase::NONE).as_ms() / 1000);
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn a_pace_is_above_zero_and_finite() {
        for k in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Pace::new(k), None, "{k}");
        }
    }

    #[test]
    fn phases_of_neighbouring_ids_are_spread() {
        let mut phases: Vec<f64> = (0..1000).map(|id| Phase::of(&format!("90151{id}")).factor()).collect();
        phases.sort_by(f64::total_cmp);
        let mean = phases.iter().sum::<f64>() / 1000.0;
        assert!((mean - 1.0).abs() < 0.01, "mean {mean}");
        let widest_gap = phases.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        assert!(widest_gap < 0.005, "widest gap {widest_gap}");
    }

    proptest! {
        #[test]
        fn an_interval_stays_within_ten_percent_of_its_bounds(
            k in 1e-6_f64..1e6,
            age in 0.0_f64..1e9,
            min in 0.0_f64..100.0,
            span in 0.0_f64..1e6,
            id in ".*",
        ) {
            let schedule = Schedule {
                pace: Pace::new(k).expect("a pace"),
                min: Span::from_secs_f64(min),
                max: Span::from_secs_f64(min + span),
            };
            let interval = schedule.interval(Span::from_secs_f64(age), Phase::of(&id), None).as_secs_f64();
            prop_assert!(interval >= 0.9 * min - 0.002);
            prop_assert!(interval <= 1.1 * (min + span) + 0.002);
        }

        #[test]
        fn an_older_task_is_never_asked_more_often(younger in 0.0_f64..1e6, older in 0.0_f64..1e6, id in ".*") {
            prop_assume!(younger <= older);
            let interval = |age| Schedule::default().interval(Span::from_secs_f64(age), Phase::of(&id), None);
            prop_assert!(interval(younger) <= interval(older));
        }
    }
}
