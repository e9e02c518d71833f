//! Writes what TypeScript takes from Rust, into the folder that is its argument: names and numbers that both sides need,
//! and the data types.

#[path = "../records.rs"]
#[allow(dead_code, reason = "the names alone are needed here")]
mod records;

use std::path::PathBuf;
use std::{env, fs, io};

use hubspot_async_tasks::engine::{Ending, Settings, ThrottleReason, Timeout};
use hubspot_async_tasks::family::{
    Answers, ApiVersion, BASE_URL, Definition, Family, FamilyPath, IdForm, ResultField, Sends, Standing,
};
use hubspot_async_tasks::model::{
    CrmImport, CrmImportError, CrmImportFile, CrmImportResult, DuplicateValidationScope,
    DuplicateValidationStrategy, ErrorContext, ErrorDetail, ExportDetails, ExportFormat, ExportRequest,
    ExportType, FileAccess, FileImportRequest, FileSourceGroup, FolderUpdateRequest, HttpErrorBody,
    HubSpotFile, HubSpotFolder, ImportCounters, ImportObjectList, Links, SourceCodeExtractRequest,
    StandardError, SubCategory, TaskLocator, TaskState, TaskStatus,
};
use hubspot_async_tasks::poll::{Checkpoint, Code, LearnedPhase, Outcome, Pace, Span, is_passing};
use serde_json::{Map, Value, json};
use tsify::Tsify;

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from).ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("names.ts"), names())?;
    fs::write(folder.join("passing.ts"), passing())?;
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
        DuplicateValidationScope::DECL,
        DuplicateValidationStrategy::DECL,
        ExportType::DECL,
        ExportFormat::DECL,
        ImportCounters::DECL,
    ];
    let open = [
        FileImportRequest::DECL,
        FolderUpdateRequest::DECL,
        ExportRequest::DECL,
        SourceCodeExtractRequest::DECL,
        CrmImport::DECL,
        CrmImportFile::DECL,
        CrmImportResult::DECL,
        ImportObjectList::DECL,
        CrmImportError::DECL,
        ExportDetails::DECL,
    ];
    let declarations = declarations.into_iter().map(str::to_owned).chain(open.map(with_others));
    declarations.fold(HEAD.to_owned(), |text, declaration| text + &format!("\n{declaration}\n"))
}

/// A declaration that has fields besides, which nobody here names.
fn with_others(declaration: &str) -> String {
    let fields = declaration.trim_end().trim_end_matches('}');
    format!(
        "{fields}    /**\n     * What HubSpot takes or sends besides.\n     */\n    [field: string]: unknown;\n}}"
    )
}

