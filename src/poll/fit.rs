//! What the durations of finished tasks tell: how likely a task is to end at each age, and so when to ask.
//!
//! Keller's rule asks at times whose density is √(h/2κ), where h is the hazard: the rate at which a task of this age
//! finishes. k·√age is that rule for h = 1/age. Here h is measured, without a law that durations are to follow: ages are
//! cut into bands, and of the tasks that came to a band so many ended in it. That is spread over the neighbouring bands,
//! since 64 tasks leave gaps, and half a task with a heavy tail (h = 1/age) is added everywhere, for what was never seen.
//!
//! κ is such that **the finished tasks would have been seen as soon as by the default schedule**, in the mean: what is
//! learned saves requests, and nobody waits longer for it.
//!
//! Keller, "Optimum checking schedules for systems subject to random failure", Management Science 21 (1974) 256–260;
//! Barlow, Hunter, Proschan, "Optimum checking procedures", J. SIAM 11 (1963) 1078–1095; Watson, Leadbetter, "Hazard
//! analysis I", Biometrika 51 (1964) 175–184.

use std::f64::consts::LN_2;
use std::iter::successors;

/// From 0.1 seconds to a day and more, three to a doubling.
const BANDS: usize = 62;

/// In seconds, where the first band ends.
const FIRST_END: f64 = 0.1;

/// From a band's end to the next one's: the cube root of 2.
const RATIO: f64 = 1.259_921_05;

/// From a band's end back to its middle: the root of that.
const TO_MIDDLE: f64 = 1.122_462_05;

/// A band's width in the logarithm of the age.
const WIDTH: f64 = LN_2 / 3.0;

/// A task that ended in one band counts in so many to either side, the less the farther off.
const SPREAD: usize = 4;

/// So many tasks with a heavy tail are added. With more, what is learned saves less; with none, it would never be asked
/// at ages at which no task ended so far.
const UNSEEN: f64 = 0.5;

/// Of the default's mean interval. The mean of 64 durations is off by about a tenth: nobody is to wait longer for that.
const SHARE: f64 = 0.9;

/// Times the default's intervals: what the newest tasks must have waited if tasks are to be taken for changed. As many
/// of a law that stays the same would hardly ever.
const CONTRADICTION: f64 = 4.0;

/// What the durations of finished tasks tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// How many tasks ended in each band.
    ended: [u8; BANDS],
    /// The rate, per second, at which tasks finish whose age is in the band.
    hazards: [f32; BANDS],
}

impl Fit {
    /// Of tasks that took so many seconds: at least one, and at most 255.
    pub(super) fn of(durations: impl Iterator<Item = f64>) -> Fit {
        let mut ended = [0_u8; BANDS];
        let mut left = 0.0;
        for took in durations {
            ended[band_of(took)] += 1;
            left += 1.0;
        }
        let mut hazards = [0.0; BANDS];
        for ((band, hazard), end) in hazards.iter_mut().enumerate().zip(ends()) {
            let here = spread(&ended, band);
            // Those that end in the band are there for half of it, in the mean.
            let there = left - here / 2.0;
            *hazard = ((here / WIDTH + UNSEEN) / (there + UNSEEN) * TO_MIDDLE / end) as f32;
            left -= here;
        }
        Fit { ended, hazards }
    }

    /// How many seconds to wait when the task is `age` seconds old, before bounds and phase: above 0 and finite.
    ///
    /// `by_age` is the default schedule, which says the same without knowing durations.
    pub fn interval(&self, age: f64, by_age: impl Fn(f64) -> f64) -> f64 {
        // The next request is due where the integral of √h / √(2κ) from now on reaches one.
        let mut missing = SHARE * self.root_of_two_kappa(&by_age);
        let (mut wait, mut rate) = (0.0, f64::from(self.hazards[BANDS - 1]).sqrt());
        for (hazard, end) in self.hazards.iter().zip(ends()) {
            let longer = end - age - wait;
            if longer > 0.0 {
                rate = f64::from(*hazard).sqrt();
                if longer * rate >= missing {
                    break;
                }
                missing -= longer * rate;
                wait += longer;
            }
        }
        wait + missing / rate
    }

