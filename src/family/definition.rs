//! What there is to know of a family: the form of its definition.
//!
//! The npm package's `FamilyDefinition` has the same fields, and takes definitions of further families at run time.

use std::time::Duration;

use super::{FamilyPath, IdForm, Standing};

/// What there is to know of a family of task.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Its name in the npm package, in errors, events and checkpoints.
    pub name: &'static str,
    /// Where it is asked for, and started.
    pub paths: Paths,
    /// What its ids look like.
    pub id: IdForm,
    /// The field that holds the word for where a task stands.
    pub state_field: &'static str,
    /// HubSpot's words, and what each means. New ones may come: those go on.
    pub words: &'static [(&'static str, Standing)],
    /// What a task that succeeded has made; `None`: nothing.
    pub result: Option<ResultField>,
    /// Where the errors stand that a task met.
    pub errors: ErrorFields,
    /// The field that tells when a task was asked for.
    pub requested_at_field: &'static str,
    /// The scopes of which a token needs any one to ask for a status.
    pub scopes: &'static [&'static str],
    /// What its details tell that its status does not: where they say so, the task is over.
    pub details: Option<DetailWords>,
    /// How a task is started.
    pub start: Start,
    /// Whether an account runs few at a time, so that a task may be queued for longer than it takes.
    pub is_queued: bool,
}

/// The paths of a family.
#[derive(Clone, Copy, Debug)]
pub struct Paths {
    /// Answers for one task (GET).
    pub status: FamilyPath,
    /// Starts one (POST).
    pub start: FamilyPath,
    /// Tells more of one (GET), where there is such a path.
    pub details: Option<FamilyPath>,
    /// Cancels one (POST), where that can be done.
    pub cancel: Option<FamilyPath>,
    /// Lists the errors that one met (GET), where they are a resource of their own.
    pub errors: Option<FamilyPath>,
}

/// Where a status has the result.
#[derive(Clone, Copy, Debug)]
pub struct ResultField {
    /// The field, with dots between the names of nested ones.
    pub field: &'static str,
    /// Whether a result is a text: then an empty one, or anything else, is none.
    pub is_text: bool,
    /// How long it can be used after the task completed; `None`: for good.
    pub lives: Option<Duration>,
}

/// Where a status has the errors that its task met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorFields {
    /// The list of them.
    pub list: &'static str,
    /// How many they are.
    pub count: &'static str,
}

/// The words of a task's details that are told. Whatever else they say is the status's to tell.
#[derive(Clone, Copy, Debug)]
pub struct DetailWords {
    /// The field that holds the word.
    pub field: &'static str,
    /// The words that matter, and what each means.
    pub words: &'static [(&'static str, Standing)],
}

/// How a task is started.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// What is sent.
    pub sends: Sends,
    /// What is answered.
    pub answers: Answers,
    /// The fields without which HubSpot refuses a request for certain: of each list one is needed.
    pub requires: &'static [&'static [&'static str]],
}

/// What a start sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    /// The request as JSON.
    Json,
    /// The request as JSON in one part, and each file in one.
    Multipart,
}

impl Sends {
    /// The name in the npm package.
    pub fn name(self) -> &'static str {
        match self {
            Sends::Json => "json",
            Sends::Multipart => "multipart",
        }
    }
}

/// What a start is answered with. Each holds the task's `id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Where to find the task: `id` and `links`.
    Locator,
    /// The task itself, as its status call gives it.
    Task,
}

impl Answers {
    /// The name in the npm package.
    pub fn name(self) -> &'static str {
        match self {
            Answers::Locator => "locator",
            Answers::Task => "task",
        }
    }
}
