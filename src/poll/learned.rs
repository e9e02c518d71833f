//! How long to wait, learned from how long the finished tasks of one family took.
//!
//! Keller's rule asks at times whose density is √(h/2κ), where h is the hazard: the rate at which a task of this age
//! finishes. k·√age is that rule for h = 1/age and κ = k²/2 seconds of delay per request. Here h is 70 % that of a
//! lognormal law fitted to the durations and 30 % that of a heavy tail, for what the fit does not foresee.
//!
//! Keller, "Optimum checking schedules for systems subject to random failure", Management Science 21 (1974) 256–260;
//! Barlow, Hunter, Proschan, "Optimum checking procedures", J. SIAM 11 (1963) 1078–1095.

use std::f64::consts::{PI, TAU};

use super::{Envelope, Span};

/// So many durations are kept. More do not improve the fit; fewer follow a change sooner.
const KEPT: usize = 64;

/// With fewer, the default schedule is the better one.
const ENOUGH: usize = 20;

/// In seconds. Shorter durations count as this: no logarithm of zero, and none that outweighs all others.
const SHORTEST: f64 = 0.1;

/// Tasks that all took the same time so far will not do so for ever.
const LEAST_DEVIATION: f64 = 0.2;

/// The share of the heavy tail in the hazard.
const TAIL: f64 = 0.3;

/// Times k: what is learned is spent on fewer requests rather than on less delay. With k itself a crowd's first
/// finished tasks, which are its short ones, would have all others asked too often.
const EASE: f64 = 1.6;

/// As far as that goes: for a k above it, the longest interval leaves no requests to save on old tasks.
const EASY: f64 = 2.0;

/// The most that the lognormal law's hazard may be, times the age (1 in k·√age). A task that it said would be done
/// long ago follows another law.
const HIGHEST: f64 = 3.0;

/// How long the finished tasks of one family took: the newest 64.
#[derive(Clone, Debug, Default)]
pub struct Durations {
    /// In seconds, oldest first.
    kept: Vec<f32>,
}

impl Durations {
    /// Adds what a finished task took, from its start to its end.
    pub fn record(&mut self, took: Span) {
        self.record_seconds(took.as_secs_f64());
    }

    /// The same in seconds, for durations carried over from earlier. What cannot be a duration is ignored.
    pub fn record_seconds(&mut self, took: f64) {
        // The bound keeps f32 finite, and says no to NaN.
        if !(0.0..1e30).contains(&took) {
            return;
        }
        if self.kept.len() >= KEPT {
            self.kept.remove(0);
        }
        self.kept.push(took as f32);
    }

    /// The durations in seconds, oldest first, rounded to seven digits: to carry over.
    pub fn seconds(&self) -> impl Iterator<Item = f64> {
        self.kept.iter().map(|&took| f64::from(took))
    }

    /// How many are kept.
    pub fn count(&self) -> usize {
        self.kept.len()
    }

    /// What they tell; `None` below 20.
    pub fn fit(&self) -> Option<Fit> {
        if self.count() < ENOUGH {
            return None;
        }
        let (mut sum, mut sum_of_logs, mut sum_of_squares) = (0.0, 0.0, 0.0);
        for took in self.seconds() {
            let took = took.max(SHORTEST);
            let log = took.ln();
            sum += took;
            sum_of_logs += log;
            sum_of_squares += log * log;
        }
        let count = self.count() as f64;
        let mean = sum_of_logs / count;
        let variance = (sum_of_squares - sum_of_logs * mean) / (count - 1.0);
        Some(Fit {
            mean,
            // Rounding may leave the variance of equal durations a little below zero; `max` takes the floor over NaN.
            deviation: variance.sqrt().max(LEAST_DEVIATION),
            lead: sum / count / 3.0,
        })
    }
}

/// What was learned of a family's tasks.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    /// From their start to their end: for tasks that may still be queued.
    pub whole: Durations,
    /// Of the work alone: for tasks that HubSpot is known to work on.
    pub processing: Durations,
}

/// Of what a duration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LearnedPhase {
    /// From a task's start to its end.
    Whole,
    /// Of the work alone.
    Processing,
}

impl LearnedPhase {
    /// Both of them.
    pub const ALL: [LearnedPhase; 2] = [LearnedPhase::Whole, LearnedPhase::Processing];

    /// The name in the npm package.
    pub fn name(self) -> &'static str {
        match self {
            LearnedPhase::Whole => "whole",
            LearnedPhase::Processing => "processing",
        }
    }
}

impl Learned {
    /// The durations of one phase.
    pub fn durations(&self, phase: LearnedPhase) -> &Durations {
        match phase {
            LearnedPhase::Whole => &self.whole,
            LearnedPhase::Processing => &self.processing,
        }
    }

