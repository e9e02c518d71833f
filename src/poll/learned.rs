//! How long the finished tasks of one family took.

use super::{Envelope, Fit, Span};

/// So many durations are kept. More do not improve the fit; fewer follow a change sooner.
const KEPT: usize = 64;

/// With fewer, the default schedule is the better one.
const ENOUGH: usize = 20;

/// So many tasks in a row that took quite another time than those before say that tasks have changed. One may be chance.
const CHANGED: usize = 2;

/// How long the finished tasks of one family took: the newest 64.
#[derive(Clone, Debug, Default)]
pub struct Durations {
    /// In seconds, oldest first.
    kept: Vec<f32>,
}

impl Durations {
    /// Adds what a finished task took, from its start to its end. If tasks have changed, those before are forgotten.
    pub fn record(&mut self, took: Span) {
        self.record_seconds(took.as_secs_f64());
        let before = self.count().saturating_sub(CHANGED);
        if self.fit().is_some_and(|fit| fit.is_contradicted_by(self.seconds().skip(before))) {
            self.keep_newest(CHANGED);
        }
    }

    /// The same in seconds, for durations carried over from earlier. What cannot be a duration is ignored.
    pub fn record_seconds(&mut self, took: f64) {
        // The bound keeps f32 finite, and says no to NaN.
        if !(0.0..1e30).contains(&took) {
            return;
        }
        self.kept.push(took as f32);
        self.keep_newest(KEPT);
    }

    fn keep_newest(&mut self, count: usize) {
        if let Some(old) = self.kept.len().checked_sub(count) {
            self.kept.copy_within(old.., 0);
            self.kept.truncate(count);
        }
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
        self.is_enough().then(|| Fit::of(self.seconds()))
    }

    /// Whether so many are known that they tell something.
    pub(super) fn is_enough(&self) -> bool {
        self.count() >= ENOUGH
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
    pub fn record(&mut self, took: TaskDurations) {
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
pub struct TaskDurations {
    /// From its start to its end.
    pub whole: Span,
    /// From when HubSpot began to work on it.
    pub processing: Span,
}

impl TaskDurations {
    /// What a finished task's status says of it; `None` where dates are missing, or in no possible order.
    pub fn of(envelope: &Envelope) -> Option<TaskDurations> {
        let (requested, completed) = (envelope.requested_at?, envelope.completed_at?);
        let started = envelope.started_at.unwrap_or(requested);
        let is_possible = requested <= started && started <= completed;
        is_possible.then(|| TaskDurations {
            whole: completed.since(requested),
            processing: completed.since(started),
        })
    }
}

/// What was learned, ready for use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fits {
    /// Of whole tasks.
    pub whole: Option<Fit>,
    /// Of the work alone.
    pub processing: Option<Fit>,
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::poll::{Standing, Timestamp};

    fn durations(seconds: impl IntoIterator<Item = f64>) -> Durations {
        let mut durations = Durations::default();
        seconds.into_iter().for_each(|took| durations.record_seconds(took));
        durations
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
    fn dates_in_no_possible_order_tell_no_duration() {
        let took = |requested: u64, started: Option<u64>, completed: u64| {
            let instant = |seconds| Timestamp::from_ms(1_774_951_200_000).plus(Span::from_secs(seconds));
            let (requested_at, completed_at) = (Some(instant(requested)), Some(instant(completed)));
            TaskDurations::of(&Envelope {
                standing: Standing::Complete,
                has_errors: false,
                has_result: true,
                requested_at,
                started_at: started.map(instant),
                completed_at,
            })
        };
        let seconds = |whole, processing| {
            Some(TaskDurations { whole: Span::from_secs(whole), processing: Span::from_secs(processing) })
        };
        assert_eq!(took(10, Some(15), 40), seconds(30, 25));
        assert_eq!(took(10, None, 40), seconds(30, 30));
        assert_eq!(took(10, Some(10), 10), seconds(0, 0));
        for (requested, started, completed) in
            [(10, None, 9), (10, Some(9), 40), (10, Some(41), 40), (40, Some(15), 10)]
        {
            assert_eq!(took(requested, started, completed), None, "{requested} {started:?} {completed}");
        }
    }

    #[test]
    fn when_tasks_have_changed_those_before_are_forgotten() {
        let mut durations = durations([300.0; 64]);
        durations.record(Span::from_secs(3));
        assert_eq!(durations.count(), 64, "one may be chance");
        durations.record(Span::from_secs(4));
        assert_eq!(durations.seconds().collect::<Vec<_>>(), [3.0, 4.0]);
        assert_eq!(durations.fit(), None);
    }

    #[test]
    fn nothing_is_forgotten_while_tasks_take_as_long_as_ever() {
        let mut durations = durations([]);
        for seconds in [40, 300, 25, 60, 110, 8, 45].repeat(20) {
            durations.record(Span::from_secs(seconds));
        }
        assert_eq!(durations.count(), 64);
    }
}