fn names() -> String {
    let constants = [
        ("The built-in families, in the order of their numbers.", "FAMILIES", families()),
        ("What a family's definition means that does not say it.", "USUAL_FAMILY", usual_definition()),
        ("The forms of ids, in the order of their numbers.", "ID_FORMS", id_forms()),
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
            "Where a task may stand, in the order of their numbers: the lists of words in a definition.",
            "STANDINGS",
            list(Standing::ALL.map(Standing::name)),
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

/// By itself, since each bundle that has errors has it.
fn passing() -> String {
    let is_of_500 = |status| (500..=599).contains(&status);
    let others: Vec<u16> = (100..=999).filter(|status| is_passing(*status) != is_of_500(*status)).collect();
    let doc = "After a 5xx asking again may help, after another HTTP status it does not; of these it is the other way round.";
    format!("{HEAD}\n/** {doc} */\nexport const EXCEPTIONS: readonly number[] = {};\n", json!(others))
}

/// The definitions of the built-in families, in the form in which further ones are given. What is as usual is left out.
fn families() -> Value {
    Family::ALL.map(|family| definition(family.definition())).into_iter().collect()
}

fn definition(definition: &Definition) -> Value {
    let Definition {
        name,
        paths,
        id,
        state_field,
        words,
        result,
        errors,
        requested_at_field,
        scopes,
        details,
        start,
        is_queued,
    } = *definition;
    let path = |FamilyPath { numbered, dated }| {
        if numbered == dated { json!(numbered) } else { json!({ "numbered": numbered, "dated": dated }) }
    };
    let state = words_of(state_field, words);
    let result = result.map(|ResultField { field, is_text, lives }| {
        known([
            ("field", json!(field)),
            ("isText", json!(is_text.then_some(true))),
            ("livesMs", json!(lives.map(|lives| lives.as_millis() as u64))),
        ])
    });
    let usual = Family::FileImport.definition();
    let unless = |is_usual: bool, value: Value| if is_usual { Value::Null } else { value };
    known([
        ("name", json!(name)),
        (
            "paths",
            known([
                ("status", path(paths.status)),
                ("start", path(paths.start)),
                ("details", json!(paths.details.map(path))),
                ("cancel", json!(paths.cancel.map(path))),
                ("errors", json!(paths.errors.map(path))),
            ]),
        ),
        ("id", unless(id == IdForm::Text, json!(id.name()))),
        ("state", unless((state_field, words) == (usual.state_field, usual.words), state)),
        ("result", json!(result)),
        (
            "errors",
            unless(errors == usual.errors, json!({ "field": errors.list, "countField": errors.count })),
        ),
        (
            "dates",
            unless(
                requested_at_field == usual.requested_at_field,
                json!({ "requestedAt": requested_at_field }),
            ),
        ),
        ("scopes", json!(scopes)),
        (
            "start",
            known([
                ("sends", unless(start.sends == Sends::Json, json!(start.sends.name()))),
                ("answers", unless(start.answers == Answers::Locator, json!(start.answers.name()))),
                ("requires", unless(start.requires.is_empty(), json!(start.requires))),
            ]),
        ),
        ("details", json!(details.map(|details| words_of(details.field, details.words)))),
        ("isQueued", json!(is_queued.then_some(true))),
    ])
}

/// A field, and what its words mean: a list of words for each standing that has one.
fn words_of(field: &str, words: &[(&str, Standing)]) -> Value {
    let mut lists = json!({ "field": field });
    for standing in Standing::ALL {
        let words: Vec<&str> =
            words.iter().filter(|(_, is)| *is == standing).map(|(word, _)| *word).collect();
        if !words.is_empty() {
            lists[standing.name()] = json!(words);
        }
    }
    lists
}

/// The fields that are not null.
fn known<const COUNT: usize>(fields: [(&str, Value); COUNT]) -> Value {
    let known = fields.into_iter().filter(|(_, value)| !value.is_null());
    known.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

/// What a definition that says nothing of it means.
fn usual_definition() -> Value {
    let usual = Family::FileImport.definition();
    let mut state = json!({ "field": usual.state_field });
    for standing in Standing::ALL {
        let words = usual.words.iter().filter(|(_, is)| *is == standing).map(|(word, _)| *word);
        state[standing.name()] = words.collect();
    }
    json!({
        "id": usual.id.name(),
        "state": state,
        "errors": { "field": usual.errors.list, "countField": usual.errors.count },
        "dates": { "requestedAt": usual.requested_at_field, "startedAt": "startedAt", "completedAt": "completedAt" },
        "scopes": [],
        "start": { "sends": usual.start.sends.name(), "answers": usual.start.answers.name(), "requires": [] },
        "isQueued": usual.is_queued,
    })
}

/// What an id of each form looks like, for messages.
fn id_forms() -> Value {
    IdForm::ALL.map(|form| json!({ "name": form.name(), "takes": form.takes() })).into_iter().collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use hubspot_async_tasks::family::ErrorFields;

    #[test]
    fn what_is_as_usual_is_left_out_wherever_it_lies() {
        let usual = *Family::FileImport.definition();
        let words = usual.words.to_vec().leak();
        let written = definition(&Definition { words, ..usual });
        assert_eq!(written, definition(&usual));
        assert_eq!((written.get("state"), written.get("errors")), (None, None));
    }

    #[test]
    fn what_differs_in_part_is_written_whole() {
        let usual = *Family::FileImport.definition();
        let state = definition(&Definition { state_field: "state", ..usual })["state"].clone();
        assert_eq!((&state["field"], &state["succeeded"]), (&json!("state"), &json!(["COMPLETE"])));
        let errors = ErrorFields { list: "problems", ..usual.errors };
        let written = definition(&Definition { errors, ..usual });
        assert_eq!(written["errors"], json!({ "field": "problems", "countField": "numErrors" }));
    }
}
