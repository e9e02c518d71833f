//! What a status says about the task.

use super::{Code, Span, Timestamp};
use crate::family::Family;

/// How a task stands. HubSpot has no word for a failed task: it is COMPLETE with errors and nothing to show for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not over, or in a state that this version does not know.
    Running,
    /// Over, without errors.
    Succeeded,
    /// Over, with errors and with a result.
    SucceededWithErrors,
    /// Over, without the result that it should have.
    Failed,
    /// It will not be done.
    Canceled,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 5] = [
        Outcome::Running,
        Outcome::Succeeded,
        Outcome::SucceededWithErrors,
        Outcome::Failed,
        Outcome::Canceled,
    ];

    /// The outcome's name in the npm package.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Running => "running",
            Outcome::Succeeded => "succeeded",
            Outcome::SucceededWithErrors => "succeededWithErrors",
            Outcome::Failed => "failed",
            Outcome::Canceled => "canceled",
        }
    }

    /// That of the error with which a wait for such a task ends.
    pub fn code(self) -> Option<Code> {
        match self {
            Outcome::Canceled => Some(Code::Canceled),
            Outcome::Failed => Some(Code::Failed),
            Outcome::Running | Outcome::Succeeded | Outcome::SucceededWithErrors => None,
        }
    }

    /// Whether the task gave what it was started for, with or without errors.
    pub fn is_success(self) -> bool {
        matches!(self, Outcome::Succeeded | Outcome::SucceededWithErrors)
    }
}

/// Where a task stands, as far as decisions need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// PENDING, or a word that this version does not know.
    Running,
    /// PROCESSING: no longer queued.
    Processing,
    /// COMPLETE.
    Complete,
    /// CANCELED.
    Canceled,
}

impl Standing {
    /// All of them.
    pub const ALL: [Standing; 4] =
        [Standing::Running, Standing::Processing, Standing::Complete, Standing::Canceled];

    /// HubSpot's words, and what each means, in the order of [`Standing::ALL`].
    pub const WORDS: [(&str, Standing); 4] = [
        ("PENDING", Standing::Running),
        ("PROCESSING", Standing::Processing),
        ("COMPLETE", Standing::Complete),
        ("CANCELED", Standing::Canceled),
    ];

    /// What a status word means. New ones may come: those go on.
    pub fn of(word: &str) -> Standing {
        let known = Standing::WORDS.into_iter().find(|(known, _)| *known == word);
        known.map_or(Standing::Running, |(_, standing)| standing)
    }
}

/// As much of a status as decisions need; the rest stays with whoever received it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Envelope {
    /// Where the task stands.
    pub standing: Standing,
    /// Whether it met errors: `numErrors` above zero, or anything in `errors`.
    pub has_errors: bool,
    /// Whether it carries a result.
    pub has_result: bool,
    /// `requestedAt`, by the server's clock.
    pub requested_at: Option<Timestamp>,
    /// `startedAt`, by the server's clock.
    pub started_at: Option<Timestamp>,
    /// `completedAt`, by the server's clock.
    pub completed_at: Option<Timestamp>,
}

/// HubSpot has no older task: it began in 2006.
const OLDEST: Span = Span::from_secs(20 * 365 * 24 * 60 * 60);

/// So far ahead of the clock a date may be: a host's may be set by another time zone.
const AHEAD: Span = Span::from_secs(24 * 60 * 60);

impl Envelope {
    /// Without dates that cannot be, since they would teach and steer: those before HubSpot began, and those that are still
    /// to come.
    pub fn with_possible_dates(&self, clock: Timestamp) -> Envelope {
        Envelope {
            requested_at: possible(self.requested_at, clock),
            started_at: possible(self.started_at, clock),
            completed_at: possible(self.completed_at, clock),
            ..*self
        }
    }
}

#[inline(never)]
fn possible(date: Option<Timestamp>, clock: Timestamp) -> Option<Timestamp> {
    date.filter(|date| clock.since(*date) <= OLDEST && date.since(clock) <= AHEAD)
}

/// What a status says; without a family nobody knows whether a result is missing.
pub fn outcome(envelope: &Envelope, family: Option<Family>) -> Outcome {
    let lacks_result = !envelope.has_result && family.is_some_and(Family::has_result);
    match envelope.standing {
        Standing::Canceled => Outcome::Canceled,
        Standing::Running | Standing::Processing => Outcome::Running,
        Standing::Complete if envelope.has_errors && envelope.has_result => Outcome::SucceededWithErrors,
        Standing::Complete if envelope.has_errors || lacks_result => Outcome::Failed,
        Standing::Complete => Outcome::Succeeded,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use Family::{Export, FileImport, SourceCodeExtract};

    #[test]
    fn words_stand_in_the_order_of_the_standings() {
        assert_eq!(Standing::WORDS.map(|(_, standing)| standing), Standing::ALL);
        assert_eq!(Standing::ALL.map(|standing| standing as usize), [0, 1, 2, 3]);
    }

    #[test]
    fn a_status_says() {
        let (without, with) = (false, true);
        // state, errors, result, family
        let table = [
            ("PENDING", without, without, Some(Export), Outcome::Running),
            ("PROCESSING", with, with, Some(Export), Outcome::Running),
            ("REVIEWING", without, with, Some(Export), Outcome::Running),
            ("", without, with, Some(Export), Outcome::Running),
            ("complete", without, with, Some(Export), Outcome::Running),
            ("CANCELED", without, without, Some(Export), Outcome::Canceled),
            ("CANCELED", with, with, Some(Export), Outcome::Canceled),
            ("COMPLETE", without, with, Some(Export), Outcome::Succeeded),
            ("COMPLETE", with, with, Some(FileImport), Outcome::SucceededWithErrors),
            ("COMPLETE", with, without, Some(FileImport), Outcome::Failed),
            ("COMPLETE", without, without, Some(FileImport), Outcome::Failed),
            ("COMPLETE", without, without, Some(SourceCodeExtract), Outcome::Succeeded),
            ("COMPLETE", with, without, Some(SourceCodeExtract), Outcome::Failed),
            ("COMPLETE", without, without, None, Outcome::Succeeded),
            ("COMPLETE", with, without, None, Outcome::Failed),
            ("COMPLETE", with, with, None, Outcome::SucceededWithErrors),
        ];
        for (state, has_errors, has_result, family, expected) in table {
            let envelope = Envelope {
                standing: Standing::of(state),
                has_errors,
                has_result,
                requested_at: None,
                started_at: None,
                completed_at: None,
            };
            assert_eq!(outcome(&envelope, family), expected, "{state} {envelope:?} {family:?}");
        }
    }
}
