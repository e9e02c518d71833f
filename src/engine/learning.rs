//! What finished tasks took, and what that tells of how long others will take: by family.

use super::tasks::Entry;
use super::{Engine, TaskKey};
use crate::family::{Family, Rules};
use crate::poll::{Fits, Learned, LearnedPhase, Outcome, TaskDurations, Verdict};

/// A family that an engine knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyKey(u32);

impl FamilyKey {
    /// The number, for hosts that hold it as such: a built-in family's is its place in [`Family::ALL`].
    pub fn number(self) -> u32 {
        self.0
    }

    /// What a host that holds numbers means by this one.
    pub fn numbered(number: u32) -> FamilyKey {
        FamilyKey(number)
    }

    fn place(self) -> usize {
        self.0 as usize
    }
}

impl From<Family> for FamilyKey {
    fn from(family: Family) -> FamilyKey {
        FamilyKey(family as u32)
    }
}

/// A family whose tasks the engine knows.
#[derive(Debug)]
pub(super) struct KnownFamily {
    rules: Rules,
    /// What its finished tasks took.
    learned: Learned,
    /// What that tells.
    fits: Fits,
}

impl KnownFamily {
    fn new(rules: Rules, learned: Learned) -> Self {
        KnownFamily { rules, learned, fits: Fits::default() }
    }

    fn fit(&mut self) {
        self.fits = self.learned.fits();
    }
}

impl Engine {
    /// A family that is not built in.
    pub fn define(&mut self, rules: Rules) -> FamilyKey {
        self.families.push(KnownFamily::new(rules, Learned::default()));
        FamilyKey(self.families.len() as u32 - 1)
    }

    /// The rules of a family that is known.
    pub(super) fn rules_of(&self, family: FamilyKey) -> Option<Rules> {
        self.families.get(family.place()).map(|family| family.rules)
    }

    /// What the client's finished tasks of that family took; `None` for one that is not known.
    pub fn learned(&self, family: impl Into<FamilyKey>) -> Option<&Learned> {
        self.families.get(family.into().place()).map(|family| &family.learned)
    }

    /// The client starts with these durations of finished tasks, in seconds, oldest first.
    pub fn remember(
        &mut self,
        family: impl Into<FamilyKey>,
        phase: LearnedPhase,
        seconds: impl IntoIterator<Item = f64>,
    ) {
        if let Some(family) = self.families.get_mut(family.into().place()) {
            let durations = family.learned.durations_mut(phase);
            seconds.into_iter().for_each(|took| durations.record_seconds(took));
            if self.settings.learns {
                family.fit();
            }
        }
    }

    /// What is known of tasks of a task's family, if it counts. (A task is opened for a known family alone.)
    pub(super) fn fits_of(&self, entry: &Entry) -> &Fits {
        &self.families[entry.family.place()].fits
    }

    /// A task's status was seen: if it says how long the task took, that counts.
    pub(super) fn learn(&mut self, key: TaskKey, verdict: &Verdict) {
        if let Verdict::Status(envelope) = verdict
            && let Some(took) = TaskDurations::of(envelope)
            && let Some(entry) = self.tasks.get(key)
            && entry.poll.end().is_some_and(Outcome::is_success)
            && let Some(family) = self.families.get_mut(entry.family.place())
        {
            family.learned.record(took);
            if self.settings.learns {
                family.fit();
            }
        }
    }
}

/// Each built-in family is known from the start.
pub(super) fn built_in(learned: &[Learned; Family::COUNT], learns: bool) -> Vec<KnownFamily> {
    let known = |family: Family| {
        let mut known = KnownFamily::new(family.into(), learned[family as usize].clone());
        if learns {
            known.fit();
        }
        known
    };
    Family::ALL.into_iter().map(known).collect()
}