    /// The same, to be added to.
    pub fn durations_mut(&mut self, phase: LearnedPhase) -> &mut Durations {
        match phase {
            LearnedPhase::Whole => &mut self.whole,
            LearnedPhase::Processing => &mut self.processing,
        }
    }

    /// Adds a finished task.
    pub fn record(&mut self, took: Took) {
        self.whole.record(took.whole);
        self.processing.record(took.processing);
    }

    /// What both tell.
    pub fn fits(&self) -> Fits {
        Fits { whole: self.whole.fit(), processing: self.processing.fit() }
    }
}

/// How long a task took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Took {
    /// From its start to its end.
    pub whole: Span,
    /// From when HubSpot began to work on it.
    pub processing: Span,
}

impl Took {
    /// What a finished task's status says of it; `None` where dates are missing.
    pub fn of(envelope: &Envelope) -> Option<Took> {
        let (requested, completed) = (envelope.requested_at?, envelope.completed_at?);
        let processing = completed.since(envelope.started_at.unwrap_or(requested));
        Some(Took { whole: completed.since(requested), processing })
    }
}

/// What was learned, ready for use.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fits {
    /// Of whole tasks.
    pub whole: Option<Fit>,
    /// Of the work alone.
    pub processing: Option<Fit>,
}

/// What durations tell: a lognormal law with a heavy tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Of the logarithms of the seconds.
    mean: f64,
    /// Of the logarithms of the seconds.
    deviation: f64,
    /// In seconds, a third of the mean duration: the tail's hazard is 1/(age + lead). A bare 1/age would spend most of
    /// its requests on young tasks; a longer lead is slow to see that tasks have become shorter.
    lead: f64,
}

impl Fit {
    /// How many seconds to wait when the task is `age` old, before any bounds and phase; above 0 and finite.
    ///
    /// `k` means what it means in k·√age, but 1.6 times as much, up to 2. Positive and finite.
    pub fn interval(&self, age: Span, k: f64) -> f64 {
        let age = age.as_secs_f64();
        let k = (EASE * k).min(k.max(EASY));
        let mut at = age;
        // The next request is due where the integral of √h/k from now on reaches one.
        let mut missing = 1.0;
        // These many steps reach fifty times as far as age and lead; whoever wants to wait longer waits that long.
        for _ in 0..128 {
            let step = (at + self.lead) / 32.0;
            let part = self.hazard(at + step / 2.0).sqrt() / k * step;
            if part >= missing {
                return at - age + step * (missing / part);
            }
            missing -= part;
            at += step;
        }
        at - age
    }

    /// The rate, per second, at which tasks finish that are `age` seconds old; `age` is above 0.
    fn hazard(&self, age: f64) -> f64 {
        let normal = normal_hazard((age.ln() - self.mean) / self.deviation);
        let lognormal = (normal / self.deviation).min(HIGHEST) / age;
        (1.0 - TAIL) * lognormal + TAIL / (age + self.lead)
    }
}

