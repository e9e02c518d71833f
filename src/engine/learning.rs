//! What finished tasks took, and what that tells of how long others will take.

use crate::family::Family;
use crate::poll::{Estimate, Fits, Learned, LearnedPhase, Outcome, TaskPoll, Timestamp, Took, Verdict};

/// By family, in the order of [`Family::ALL`].
#[derive(Debug)]
pub(super) struct Learning {
    is_on: bool,
    learned: [Learned; 4],
    fits: [Fits; 4],
}

impl Learning {
    pub fn new(is_on: bool, learned: [Learned; 4]) -> Self {
        let mut learning = Learning { is_on, fits: Default::default(), learned };
        Family::ALL.into_iter().for_each(|family| learning.fit(family));
        learning
    }

    /// What is known of tasks of that family, if it counts.
    fn fit(&mut self, family: Family) {
        if self.is_on {
            self.fits[family as usize] = self.learned[family as usize].fits();
        }
    }

    pub fn learned(&self) -> &[Learned; 4] {
        &self.learned
    }

    pub fn remember(&mut self, family: Family, phase: LearnedPhase, seconds: impl IntoIterator<Item = f64>) {
        let durations = self.learned[family as usize].durations_mut(phase);
        seconds.into_iter().for_each(|took| durations.record_seconds(took));
        self.fit(family);
    }

    pub fn fits_of(&self, family: Family) -> &Fits {
        &self.fits[family as usize]
    }

    /// How long a task is likely still to take.
    pub fn estimate(&self, poll: &TaskPoll, now: Timestamp) -> Option<Estimate> {
        let learned = self.is_on.then(|| &self.learned[poll.family() as usize])?;
        poll.estimate(now, learned)
    }

    /// A task's status was seen: if it says how long the task took, that counts.
    pub fn learn(&mut self, poll: &TaskPoll, verdict: &Verdict) {
        if let Verdict::Status(envelope) = verdict
            && let Some(took) = Took::of(envelope)
            && poll.end().is_some_and(Outcome::is_success)
        {
            self.learned[poll.family() as usize].record(took);
            self.fit(poll.family());
        }
    }
}
