//! `client::Client` on fetch and the host's clock, with the simulator's fetch.

use std::cell::RefCell;
use std::rc::Rc;

use hubspot_async_tasks::client::{
    Client, Ending, Event, EventKind, News, Settings as ClientSettings, WaitSettings,
};
use hubspot_async_tasks::engine::{Settings, Timeout};
use hubspot_async_tasks::family::{ApiVersion, Family, TaskId};
use hubspot_async_tasks::model::{
    ExportStatus, FileImportStatus, FolderUpdateStatus, Links, SourceCodeExtractStatus, TaskState,
};
use hubspot_async_tasks::poll::{Checkpoint, Code, Outcome, Timestamp};
use hubspot_async_tasks::web::{BaseUrl, CallerHeaders, FetchTransport, HostClock, StatusBody, Token};
use js_sys::{Function, Reflect, Set};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use wasm_bindgen_test::wasm_bindgen_test;

use super::simulator::{
    SILENCE, Simulator, create_simulator, delay, fast_clock, fault, json, throwing, token_function,
};
use super::{answers, client, client_with, fast, get, ms, simulator, spawned, task, text, wait, within};

fn add(simulator: &Simulator, family: Family, options: &str) -> String {
    simulator.add_task(family.name(), &json(options))
}

#[wasm_bindgen_test]
async fn a_task_of_each_family_is_polled_to_its_end() {
    let simulator = simulator();
    let client = client(&simulator);
    for family in Family::ALL {
        let id = add(&simulator, family, r#"{"pendingMs": 20, "processingMs": 40}"#);
        let task = task(&client, family, &id);
        let finished = wait(&client, &task).await.expect("an end");
        assert_eq!(finished.outcome, Outcome::Succeeded, "{family:?}");
        let object: serde_json::Value = finished.status.decode().expect("JSON");
        let result = family.definition().result;
        let field = result.map_or("result", |result| result.field);
        assert_eq!(object.get(field).is_some(), result.is_some(), "{family:?}");
        assert!(finished.polls > 1, "{family:?}");
        assert!(finished.detection_delay < Some(ms(2_000)), "{:?}", finished.detection_delay);
        assert_eq!(task.latest(), Some(finished.status));
        assert_eq!((task.family(), task.id().as_str()), (family, id.as_str()));
    }
}

#[wasm_bindgen_test]
async fn a_task_that_does_not_succeed_is_told_as_such() {
    let simulator = simulator();
    let client = client(&simulator);
    let id = add(&simulator, Family::Export, r#"{"outcome": "succeededWithErrors"}"#);
    let finished = wait(&client, &task(&client, Family::Export, &id)).await.expect("an end");
    assert_eq!(finished.outcome, Outcome::SucceededWithErrors);
    for (outcome, code) in [("failed", Code::Failed), ("canceled", Code::Canceled)] {
        let id = add(&simulator, Family::Export, &[r#"{"outcome": ""#, outcome, r#""}"#].concat());
        let failure = wait(&client, &task(&client, Family::Export, &id)).await.expect_err(outcome);
        assert_eq!(failure.code, code);
        let status = failure.last_status.expect("a status");
        assert_eq!(status.problem().is_some(), outcome == "failed", "{outcome}");
    }
}

#[wasm_bindgen_test]
async fn status_asks_once() {
    let simulator = simulator();
    let client = client(&simulator);
    let id = add(&simulator, Family::Export, r#"{"processingMs": 60000}"#);
    let status = task(&client, Family::Export, &id).status().await.expect("an answer").expect("a status");
    assert_eq!(status.state(), "PROCESSING");
    simulator.script(&fault("empty", "{}"));
    let nothing_yet = task(&client, Family::Export, &id).status().await.expect("an answer");
    assert_eq!(nothing_yet, None);
    assert_eq!(simulator.requests().length(), 2);
}

#[wasm_bindgen_test]
async fn a_wait_tells_each_change_and_the_last_one_before_the_end() {
    let simulator = simulator();
    let client = client(&simulator);
    let id = add(&simulator, Family::FileImport, r#"{"pendingMs": 200, "processingMs": 400}"#);
    let task = task(&client, Family::FileImport, &id);
    let mut waiting = task.wait(client.settings().engine.wait());
    let mut states = Vec::new();
    let end = loop {
        match waiting.next().await {
            News::Status(status) => states.push(status.state().to_owned()),
            News::End(end) => break end,
        }
    };
    end.expect("success");
    assert_eq!(states, ["PENDING", "PROCESSING", "COMPLETE"]);
    let mut late = task.wait(client.settings().engine.wait());
    assert!(matches!(late.next().await, News::Status(status) if status.state() == "COMPLETE"));
    assert!(matches!(late.next().await, News::End(Ok(_))));
}

#[wasm_bindgen_test]
async fn a_wait_that_is_dropped_sends_nothing_and_leaves_the_task_usable() {
    let simulator = simulator();
    let client = client(&simulator);
    let id = add(&simulator, Family::Export, r#"{"processingMs": 60}"#);
    let task = task(&client, Family::Export, &id);
    drop(task.wait(client.settings().engine.wait()));
    JsFuture::from(delay(30)).await.expect("a timer");
    assert_eq!(simulator.requests().length(), 0);
    wait(&client, &task).await.expect("the next wait goes on");
}

#[wasm_bindgen_test]
async fn dropping_a_wait_or_a_look_breaks_its_request_off() {
    let simulator = simulator();
    let client = client(&simulator);
    let id = add(&simulator, Family::Export, "{}");
    let task = task(&client, Family::Export, &id);
    simulator.script(&"hang".into());
    assert!(within(30, wait(&client, &task)).await.is_none());
    simulator.script(&"hang".into());
    assert!(within(30, task.status()).await.is_none());
    simulator.script(&"hang".into());
    let checkpoint = task.checkpoint();
    assert!(within(30, client.poll(&checkpoint)).await.is_none());
    // The abort is heard in a turn of its own.
    JsFuture::from(delay(0)).await.expect("a timer");
    assert_eq!(answers(&simulator), ["aborted"; 3]);
    wait(&client, &task).await.expect("the next wait goes on");
}

#[wasm_bindgen_test]
async fn a_request_without_an_answer_is_broken_off_and_repeated() {
    let simulator = simulator();
    let client = client_with(&simulator, Token::None, Settings { request_timeout: ms(200), ..fast() });
    let id = add(&simulator, Family::Export, "{}");
    let task = task(&client, Family::Export, &id);
    simulator.script(&"hang".into());
    let failure = task.status().await.expect_err("a look is not repeated");
    assert_eq!(failure.code, Code::Network);
    assert!(failure.fault.expect("a fault").detail.message.contains("requestTimeoutMs"));
    simulator.script(&"hang".into());
    assert_eq!(wait(&client, &task).await.expect("an end").polls, 2);
    assert_eq!(answers(&simulator), ["aborted", "aborted", "200"]);
}

#[wasm_bindgen_test]
async fn handles_of_one_task_share_its_polls_and_outlive_each_other() {
    let simulator = simulator();
    let client = client(&simulator);
    let id = add(&simulator, Family::Export, r#"{"processingMs": 600}"#);
    let (first, second) = (task(&client, Family::Export, &id), task(&client, Family::Export, &id));
    let is_dropped = Rc::new(RefCell::new(false));
    spawn_local({
        let (client, is_dropped) = (client.clone(), is_dropped.clone());
        async move {
            assert!(within(50, wait(&client, &first)).await.is_none());
            drop(first);
            *is_dropped.borrow_mut() = true;
        }
    });
    let finished = within(10_000, wait(&client, &second)).await.expect("the other one goes on");
    assert!(*is_dropped.borrow());
    assert_eq!(finished.expect("an end").polls, simulator.requests().length());
}

#[wasm_bindgen_test]
async fn errors_tell_what_went_wrong() {
    let table = [
        (fault("unauthorized", "{}"), Code::Unauthorized, "401"),
        (fault("forbidden", r#"{"scopes": ["crm.export"]}"#), Code::Forbidden, "crm.export"),
        (fault("notFoundHtml", "{}"), Code::NotFound, "404"),
        (fault("rateLimitedDaily", "{}"), Code::RateLimited, "DAILY"),
        (fault("migrating", r#"{"retryAfter": 86400}"#), Code::Migrating, "477"),
        (fault("redirect", r#"{"location": "https://elsewhere.example/"}"#), Code::Http, "redirect"),
    ];
    for (answer, expected, said) in table {
        let simulator = simulator();
        let token = Token::fixed("a-secret".to_owned()).expect("a token");
        let client = client_with(&simulator, token, fast());
        let id = add(&simulator, Family::Export, "{}");
        simulator.script(&answer);
        let failure = wait(&client, &task(&client, Family::Export, &id)).await.expect_err(said);
        assert_eq!(failure.code, expected);
        let message = failure.fault.expect("a fault").detail.message;
        assert!(message.contains(said), "{message}");
        assert!(!message.contains("a-secret"), "{message}");
        assert_eq!(failure.retry_after.is_some(), expected == Code::Migrating);
    }
    let simulator = simulator();
    simulator.script(&fault("html", "{}"));
    let failure = task(&client(&simulator), Family::Export, "1").status().await.expect_err("no status");
    assert_eq!(failure.code, Code::InvalidResponse);
    assert!(failure.fault.expect("a fault").detail.message.contains("text/html"));
}

#[wasm_bindgen_test]
async fn passing_faults_are_survived() {
    let simulator = simulator();
    let client = client(&simulator);
    let id = add(&simulator, Family::FolderUpdate, "{}");
    for name in ["unavailable", "badGateway", "locked", "truncated", "empty"] {
        simulator.script(&fault(name, "{}"));
    }
    simulator.script(&"network-error".into());
    let finished = wait(&client, &task(&client, Family::FolderUpdate, &id)).await.expect("an end");
    assert_eq!(finished.outcome, Outcome::Succeeded);
    assert_eq!(finished.polls, 7);
}

#[wasm_bindgen_test]
async fn a_deadline_gives_the_last_status() {
    let simulator = simulator();
    let client = client(&simulator);
    let id = add(&simulator, Family::Export, r#"{"processingMs": 60000}"#);
    let settings = WaitSettings { timeout: Timeout::After(ms(200)), ..client.settings().engine.wait() };
    let waiting = task(&client, Family::Export, &id).wait(settings);
    let failure = waiting.finished().await.expect_err("a timeout");
    assert_eq!(failure.code, Code::Timeout);
    assert!(failure.polls > 0);
    assert_eq!(failure.last_status.expect("a status").state(), "PROCESSING");
}

#[wasm_bindgen_test]
async fn a_refused_token_is_asked_for_once_more() {
    let simulator = simulator();
    simulator.set_tokens(&json(r#"["fresh"]"#));
    let client = client_with(&simulator, Token::Asked(token_function("stale", "fresh")), fast());
    let id = add(&simulator, Family::Export, "{}");
    wait(&client, &task(&client, Family::Export, &id)).await.expect("an end");
    assert_eq!(answers(&simulator), ["401", "200"]);

    simulator.set_tokens(&json(r#"["another"]"#));
    let failure = task(&client, Family::Export, &id).status().await.expect_err("no token is right");
    assert_eq!(failure.code, Code::Unauthorized);
}

#[wasm_bindgen_test]
async fn a_token_function_that_fails_is_told() {
    let table = [
        (throwing("no session"), "the token function threw"),
        (SILENCE.with(Function::clone), "the token function did not answer within requestTimeoutMs"),
        (token_function("", ""), "the token function gave an empty token"),
    ];
    for (function, said) in table {
        let simulator = simulator();
        let settings = Settings { request_timeout: ms(200), ..fast() };
        let client = client_with(&simulator, Token::Asked(function), settings);
        let failure = wait(&client, &task(&client, Family::Export, "7")).await.expect_err(said);
        assert_eq!(failure.code, Code::Unauthorized, "{said}");
        assert_eq!(failure.fault.expect("a fault").detail.message, said);
        assert_eq!(simulator.requests().length(), 0, "{said}");
    }
}

#[wasm_bindgen_test]
async fn the_callers_headers_are_sent_and_merged() {
    let simulator = simulator();
    let pairs = [("X-Trace", "one"), ("x-trace", "two"), ("Authorization", "Bearer given")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let headers = CallerHeaders::new(&pairs).expect("headers");
    let clock = HostClock::default();
    let url = BaseUrl::new("https://proxy.example/hubspot/").expect("a URL");
    let transport = FetchTransport::new(url, headers, Token::None, Some(simulator.fetch()), clock.clone());
    let api_version = ApiVersion::new("v3").expect("a version");
    let settings = ClientSettings { api_version, ..ClientSettings::default() };
    let (client, driver) = Client::new(transport.expect("a transport"), clock, settings);
    spawn_local(driver);
    let _ = task(&client, Family::Export, "7").status().await;
    let request = simulator.requests().get(0);
    assert_eq!(
        text(&request, "url"),
        "https://proxy.example/hubspot/crm/v3/exports/export/async/tasks/7/status"
    );
    assert_eq!(text(&get(&request, "headers"), "x-trace"), "one, two");
    assert_eq!(text(&get(&request, "headers"), "authorization"), "Bearer given");
}

#[wasm_bindgen_test]
fn what_cannot_be_sent_is_refused() {
    let refused = [
        BaseUrl::new("ftp://host.example").err(),
        BaseUrl::new("https://user@host.example").err(),
        BaseUrl::new("https://host.example/?").err(),
        BaseUrl::new("https://").err(),
        CallerHeaders::new(&[("x y".to_owned(), "z".to_owned())]).err(),
        CallerHeaders::new(&[("x".to_owned(), "line\nbreak".to_owned())]).err(),
        Token::fixed("a-se\ncret".to_owned()).err(),
        Token::fixed(" Bearer ".to_owned()).err(),
        HostClock::new(json(r#"{"now": 0}"#)).err(),
    ];
    for (index, refusal) in refused.into_iter().enumerate() {
        let message = refusal.unwrap_or_else(|| panic!("{index} was taken")).message;
        assert!(message.contains(": got ") && !message.contains("a-secret"), "{message}");
    }
    let plain = || BaseUrl::new("http://host.example").expect("a URL");
    let authorization = [("authorization".to_owned(), "Bearer t".to_owned())];
    let token = Token::fixed("t".to_owned()).expect("a token");
    for (headers, token) in [
        (CallerHeaders::default(), token),
        (CallerHeaders::new(&authorization).expect("headers"), Token::None),
    ] {
        let refusal = FetchTransport::new(plain(), headers, token, None, HostClock::default()).err();
        assert!(refusal.expect("a refusal").message.contains("unencrypted"));
    }
}

#[wasm_bindgen_test]
async fn a_token_is_sent_without_white_space_around_it_and_without_its_scheme() {
    for token in [" a-secret\r\n", "Bearer a-secret", "\tbearer  a-secret "] {
        let simulator = simulator();
        let token = Token::fixed(token.to_owned()).expect("a token");
        let client = client_with(&simulator, token, fast());
        let _ = task(&client, Family::Export, "7").status().await;
        let request = simulator.requests().get(0);
        assert_eq!(text(&get(&request, "headers"), "authorization"), "Bearer a-secret");
    }
}

#[wasm_bindgen_test]
async fn the_highest_id_is_asked_for_as_it_is() {
    let simulator = simulator();
    let client = client(&simulator);
    let id = add(&simulator, Family::Export, r#"{"id": "9223372036854775807"}"#);
    wait(&client, &task(&client, Family::Export, &id)).await.expect("an end");
    assert!(text(&simulator.requests().get(0), "path").contains("/9223372036854775807/"));
}

#[wasm_bindgen_test]
async fn statuses_decode_into_the_rust_models() {
    let simulator = simulator();
    let client = client(&simulator);
    let mut finished = Vec::new();
    for family in Family::ALL {
        let unknown = r#"{"unknown": {"startedAt": null, "links": {"self": "/there"}, "new": [1.5]}}"#;
        let id = add(&simulator, family, unknown);
        finished.push(wait(&client, &task(&client, family, &id)).await.expect("an end").status);
    }
    let file: FileImportStatus = finished[0].decode().expect("a file import");
    assert_eq!(file.status, TaskState::Complete);
    assert_eq!(file.started_at, None);
    assert!(matches!(file.links, Some(Links::Map(links)) if links["self"] == "/there"));
    assert!(file.result.is_some_and(|file| file.url.is_some()));
    let folder: FolderUpdateStatus = finished[1].decode().expect("a folder update");
    assert!(folder.result.is_some_and(|folder| folder.id.is_some()));
    let export: ExportStatus = finished[2].decode().expect("an export");
    assert!(export.result.is_some_and(|url| url.starts_with("https://")));
    let extract: SourceCodeExtractStatus = finished[3].decode().expect("an extract");
    assert_eq!((extract.status, extract.result), (TaskState::Complete, None));
    let other: FileImportStatus = finished[2].decode().expect("a status, whose result is of another type");
    assert_eq!((other.status, other.result), (TaskState::Complete, None), "a URL is no file");
    assert!(finished[2].decode::<Vec<String>>().is_err(), "a status is no list");

    let errors = r#"{"outcome": "failed", "errors": [{"subCategory": {"a": [1]}, "message": "no"}]}"#;
    let id = add(&simulator, Family::Export, errors);
    let failure = wait(&client, &task(&client, Family::Export, &id)).await.expect_err("a failure");
    let status = failure.last_status.expect("a status");
    assert_eq!(status.problem(), Some("no"));
    let status: ExportStatus = status.decode().expect("an export");
    assert_eq!(status.errors.map(|errors| errors.len()), Some(1));
}

#[wasm_bindgen_test]
async fn another_client_carries_a_checkpoint_on() {
    let simulator = simulator();
    let id = add(&simulator, Family::Export, r#"{"processingMs": 1000}"#);
    let first = client(&simulator);
    let task = task(&first, Family::Export, &id);
    assert!(within(150, wait(&first, &task)).await.is_none());
    let checkpoint = task.checkpoint();
    assert!(checkpoint.progress.polls > 0);

    let text = serde_json::to_string(&checkpoint).expect("JSON");
    let read: Checkpoint = serde_json::from_str(&text).expect("a checkpoint");
    assert_eq!(read, checkpoint);
    let second = client(&simulator);
    let finished = wait(&second, &second.resume(&read)).await.expect("an end");
    assert_eq!(finished.outcome, Outcome::Succeeded);
    assert!(finished.polls > checkpoint.progress.polls);
}

#[wasm_bindgen_test]
async fn processes_that_poll_once_each_see_the_end() {
    let simulator = simulator();
    let id = add(&simulator, Family::FileImport, r#"{"processingMs": 100}"#);
    let id = TaskId::new(Family::FileImport, &id).expect("an id");
    let now = Timestamp::from_ms(js_sys::Date::now() as u64);
    let mut checkpoint = Checkpoint::of_started(Family::FileImport, id, ApiVersion::default(), now);
    simulator.script(&fault("unavailable", "{}"));
    let mut faults = Vec::new();
    for polls in 1..1000 {
        let step = client(&simulator).poll(&checkpoint).await.expect("a step");
        assert_eq!(step.checkpoint.progress.polls, polls);
        faults.extend(step.fault.map(|fault| fault.code));
        checkpoint = step.checkpoint;
        let Some(delay_till_next) = step.delay else {
            assert_eq!(step.outcome, Outcome::Succeeded);
            assert_eq!(step.status.expect("a status").state(), "COMPLETE");
            break;
        };
        assert_eq!(step.outcome, Outcome::Running);
        JsFuture::from(delay(delay_till_next.as_ms() as u32)).await.expect("a timer");
    }
    assert_eq!(faults, [Code::Http]);
    assert!(checkpoint.progress.polls > 2);
    assert_eq!(checkpoint.progress.polls, simulator.requests().length());
}

#[wasm_bindgen_test]
async fn an_observer_hears_what_happens() {
    let simulator = simulator();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let log = heard.clone();
    let observer = move |event: &Event<StatusBody>| {
        assert_eq!(event.task.family, Family::Export);
        log.borrow_mut().push(match event.kind {
            EventKind::Asked { poll } => format!("asked {poll}"),
            EventKind::Answered { poll, http_status, .. } => format!("answered {poll} {http_status}"),
            EventKind::Changed => event.status.as_ref().expect("a status").state().to_owned(),
            EventKind::Retrying { code, .. } => format!("retrying {}", code.name()),
            EventKind::Throttled { reason, .. } => reason.name().to_owned(),
            EventKind::Finished { how, polls, .. } => format!("{} {polls}", how.name()),
        });
    };
    let transport = super::transport(BaseUrl::DEFAULT, Token::None, Some(simulator.fetch()));
    let settings = ClientSettings { engine: fast(), ..ClientSettings::default() };
    let (client, driver) = Client::observed(transport, HostClock::default(), settings, observer);
    spawn_local(driver);
    let id = add(&simulator, Family::Export, "{}");
    simulator.script(&fault("unavailable", "{}"));
    wait(&client, &task(&client, Family::Export, &id)).await.expect("an end");
    let expected = [
        "asked 1",
        "answered 1 503",
        "retrying HTTP",
        "asked 2",
        "answered 2 200",
        "COMPLETE",
        "succeeded 2",
    ];
    assert_eq!(*heard.borrow(), expected);

    heard.borrow_mut().clear();
    let id = add(&simulator, Family::Export, "{}");
    simulator.script(&"hang".into());
    assert!(within(30, wait(&client, &task(&client, Family::Export, &id))).await.is_none());
    // The driver hears of it in a turn of its own.
    JsFuture::from(delay(0)).await.expect("a timer");
    assert_eq!(heard.borrow().last().cloned(), Some([Ending::Aborted.name(), " 0"].concat()));
}

#[wasm_bindgen_test]
async fn a_client_lives_by_the_clock_that_it_is_given() {
    let clock = fast_clock(1000);
    let options = json("{}");
    assert_eq!(Reflect::set(&options, &"clock".into(), &clock), Ok(true));
    let simulator = create_simulator(&options);
    let host_clock = HostClock::new(clock.clone()).expect("a clock");
    let url = BaseUrl::new(BaseUrl::DEFAULT).expect("a URL");
    let transport = FetchTransport::new(
        url,
        CallerHeaders::default(),
        Token::None,
        Some(simulator.fetch()),
        host_clock.clone(),
    );
    let settings = Settings { request_timeout: ms(3_600_000), ..Settings::default() };
    let client = spawned(transport.expect("a transport"), host_clock, settings);
    let id = add(&simulator, Family::Export, r#"{"processingMs": 300000}"#);
    let begun = js_sys::Date::now();
    let finished = wait(&client, &task(&client, Family::Export, &id)).await.expect("an end");
    let took = js_sys::Date::now() - begun;
    assert!((300.0..5_000.0).contains(&took), "five minutes took {took} ms");
    assert!((5..100).contains(&finished.polls), "{} polls", finished.polls);

    let id = add(&simulator, Family::Export, r#"{"processingMs": 3600000}"#);
    assert!(within(50, wait(&client, &task(&client, Family::Export, &id))).await.is_none());
    JsFuture::from(delay(0)).await.expect("a timer");
    let open: Set = get(&clock, "open").dyn_into().expect("a set");
    assert_eq!(open.size(), 0, "nothing is left to ring");
}

#[wasm_bindgen_test]
async fn a_clock_that_does_not_work_ends_the_wait() {
    for (name, said) in [("now", "clock.now threw"), ("setTimeout", "clock.setTimeout threw")] {
        let simulator = simulator();
        let clock = fast_clock(1);
        assert_eq!(Reflect::set(&clock, &name.into(), &throwing("broken")), Ok(true));
        let transport = super::transport(BaseUrl::DEFAULT, Token::None, Some(simulator.fetch()));
        let client = spawned(transport, HostClock::new(clock).expect("a clock"), fast());
        let failure = wait(&client, &task(&client, Family::Export, "7")).await.expect_err(said);
        assert_eq!(failure.code, Code::InvalidArgument);
        assert_eq!(failure.fault.expect("a fault").detail.message, said);
    }
}

#[wasm_bindgen_test]
async fn many_tasks_are_asked_one_at_a_time_where_the_client_says_so() {
    let simulator = create_simulator(&json(r#"{"latencyMs": 5}"#));
    let client = client_with(&simulator, Token::None, Settings { max_concurrent: 1, ..fast() });
    let over = Rc::new(RefCell::new(0));
    for _ in 0..20 {
        let id = add(&simulator, Family::Export, r#"{"processingMs": 20}"#);
        let (client, over) = (client.clone(), over.clone());
        spawn_local(async move {
            wait(&client, &task(&client, Family::Export, &id)).await.expect("an end");
            *over.borrow_mut() += 1;
        });
    }
    for _ in 0..1000 {
        JsFuture::from(delay(10)).await.expect("a timer");
        assert!(answers(&simulator).iter().filter(|answer| answer.is_empty()).count() <= 1);
        if *over.borrow() == 20 {
            break;
        }
    }
    assert_eq!(*over.borrow(), 20);
    assert!(answers(&simulator).iter().all(|answer| answer.starts_with("20")));
}
