//! What a status says about the task.

use super::Timestamp;
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
    /// What a status word means. Words are HubSpot's, and new ones may come: those go on.
    pub fn of(word: &str) -> Standing {
        Standing::told_by(|known| known == word)
    }

    /// The same where a host holds the word, and can compare it.
    pub fn told_by(is: impl Fn(&str) -> bool) -> Standing {
        let known = [
            ("PROCESSING", Standing::Processing),
            ("COMPLETE", Standing::Complete),
            ("CANCELED", Standing::Canceled),
        ];
        known.into_iter().find(|(word, _)| is(word)).map_or(Standing::Running, |(_, standing)| standing)
    }
}

/// As much of a status as decisions need; the rest stays with whoever received it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Envelope {
    /// Where the task stands.
    pub standing: Standing,
    /// Whether it met errors: `numErrors` above zero, or `errors` not empty.
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
