//! What a status says about the task.

use super::{Code, Span, Timestamp};
use crate::family::{Rules, Standing};

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

/// What a status says. By the default rules nobody knows whether a result is missing.
pub fn outcome(envelope: &Envelope, rules: Rules) -> Outcome {
    let lacks_result = rules.has_result && !envelope.has_result;
    match envelope.standing {
        Standing::Canceled => Outcome::Canceled,
        Standing::Failed => Outcome::Failed,
        Standing::Queued | Standing::Processing => Outcome::Running,
        _ if lacks_result => Outcome::Failed,
        Standing::CompleteWithErrors => Outcome::SucceededWithErrors,
        Standing::Complete if !envelope.has_errors => Outcome::Succeeded,
        Standing::Complete if envelope.has_result => Outcome::SucceededWithErrors,
        Standing::Complete => Outcome::Failed,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::family::Family;
    use Family::{Export, FileImport, Import, SourceCodeExtract};

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
            ("DONE", with, with, Some(Import), Outcome::SucceededWithErrors),
            ("FAILED", without, with, Some(Import), Outcome::Failed),
            ("FAILED", without, without, Some(Export), Outcome::Running),
            ("COMPLETE", without, without, None, Outcome::Succeeded),
            ("COMPLETE", with, without, None, Outcome::Failed),
            ("COMPLETE", with, with, None, Outcome::SucceededWithErrors),
        ];
        for (state, has_errors, has_result, family, expected) in table {
            let envelope = Envelope {
                standing: family.unwrap_or(Export).standing(state),
                has_errors,
                has_result,
                requested_at: None,
                started_at: None,
                completed_at: None,
            };
            assert_eq!(
                outcome(&envelope, family.map(Rules::from).unwrap_or_default()),
                expected,
                "{state} {envelope:?} {family:?}"
            );
        }
    }

    #[test]
    fn a_word_that_says_that_there_were_errors_needs_no_list_of_them() {
        let (without, with) = (false, true);
        // Whether its family has a result, whether it has one.
        let table = [
            (without, without, Outcome::SucceededWithErrors),
            (with, with, Outcome::SucceededWithErrors),
            (with, without, Outcome::Failed),
        ];
        for (family_has, has_result, expected) in table {
            let envelope = Envelope {
                standing: Standing::CompleteWithErrors,
                has_errors: false,
                has_result,
                requested_at: None,
                started_at: None,
                completed_at: None,
            };
            let rules = Rules { has_result: family_has, ..Rules::default() };
            assert_eq!(outcome(&envelope, rules), expected);
        }
    }
}
