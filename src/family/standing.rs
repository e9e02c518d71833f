//! Where a task stands: what each word of HubSpot's means.

/// Where a task stands, as far as decisions need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not begun (PENDING), or a word that this version does not know.
    Queued,
    /// Being worked on: no longer queued. (Both are not over: [`Outcome::Running`](crate::poll::Outcome::Running).)
    Processing,
    /// Over. Whether it succeeded is told by its errors and its result.
    Complete,
    /// Over, with errors.
    CompleteWithErrors,
    /// Over, without success.
    Failed,
    /// It will not be done, or was undone.
    Canceled,
}

impl Standing {
    /// All of them.
    pub const ALL: [Standing; 6] = [
        Standing::Queued,
        Standing::Processing,
        Standing::Complete,
        Standing::CompleteWithErrors,
        Standing::Failed,
        Standing::Canceled,
    ];

    /// What the words for it are called in a family's definition.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Queued => "queued",
            Standing::Processing => "running",
            Standing::Complete => "succeeded",
            Standing::CompleteWithErrors => "succeededWithErrors",
            Standing::Failed => "failed",
            Standing::Canceled => "canceled",
        }
    }
}