    /// Whether tasks that took so many seconds were seen so late that others like them must be expected.
    pub(super) fn is_contradicted_by(&self, newest: impl Iterator<Item = f64>) -> bool {
        let scale = self.root_of_two_kappa(&f64::sqrt);
        let surplus = |took: f64| self.interval_at_end(band_of(took), scale) - CONTRADICTION * took.sqrt();
        newest.map(surplus).sum::<f64>() > 0.0
    }

    /// With it the intervals in which the tasks ended are, in the mean, as long as `by_age` says.
    #[inline(never)]
    fn root_of_two_kappa(&self, by_age: &dyn Fn(f64) -> f64) -> f64 {
        let (mut wanted, mut learned) = (0.0, 0.0);
        for ((count, hazard), end) in self.ended.iter().zip(&self.hazards).zip(ends()) {
            let count = f64::from(*count);
            wanted += count * by_age(end / TO_MIDDLE);
            learned += count / f64::from(*hazard).sqrt();
        }
        wanted / learned
    }

    /// Keller's interval in a band.
    fn interval_at_end(&self, band: usize, root_of_two_kappa: f64) -> f64 {
        root_of_two_kappa / f64::from(self.hazards[band]).sqrt()
    }
}

/// Where the bands end, in seconds.
fn ends() -> impl Iterator<Item = f64> {
    successors(Some(FIRST_END), |end| Some(end * RATIO)).take(BANDS)
}

/// The band of a duration, so far from the first and the last one that nothing of it is spread beyond them.
fn band_of(took: f64) -> usize {
    ends().take_while(|end| *end <= took).count().clamp(SPREAD, BANDS - 1 - SPREAD)
}

