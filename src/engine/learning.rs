//! What finished tasks took, and what that tells of how long others will take.

use super::{Engine, TaskKey};
use crate::family::Family;
use crate::poll::{Fits, Learned, LearnedPhase, Outcome, TaskDurations, Verdict};

impl Engine {
    /// What the client's finished tasks took, by family in the order of [`Family::ALL`].
    pub fn learned(&self) -> &[Learned; 4] {
        &self.settings.learned
    }

    /// The client starts with these durations of finished tasks, in seconds, oldest first.
    pub fn remember(&mut self, family: Family, phase: LearnedPhase, seconds: impl IntoIterator<Item = f64>) {
        let durations = self.settings.learned[family as usize].durations_mut(phase);
        seconds.into_iter().for_each(|took| durations.record_seconds(took));
        self.fit(family);
    }

    /// What is known of tasks of that family, if it counts.
    pub(super) fn fit(&mut self, family: Family) {
        if self.settings.learns {
            self.fits[family as usize] = self.settings.learned[family as usize].fits();
        }
    }

    pub(super) fn fits_of(&self, family: Family) -> &Fits {
        &self.fits[family as usize]
    }

    /// A task's status was seen: if it says how long the task took, that counts.
    pub(super) fn learn(&mut self, key: TaskKey, verdict: &Verdict) {
        if let Verdict::Status(envelope) = verdict
            && let Some(took) = TaskDurations::of(envelope)
            && let Some(poll) = self.tasks.get(key).map(|entry| &entry.poll)
            && poll.end().is_some_and(Outcome::is_success)
        {
            let family = poll.family();
            self.settings.learned[family as usize].record(took);
            self.fit(family);
        }
    }
}
