//! Reads the answers in tests/answers/: the package's reader runs through the same ones in tests/answers.test.mjs.
#![cfg(not(target_arch = "wasm32"))]

use std::error::Error;
use std::process::Command;
use std::{env, fs};

use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::model::{ExportStatus, FileImportStatus, TaskState};
use hubspot_async_tasks::poll::{Answer, Body, Envelope, Limit, RateHeaders, Span, Timestamp, is_passing};
use hubspot_async_tasks::read::{Asked, Detail, Payload, Reading, Response, StatusBody, read};
use serde_json::{Map, Value, json};

/// All but `objects`, whose answers only JavaScript's hosts give.
const FILES: [&str; 5] = ["statuses", "imports", "bodies", "refusals", "headers"];

/// The answers of a file, and when they came.
fn answers(file: &str) -> (Timestamp, Vec<Value>) {
    let path = format!("{}/tests/answers/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let mut content: Value = serde_json::from_str(&fs::read_to_string(&path).expect(&path)).expect(&path);
    let now = Timestamp::from_ms(content["nowMs"].as_u64().expect("nowMs"));
    let Value::Array(answers) = content["answers"].take() else { panic!("{path} has no answers") };
    (now, answers)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Reads an answer of a file.
fn reading_of(entry: &Value, now: Timestamp) -> Reading {
    let given = &entry["response"];
    let headers = given["headers"].as_object().expect("headers");
    let header = |name: &str| {
        let mut headers = headers.iter();
        let (_, value) = headers.find(|(given, _)| given.eq_ignore_ascii_case(name))?;
        Some(text(value).to_owned())
    };
    let status = given["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status");
    let response = Response { status, header, body: text(&given["body"]).as_bytes() };
    let family = Family::named(text(&entry["family"])).expect("a family");
    read(&response, (family, Asked::Status), now, entry["secret"].as_str().as_slice())
}

/// The fields that are known.
fn known<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let known = fields.into_iter().filter(|(_, value)| !value.is_null());
    known.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn ms(span: Option<Span>) -> Value {
    json!(span.map(Span::as_ms))
}

fn instant(instant: Option<Timestamp>) -> Value {
    json!(instant.map(Timestamp::as_ms))
}

/// A reading as the files write it.
fn written(reading: &Reading) -> Value {
    let (word, problem, detail) = match &reading.payload {
        Payload::Status(status) => (json!(status.state()), json!(status.problem()), Value::Null),
        Payload::Empty => (Value::Null, Value::Null, Value::Null),
        Payload::Fault(detail) => (Value::Null, Value::Null, written_detail(detail)),
    };
    let answer = written_answer(&reading.answer, &reading.rate_headers);
    known([("answer", answer), ("word", word), ("problem", problem), ("detail", detail)])
}

fn written_answer(answer: &Answer, rate_headers: &RateHeaders) -> Value {
    let Answer::Http { status, retry_after, server_time, limit, body } = *answer else {
        panic!("{answer:?} is none of a server's")
    };
    let (body, envelope) = match body {
        Body::Status(envelope) => ("status", Some(envelope)),
        Body::Empty => ("empty", None),
        Body::Error => ("error", None),
        Body::Unreadable => ("unreadable", None),
    };
    let of = |read: fn(Envelope) -> Value| envelope.map_or(Value::Null, read);
    known([
        ("kind", json!("http")),
        ("httpStatus", json!(status)),
        ("retryAfterMs", ms(retry_after)),
        ("serverTimeMs", instant(server_time)),
        ("isDailyLimit", json!(limit == Limit::Daily)),
        ("isOtherLimit", json!((limit == Limit::Other).then_some(true))),
        ("body", json!(body)),
        ("state", of(|envelope| json!(envelope.standing.name()))),
        ("hasErrors", of(|envelope| json!(envelope.has_errors))),
        ("hasResult", of(|envelope| json!(envelope.has_result))),
        ("requestedAtMs", of(|envelope| instant(envelope.requested_at))),
        ("startedAtMs", of(|envelope| instant(envelope.started_at))),
        ("completedAtMs", of(|envelope| instant(envelope.completed_at))),
        ("limit", json!(rate_headers.max)),
        ("remaining", json!(rate_headers.remaining)),
        ("windowMs", ms(rate_headers.interval)),
    ])
}

fn written_detail(detail: &Detail) -> Value {
    let scopes = Some(&detail.required_scopes).filter(|scopes| !scopes.is_empty());
    known([
        ("message", json!(detail.to_string())),
        ("httpStatus", json!(detail.http_status)),
        ("category", json!(detail.category)),
        ("correlationId", json!(detail.correlation_id)),
        ("requiredScopes", json!(scopes)),
        ("retryAfterMs", ms(detail.retry_after)),
    ])
}

/// Where two readings differ, field by field: an object's fields are compared each by itself.
fn differences(place: &str, expected: &Value, read: &Value) -> Vec<String> {
    let (Value::Object(expected), Value::Object(read)) = (expected, read) else {
        let differs = expected != read;
        return differs.then(|| format!("{place}: expected {expected}, read {read}")).into_iter().collect();
    };
    let more = read.keys().filter(|name| !expected.contains_key(*name));
    let names = expected.keys().chain(more);
    let at = |fields: &Map<String, Value>, name: &str| fields.get(name).cloned().unwrap_or_default();
    names
        .flat_map(|name| differences(&format!("{place} › {name}"), &at(expected, name), &at(read, name)))
        .collect()
}

#[test]
fn each_answer_is_read_as_the_files_say() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for file in FILES {
        let (now, entries) = answers(file);
        for entry in &entries {
            count += 1;
            let place = format!("{file} › {}", text(&entry["name"]));
            wrong.extend(differences(&place, &entry["expected"], &written(&reading_of(entry, now))));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count >= 380, "{count} answers");
}

/// `ANSWERS_SEED=7 cargo test --test answers any_form` reads those of another seed, `ANSWERS_COUNT=100000` so many.
#[test]
fn answers_of_any_form_read_the_same_in_both() {
    let setting = |name, default| env::var(name).map_or(default, |text| text.parse().expect(name));
    let (seed, count): (u32, usize) = (setting("ANSWERS_SEED", 1), setting("ANSWERS_COUNT", 5000) as usize);
    let script = format!("{}/tests/answers/mutated.mjs", env!("CARGO_MANIFEST_DIR"));
    let made =
        Command::new("node").args([&script, &seed.to_string(), &count.to_string()]).output().expect("node");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let content: Value =
        serde_json::from_slice(&made.stdout).expect("the answers and the package's readings");
    let now = Timestamp::from_ms(content["nowMs"].as_u64().expect("nowMs"));
    let answers = content["answers"].as_array().expect("answers");
    assert_eq!(answers.len(), count);
    let wrong = answers.iter().flat_map(|entry| {
        differences(text(&entry["name"]), &entry["expected"], &written(&reading_of(entry, now)))
    });
    let wrong: Vec<String> = wrong.take(20).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_debug_output_of_a_reading_shows_the_token_or_a_result() {
    let mut secrets = 0;
    for file in FILES {
        let (now, entries) = answers(file);
        for entry in &entries {
            let shown = format!("{:?}", reading_of(entry, now));
            assert!(!shown.contains("exports.example"), "{}: {shown}", entry["name"]);
            if let Some(secret) = entry["secret"].as_str() {
                secrets += 1;
                assert!(!shown.contains(secret), "{}: {shown}", entry["name"]);
            }
        }
    }
    assert!(secrets >= 8, "{secrets} secrets");
}

/// What an export's body is kept as.
fn payload(asked: Asked, body: &str) -> Payload {
    let response = Response { status: 200, header: |_: &str| None, body: body.as_bytes() };
    read(&response, (Family::Export, asked), Timestamp::default(), &[]).payload
}

/// The status that a body is.
fn status(body: &str) -> StatusBody {
    match payload(Asked::Status, body) {
        Payload::Status(status) => status,
        other => panic!("{body}: {other:?}"),
    }
}

/// The same of a body of details.
fn status_by_details(body: &str) -> StatusBody {
    match payload(Asked::Details, body) {
        Payload::Status(status) => status,
        other => panic!("{body}: {other:?}"),
    }
}

#[test]
fn a_status_is_kept_as_it_came_and_decoded_when_asked_for() {
    let body = r#"{ "status": "COMPLETE", "result": "url", "size": 9007199254740993, "taskId": 5 }"#;
    let kept = status(body);
    assert_eq!(kept.text(), body);
    assert_eq!(kept.decode::<Value>().expect("JSON")["size"], json!(9_007_199_254_740_993_u64));
    let export: ExportStatus = kept.decode().expect("an export's status");
    assert_eq!((export.status, export.result.as_deref()), (TaskState::Complete, Some("url")));
    let import: FileImportStatus = kept.decode().expect("a file import's status");
    assert_eq!((import.result, import.task_id), (None, None));
    assert!(kept.decode::<Vec<String>>().is_err());
}

#[test]
fn two_statuses_are_equal_when_their_texts_are() {
    let one = r#"{"status":"PROCESSING","progress":1}"#;
    assert_eq!(status(one), status(one));
    assert_ne!(status(one), status(r#"{"status":"PROCESSING","progress":2}"#));
    assert_ne!(status(one), status(r#"{"status":"PROCESSING", "progress":1}"#));
}

#[test]
fn two_statuses_by_details_are_equal_when_their_words_are() {
    let one = status_by_details(r#"{"exportState":"PENDING_APPROVAL","updatedAt":"2026-08-21T10:00:00Z"}"#);
    let later = status_by_details(r#"{"exportState":"PENDING_APPROVAL","updatedAt":"2026-08-21T10:09:00Z"}"#);
    assert_eq!(one, later);
    assert_ne!(one, status_by_details(r#"{"exportState":"CONFLICT"}"#));
    assert_ne!(one, status(r#"{"status":"PENDING_APPROVAL"}"#));
    assert_ne!(one, status(one.text()));
}

#[test]
fn details_are_a_status_where_their_word_is_one_that_is_told() {
    let told = status_by_details(r#"{"id":"7","exportState":"PENDING_APPROVAL"}"#);
    assert_eq!((told.state(), told.problem()), ("PENDING_APPROVAL", None));
    let decoded: Value = told.decode().expect("JSON");
    let all = json!({ "id": "7", "exportState": "PENDING_APPROVAL", "status": "PENDING_APPROVAL" });
    assert_eq!(decoded, all);
    for body in [r#"{"exportState":"PROCESSING"}"#, r#"{"status":"COMPLETE"}"#, "[]", "<html>", ""] {
        assert_eq!(payload(Asked::Details, body), Payload::Empty, "{body}");
    }
}

#[test]
fn of_two_fields_of_one_name_the_last_one_counts_when_decoded_too() {
    let export: ExportStatus =
        status(r#"{"status":"PENDING","status":"COMPLETE"}"#).decode().expect("a status");
    assert_eq!(export.status, TaskState::Complete);
}

#[test]
fn a_body_is_read_as_utf_8_with_or_without_its_mark() {
    let payload = |body: &[u8]| {
        let response = Response { status: 200, header: |_: &str| None, body };
        read(&response, (Family::Export, Asked::Status), Timestamp::default(), &[]).payload
    };
    assert_eq!(
        payload(b"\xef\xbb\xbf{\"status\":\"PENDING\"}"),
        Payload::Status(status(r#"{"status":"PENDING"}"#))
    );
    assert_eq!(payload(b"\xef\xbb\xbf"), Payload::Empty);
    let Payload::Status(broken) = payload(b"{\"status\":\"\xff\"}") else { panic!("it is a status") };
    assert_eq!(broken.state(), "\u{fffd}");
}

#[test]
fn what_fetch_threw_is_told_without_the_token() {
    let detail = Detail::no_answer("invalid header value: Bearer s3cret", &["s3cret"], false);
    assert_eq!(detail.message, "no answer came (invalid header value: Bearer [token]). Does baseUrl answer?");
    let page = Detail::no_answer("TypeError: Failed to fetch", &[], true);
    assert!(
        page.message.starts_with("no answer came (TypeError: Failed to fetch). The likely cause is CORS"),
        "{page}"
    );
}

#[test]
fn all_tokens_of_a_flight_are_masked_the_longest_first() {
    let detail =
        Detail::no_answer("first-token, first-token-2 and d", &["first-token", "d", "first-token-2"], false);
    assert!(detail.message.contains("([token], [token] and [token])"), "{detail}");
}

#[test]
fn what_is_read_may_go_to_another_thread() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Reading>();
    let error: Box<dyn Error + Send + Sync> = Box::new(Detail::new("m"));
    assert_eq!(error.to_string(), "m");
}

/// The HTTP statuses in a text.
fn statuses(text: &str) -> Vec<u16> {
    let numbers = text.split(|c: char| !c.is_ascii_alphanumeric());
    numbers.filter_map(|number| number.parse().ok()).filter(|number| *number >= 100).collect()
}

/// What stands between two texts.
fn between<'text>(text: &'text str, before: &str, after: &str) -> &'text str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before} stands there"));
    rest.split_once(after).unwrap_or_else(|| panic!("{after} stands after {before}")).0
}

/// Pages say for the reader what the table says.
#[test]
fn the_docs_name_the_statuses_that_pass_and_those_that_do_not() {
    let page = |name| {
        let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(&path).expect(&path)
    };
    let (polling, errors, code) =
        (page("docs/polling.md"), page("docs/errors.md"), page("src/poll/verdict.rs"));
    let errors = between(&errors, "\n## HTTP\n", "\n## ");
    // Up to the end of its sentence on statuses, without the marks of a comment.
    let of_code = between(&code, "/// - `HTTP`:", "`isRetryable`").replace("///", "");
    // Where they pass, where they do not.
    let places = [
        (between(&polling, "\n| 408, ", "5xx"), between(&polling, "\n| 403, 404, ", "redirects")),
        (between(errors, "may help:** for ", "; not"), between(errors, "; not for ", ".")),
        (between(&of_code, "may help for", "5xx"), between(&of_code, "but for", ":")),
    ];
    let stopping: Vec<u16> = (500..600).filter(|status| !is_passing(*status)).collect();
    for (passing, lasting) in places {
        let (passing, lasting) = (statuses(passing), statuses(lasting));
        assert!(passing.iter().all(|status| is_passing(*status)), "{passing:?}");
        assert!([423, 425].iter().all(|status| passing.contains(status)), "{passing:?}");
        let above: Vec<u16> = lasting.iter().copied().filter(|status| *status >= 500).collect();
        assert_eq!(above, stopping);
        assert!(!lasting.iter().any(|status| is_passing(*status)), "{lasting:?}");
    }
}