/// How many tasks ended in a band, where each is spread over its neighbours.
fn spread(ended: &[u8; BANDS], band: usize) -> f64 {
    let most = SPREAD + 1;
    let near = ended.iter().enumerate().skip(band.saturating_sub(SPREAD)).take(most + SPREAD);
    let weighed = near.map(|(at, count)| most.saturating_sub(at.abs_diff(band)) * usize::from(*count));
    weighed.sum::<usize>() as f64 / (most * most) as f64
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fit(seconds: impl IntoIterator<Item = f64>) -> Fit {
        Fit::of(seconds.into_iter())
    }

    fn by_root(k: f64) -> impl Fn(f64) -> f64 {
        move |age| k * age.sqrt()
    }

    #[test]
    fn a_band_reaches_from_its_ends_and_three_make_a_doubling() {
        let all: Vec<f64> = ends().collect();
        assert_eq!(all.len(), BANDS);
        for (band, end) in all.iter().enumerate().skip(3) {
            assert!((end / all[band - 3] - 2.0).abs() < 1e-7, "band {band}");
        }
        assert!((TO_MIDDLE * TO_MIDDLE / RATIO - 1.0).abs() < 1e-8);
        assert!(all[BANDS - 1] > 86_400.0, "a day: {}", all[BANDS - 1]);
        assert_eq!(band_of(all[30]), 31, "where a band ends the next one begins");
        assert_eq!((band_of(0.0), band_of(1e30)), (SPREAD, BANDS - 1 - SPREAD));
    }

    #[test]
    fn what_is_spread_over_the_bands_is_what_ended() {
        let durations = [0.0, 0.3, 7.0, 7.0, 60.0, 1e6, 1e30];
        let mut ended = [0; BANDS];
        durations.iter().for_each(|took| ended[band_of(*took)] += 1);
        let all: f64 = (0..BANDS).map(|band| spread(&ended, band)).sum();
        assert!((all - durations.len() as f64).abs() < 1e-9, "{all}");
    }

    #[test]
    fn the_hazard_of_a_heavy_tail_falls_with_the_age() {
        // Pareto's law with h = 1/age from 1 s on: of a thousand tasks, evenly spread.
        let fit = fit((0..250).map(|nth| 250.0 / (f64::from(nth) + 0.5)));
        for (band, end) in ends().enumerate().skip(17).take(18) {
            let of_the_law = TO_MIDDLE / end;
            let found = f64::from(fit.hazards[band]) / of_the_law;
            assert!((0.7..1.4).contains(&found), "up to {end} s: {found} times the law's");
        }
    }

    #[test]
    fn the_hazard_of_an_exponential_law_is_the_same_at_every_age() {
        let fit = fit((0..250).map(|nth| -60.0 * ((f64::from(nth) + 0.5) / 250.0).ln()));
        for (band, end) in ends().enumerate().filter(|(_, end)| (8.0..160.0).contains(end)) {
            let found = 60.0 * f64::from(fit.hazards[band]);
            assert!((0.7..1.4).contains(&found), "up to {end} s: {found} times the law's");
        }
    }

    #[test]
    fn tasks_that_take_their_time_are_asked_when_they_are_about_due() {
        let fit = fit([300.0; 20]);
        let wait = |age| fit.interval(age, by_root(1.0));
        assert!(wait(0.0) > 10.0, "just started: {}", wait(0.0));
        assert!(wait(300.0) < 0.7 * wait(100.0), "due: {}, before: {}", wait(300.0), wait(100.0));
        assert!(wait(300_000.0) > 10.0 * wait(300.0), "long overdue: {}", wait(300_000.0));
    }

    #[test]
    fn of_two_kinds_of_task_none_is_asked_in_the_gap_between_them() {
        let fit = fit([4.0, 300.0].repeat(32));
        let wait = |age| fit.interval(age, by_root(1.0));
        assert!(wait(3.0) < 4.0, "when the short ones end: {}", wait(4.0));
        assert!(wait(20.0) > 5.0 * 20_f64.sqrt(), "in the gap: {}", wait(20.0));
        assert!(wait(300.0) < 1.2 * 300_f64.sqrt(), "when the long ones end: {}", wait(300.0));
    }

    #[test]
    fn the_finished_tasks_would_have_been_seen_somewhat_sooner_than_by_default() {
        let durations = [3.0, 20.0, 25.0, 40.0, 70.0, 90.0, 400.0].repeat(5);
        let fit = fit(durations.iter().copied());
        for k in [0.5, 1.0, 4.0] {
            let scale = fit.root_of_two_kappa(&by_root(k));
            let learned: f64 = durations.iter().map(|took| fit.interval_at_end(band_of(*took), scale)).sum();
            let default: f64 = durations.iter().map(|took| by_root(k)(*took)).sum();
            assert!((learned / default - 1.0).abs() < 0.1, "k {k}: {learned}, {default}");
        }
    }

    #[test]
    fn twice_the_interval_by_age_is_about_twice_the_interval_learned() {
        let fit = fit([20.0, 40.0, 60.0, 80.0].repeat(5));
        for age in [10.0, 50.0, 500.0] {
            let ratio = fit.interval(age, by_root(0.2)) / fit.interval(age, by_root(0.1));
            assert!((1.7..2.3).contains(&ratio), "at {age} s: {ratio}");
        }
    }

    #[test]
    fn a_bound_of_the_default_schedule_bounds_what_is_aimed_at() {
        let fit = fit([900.0, 1_800.0, 3_600.0].repeat(7));
        let bounded = |age: f64| (2.0 * age.sqrt()).min(60.0);
        assert!(fit.interval(1_800.0, bounded) < 0.8 * fit.interval(1_800.0, by_root(2.0)));
    }

    #[test]
    fn short_tasks_after_long_ones_contradict_and_long_ones_after_short_ones_do_not() {
        let after = |old: f64, new: f64| {
            fit([old; 62].into_iter().chain([new; 2])).is_contradicted_by([new; 2].into_iter())
        };
        for (old, new, is_contradicted) in [
            (300.0, 3.0, true),
            (300.0, 30.0, true),
            (60.0, 2.0, true),
            (300.0, 200.0, false),
            (3.0, 2.0, false),
            (3.0, 300.0, false),
            (2.0, 60.0, false),
        ] {
            assert_eq!(after(old, new), is_contradicted, "{new} s after {old} s");
        }
        let one_of_two = fit([300.0; 63].into_iter().chain([3.0]));
        assert!(!one_of_two.is_contradicted_by([300.0, 3.0].into_iter()), "one alone may be chance");
    }

    proptest! {
        #[test]
        fn an_interval_is_above_zero_and_finite(
            seconds in prop::collection::vec(prop_oneof![Just(0.0), Just(60.0), 0.0..100.0, 0.0..1e20_f64], 1..80),
            age in prop_oneof![Just(0.0), 0.0..1e3, 0.0..1e19],
            k in 1e-6_f64..1e6,
        ) {
            let interval = fit(seconds).interval(age, by_root(k));
            prop_assert!(interval > 0.0 && interval.is_finite(), "{interval}");
        }
    }
}
