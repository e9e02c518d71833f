//! How long is a task likely still to take, by how long others took?

use super::{Durations, Span};

/// How long a task is likely still to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Half of such tasks take no longer.
    pub median: Span,
    /// Nine in ten take no longer.
    pub ninety_percent: Span,
}

impl Durations {
    /// How long a task of this age is likely still to take, where so much is known that intervals are learned.
    pub fn estimate(&self, age: Span) -> Option<Estimate> {
        let left = |share| Span::from_secs_f64(self.left(age.as_secs_f64(), share));
        self.is_enough().then(|| Estimate { median: left(0.5), ninety_percent: left(0.9) })
    }

    /// So many seconds more, and this share of the tasks that came to that age has ended.
    ///
    /// One more is counted that outlasts all, with the heavy tail that [`Fit`](super::Fit) has, too: of tasks that are
    /// `t` old half are over at `2t`.
    #[inline(never)]
    fn left(&self, age: f64, share: f64) -> f64 {
        let count = self.count_between(age, f64::MAX) + 1.0;
        let (mut longest, mut enough) = (age, f64::INFINITY);
        for took in self.seconds() {
            longest = longest.max(took);
            if took > age && took < enough && self.count_between(age, took) >= share * count {
                enough = took;
            }
        }
        let end = if enough < f64::INFINITY { enough } else { longest / count / (1.0 - share) };
        end - age
    }

    /// How many took longer than `from`, and no longer than `to`.
    #[inline(never)]
    fn count_between(&self, from: f64, to: f64) -> f64 {
        self.seconds().filter(|took| *took > from && *took <= to).count() as f64
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn durations(seconds: impl IntoIterator<Item = f64>) -> Durations {
        let mut durations = Durations::default();
        seconds.into_iter().for_each(|took| durations.record_seconds(took));
        durations
    }

    /// In seconds.
    fn estimate(durations: &Durations, age: u64) -> (f64, f64) {
        let Estimate { median, ninety_percent } =
            durations.estimate(Span::from_secs(age)).expect("an estimate");
        (median.as_secs_f64(), ninety_percent.as_secs_f64())
    }

    #[test]
    fn nothing_is_estimated_from_fewer_than_twenty() {
        assert_eq!(durations([60.0; 19]).estimate(Span::ZERO), None);
    }

    #[test]
    fn of_tasks_that_all_take_the_same_time_the_rest_of_it_is_left() {
        let minutes = durations([60.0; 20]);
        assert_eq!(estimate(&minutes, 0), (60.0, 60.0));
        assert_eq!(estimate(&minutes, 45), (15.0, 15.0));
    }

    #[test]
    fn half_and_nine_tenths_of_the_tasks_that_are_left_take_no_longer() {
        let up_to_29 = durations((1..30).map(f64::from));
        assert_eq!(estimate(&up_to_29, 0), (15.0, 27.0));
        assert_eq!(estimate(&up_to_29, 10), (10.0, 18.0), "of 11 to 29");
    }

    #[test]
    fn a_task_that_outlasts_all_others_is_likely_to_take_as_long_again() {
        let minutes = durations([60.0; 20]);
        assert_eq!(estimate(&minutes, 100), (100.0, 900.0));
        let (median, ninety_percent) = estimate(&durations((1..30).map(f64::from)), 28);
        assert!(median >= 1.0 && ninety_percent > 29.0, "{median}, {ninety_percent}");
    }

    #[test]
    fn the_order_in_which_tasks_ended_does_not_matter() {
        let up = durations((1..30).map(f64::from));
        let down = durations((1..30).rev().map(f64::from));
        assert_eq!(estimate(&up, 7), estimate(&down, 7));
    }
}