/// The hazard of the standard normal law, within 8 % where it is above 0.05 and within 0.01 below.
fn normal_hazard(z: f64) -> f64 {
    if z > 0.0 {
        // Boyd's bound of Mills' ratio: ((π−1)z + √(z² + 2π)) / π.
        ((PI - 1.0) * z + (z * z + TAU).sqrt()) / PI
    } else {
        // Fitted; it falls more slowly than the true one, which the tail's share hides.
        0.7979 / (1.0 + z * (z * (0.31 + 0.66 * z * z) - 0.8))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn durations(seconds: impl IntoIterator<Item = f64>) -> Durations {
        let mut durations = Durations::default();
        seconds.into_iter().for_each(|took| durations.record_seconds(took));
        durations
    }

    fn fit(seconds: impl IntoIterator<Item = f64>) -> Fit {
        durations(seconds).fit().expect("enough durations")
    }

    #[test]
    fn a_fit_takes_twenty() {
        assert_eq!(durations([5.0; 19]).fit(), None);
        assert!(durations([5.0; 20]).fit().is_some());
    }

    #[test]
    fn the_newest_are_kept_oldest_first() {
        let mut durations = durations([]);
        (0..100).for_each(|second| durations.record(Span::from_secs(second)));
        let expected: Vec<f64> = (36..100).map(f64::from).collect();
        assert_eq!(durations.seconds().collect::<Vec<_>>(), expected);
        assert_eq!(durations.count(), 64);
    }

    #[test]
    fn what_is_no_duration_is_ignored() {
        assert_eq!(durations([-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX]).count(), 0);
    }

    #[test]
    fn a_fit_knows_mean_and_deviation_of_the_logarithms() {
        let fit = fit([1.0, std::f64::consts::E.powi(2)].repeat(20));
        assert!((fit.mean - 1.0).abs() < 1e-6, "{fit:?}");
        assert!((fit.deviation - (40.0_f64 / 39.0).sqrt()).abs() < 1e-6, "{fit:?}");
    }

    #[test]
    fn the_normal_hazard_is_near_the_true_one() {
        let table = [
            (-4.0, 0.000_134),
            (-3.0, 0.004_44),
            (-2.0, 0.055_25),
            (-1.5, 0.138_8),
            (-1.0, 0.287_6),
            (-0.5, 0.509_2),
            (0.0, 0.797_9),
            (0.5, 1.141_1),
            (1.0, 1.525_1),
            (2.0, 2.373_2),
            (4.0, 4.225_6),
        ];
        for (z, hazard) in table {
            let found = normal_hazard(z);
            let allowed = if hazard > 0.05 { 0.08 * hazard } else { 0.01 };
            assert!((found - hazard).abs() < allowed, "{z}: {found}, not {hazard}");
        }
    }

    #[test]
    fn tasks_that_take_their_time_are_asked_when_they_are_about_due() {
        let fit = fit([300.0; 20]);
        let wait = |age| fit.interval(Span::from_secs(age), 1.0);
        assert!(wait(0) > 10.0, "just started: {}", wait(0));
        assert!(wait(300) < 0.7 * wait(150), "due: {}, before: {}", wait(300), wait(150));
        assert!(wait(300_000) > 10.0 * wait(300), "long overdue: {}", wait(300_000));
    }

    /// Fixed numbers, evenly spread between 0 and 1.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (((mixed ^ (mixed >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        }

        fn lognormal(&mut self, median: f64, deviation: f64) -> f64 {
            let radius = (-2.0 * self.next().ln()).sqrt();
            median * (deviation * radius * (TAU * self.next()).cos()).exp()
        }
    }

    /// Mean requests times mean delay of tasks that take so many seconds, between 1 and 60 seconds an interval.
    fn cost(tasks: &[f64], interval: impl Fn(f64) -> f64) -> f64 {
        const ROUND_TRIP: f64 = 0.15;
        let mut random = Random(3);
        let (mut requests, mut delay) = (0.0, 0.0);
        for &took in tasks {
            let phase = 0.9 + 0.2 * random.next();
            let mut age = 0.0;
            while {
                let sent = age + interval(age).clamp(1.0, 60.0) * phase;
                requests += 1.0;
                age = sent + ROUND_TRIP;
                sent + ROUND_TRIP / 2.0 < took
            } {}
            delay += age - took;
        }
        requests * delay / (tasks.len() as f64).powi(2)
    }

    #[test]
    fn it_is_never_worse_than_the_default_by_more_than_a_tenth() {
        type Law = fn(&mut Random) -> f64;
        let laws: [(&str, Law); 6] = [
            ("lognormal, median 45 s", |random| random.lognormal(45.0, 1.2)),
            ("lognormal, median 3 s", |random| random.lognormal(3.0, 0.8)),
            ("Pareto 1.2 from 2 s", |random| 2.0 * random.next().powf(-1.0 / 1.2)),
            ("exponential, mean 60 s", |random| -60.0 * random.next().ln()),
            ("1 s to 1 h", |random| 3600.0_f64.powf(random.next())),
            ("half 4 s, half 300 s", |random| {
                let median = if random.next() < 0.5 { 4.0 } else { 300.0 };
                random.lognormal(median, 0.3)
            }),
        ];
        for (name, law) in laws {
            let mut random = Random(7);
            let tasks: Vec<f64> = (0..3000).map(|_| law(&mut random)).collect();
            for k in [1.0, 2.0] {
                let default = cost(&tasks, |age| k * age.sqrt());
                for trained_on in [20, 64] {
                    let fit = fit((0..trained_on).map(|_| law(&mut random)));
                    let learned = cost(&tasks, |age| fit.interval(Span::from_secs_f64(age), k));
                    let ratio = learned / default;
                    assert!(ratio <= 1.1, "{name}, k {k}, {trained_on} durations: {ratio}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn an_interval_is_above_zero_and_finite(
            seconds in prop::collection::vec(prop_oneof![Just(0.0), Just(60.0), 0.0..100.0, 0.0..1e20_f64], 20..80),
            age in prop_oneof![Just(0.0), 0.0..1e3, 0.0..1e19],
            k in 1e-6_f64..1e6,
        ) {
            let interval = fit(seconds).interval(Span::from_secs_f64(age), k);
            prop_assert!(interval > 0.0 && interval.is_finite(), "{interval}");
        }
    }
}
