//! Writes what TypeScript takes from Rust, into the folder that is its argument: names and numbers that both sides need,
//! and the data types.

#[path = "../records.rs"]
#[allow(dead_code, reason = "the names alone are needed here")]
mod records;

use std::path::PathBuf;
use std::{env, fs, io};

use hubspot_async_tasks::engine::{Ending, Settings, ThrottleReason, Timeout};
use hubspot_async_tasks::family::{ApiVersion, BASE_URL, Family, TaskId};
use hubspot_async_tasks::model::{
    ErrorContext, ErrorDetail, FileAccess, FileSourceGroup, HttpErrorBody, HubSpotFile, HubSpotFolder, Links,
    StandardError, SubCategory, TaskLocator, TaskState, TaskStatus,
};
use hubspot_async_tasks::poll::{Checkpoint, Code, LearnedPhase, Outcome, Pace, Span, Standing};
use serde_json::{Value, json};
use tsify::Tsify;

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from).ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("names.ts"), names())?;
    fs::write(folder.join("data.ts"), data())
}

const HEAD: &str = "// Generated from Rust by npm/src/bin/generate.rs: change it there.\n";

fn data() -> String {
    let declarations = [
        HubSpotFile::DECL,
        SubCategory::DECL,
        HubSpotFolder::DECL,
        Links::DECL,
        StandardError::DECL,
        TaskLocator::DECL,
        ErrorDetail::DECL,
        HttpErrorBody::DECL,
        TaskStatus::<()>::DECL,
        ErrorContext::DECL,
        TaskState::DECL,
        FileSourceGroup::DECL,
        FileAccess::DECL,
        Code::DECL,
    ];
    HEAD.to_owned() + &declarations.map(|declaration| format!("\n{declaration}\n")).concat()
}

fn names() -> String {
    let constants = [
        ("The families, in the order of their numbers.", "FAMILIES", families()),
        ("Error codes, in the order of their numbers.", "CODES", list(Code::ALL.map(Code::name))),
        (
            "How a task stands, or a task or a wait ended, in the order of their numbers.",
            "OUTCOMES",
            outcomes(),
        ),
        (
            "What may hold a poll back, in the order of their numbers.",
            "THROTTLE_REASONS",
            list(ThrottleReason::ALL.map(ThrottleReason::name)),
        ),
        (
            "Of what a learned duration is, in the order of their numbers.",
            "PHASES",
            list(LearnedPhase::ALL.map(LearnedPhase::name)),
        ),
        (
            "The paces that have a name.",
            "PACES",
            json!({ "interactive": Pace::INTERACTIVE.k(), "batch": Pace::BATCH.k() }),
        ),
        ("Where and how HubSpot's API is asked, unless a client says otherwise.", "DEFAULTS", defaults()),
        ("A client's settings, where it says nothing of them.", "DEFAULT_SETTINGS", default_settings()),
        ("The version of a checkpoint's form.", "CHECKPOINT_VERSION", json!(Checkpoint::VERSION)),
        ("What an API version looks like, for messages.", "API_VERSION_TAKES", json!(ApiVersion::TAKES)),
        (
            "HubSpot's words of state, in the order of their numbers.",
            "STATES",
            list(Standing::WORDS.map(|(word, _)| word)),
        ),
        ("The fields of the record of settings.", "SETTINGS_FIELDS", fields(records::Settings::FIELDS)),
        ("The fields of the record of an answer.", "ANSWER_FIELDS", fields(records::Answer::FIELDS)),
        ("The fields of the record of progress.", "PROGRESS_FIELDS", fields(records::Progress::FIELDS)),
        ("The fields of the record of an output.", "OUTPUT_FIELDS", fields(records::Output::FIELDS)),
    ];
    let mut text = HEAD.to_owned();
    for (doc, name, value) in constants {
        text += &format!("\n/** {doc} */\nexport const {name} = {value:#} as const;\n");
    }
    let enumerations = [
        ("What an answer may be.", "AnswerKind", records::AnswerKind::NAMES),
        ("What the body of a good answer may be.", "BodyKind", records::BodyKind::NAMES),
        ("Which limit may have been hit.", "LimitKind", records::LimitKind::NAMES),
        ("What may be to be done.", "OutputKind", records::OutputKind::NAMES),
        ("What may have happened.", "EventKind", records::EventKind::NAMES),
        ("Whose a fault may be.", "FaultOwner", records::FaultOwner::NAMES),
        ("What to keep of a reply: the place of each one's bit.", "Kept", records::Kept::NAMES),
    ];
    for (doc, name, members) in enumerations {
        let members: String = members.iter().map(|name| format!("  {},\n", uncapitalized(name))).collect();
        text += &format!("\n/** {doc} */\nexport enum {name} {{\n{members}}}\n");
    }
    text
}

fn families() -> Value {
    let family = |family: Family| {
        json!({
            "name": family.name(),
            "scopes": family.scopes().collect::<Vec<_>>(),
            "hasTextResult": family.has_text_result(),
            "takesId": TaskId::takes(family),
        })
    };
    Family::ALL.map(family).into_iter().collect()
}

fn outcomes() -> Value {
    let tasks = Outcome::ALL.map(|outcome| Ending::Task(outcome).name());
    let others = [Ending::Error(Code::Internal), Ending::Aborted].map(Ending::name);
    tasks.into_iter().chain(others).collect()
}

fn defaults() -> Value {
    let timeout_ms = Timeout::DEFAULT.as_ms();
    json!({ "baseUrl": BASE_URL, "apiVersion": ApiVersion::default().as_str(), "timeoutMs": timeout_ms })
}

fn default_settings() -> Value {
    let settings = Settings::default();
    let ms = |span: Span| span.as_ms();
    json!({
        "pace": settings.schedule.pace.k(),
        "minIntervalMs": ms(settings.schedule.min),
        "maxIntervalMs": ms(settings.schedule.max),
        "requestTimeoutMs": ms(settings.request_timeout),
        "maxConcurrent": settings.max_concurrent,
        "rateLimitRequests": settings.rate_limit.map(|limit| limit.requests),
        "rateLimitPerMs": settings.rate_limit.map(|limit| ms(limit.per)),
    })
}

fn list<const COUNT: usize>(names: [&str; COUNT]) -> Value {
    names.into_iter().collect()
}

fn fields(names: &[&str]) -> Value {
    names.iter().map(|name| camel_case(name)).collect()
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at(1.min(word.len()));
        name + &head.to_uppercase() + tail
    })
}

fn uncapitalized(name: &str) -> String {
    let (head, tail) = name.split_at(1.min(name.len()));
    head.to_lowercase() + tail
}
