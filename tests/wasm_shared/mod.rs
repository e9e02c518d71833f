//! The package's surface as JavaScript sees it, with the simulator in process; and, where the build was given a
//! server's address in `SIMULATOR_URL`, over the host's own fetch as well.

mod simulator;

use hubspot_async_tasks::model::{ExportStatus, FileImportStatus, TaskState};
use hubspot_async_tasks::web::{HubSpotTasks, outcome_of};
use js_sys::{Array, Error, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use simulator::{Simulator, create_simulator, fault, json};

/// The property of a client that holds a family, the family's name, and whether its tasks have a result.
const FAMILIES: [(&str, &str, bool); 4] = [
    ("fileImports", "fileImport", true),
    ("folderUpdates", "folderUpdate", true),
    ("exports", "export", true),
    ("sourceCodeExtracts", "sourceCodeExtract", false),
];

/// Polls fast, so that the tests do.
const FAST: &str = r#"{"minIntervalMs": 5, "maxIntervalMs": 20}"#;

fn get(target: &JsValue, name: &str) -> JsValue {
    Reflect::get(target, &name.into()).unwrap_or_else(|thrown| panic!("{name}: {thrown:?}"))
}

fn text(target: &JsValue, name: &str) -> String {
    get(target, name).as_string().unwrap_or_else(|| panic!("{name} is no string"))
}

fn set(target: &JsValue, name: &str, value: impl Into<JsValue>) {
    assert_eq!(Reflect::set(target, &name.into(), &value.into()), Ok(true), "{name}");
}

/// Calls a method as JavaScript does.
fn call(target: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = get(target, name).dyn_into().unwrap_or_else(|_| panic!("no method {name}"));
    method.apply(target, &arguments.iter().collect::<Array>())
}

async fn settled(promise: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    let promise: Promise = promise.expect("a promise, not an exception").dyn_into().expect("a promise");
    JsFuture::from(promise).await
}

fn simulator() -> Simulator {
    create_simulator(&JsValue::UNDEFINED)
}

/// A client that asks this simulator.
fn client(simulator: &Simulator, options: &str) -> JsValue {
    let options = json(options);
    set(&options, "fetch", simulator.fetch());
    HubSpotTasks::new(options).expect("a client").into()
}

fn task(client: &JsValue, family: &str, id: &JsValue) -> JsValue {
    call(&get(client, family), "task", std::slice::from_ref(id)).expect("a task")
}

async fn wait(task: &JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    settled(call(task, "wait", &[options])).await
}

/// The code of an error, after checking that it is one of the package's.
fn code(error: &JsValue) -> String {
    assert!(error.is_instance_of::<Error>(), "{error:?} is no Error");
    assert_eq!(text(error, "name"), "HubSpotTaskError");
    text(error, "code")
}

#[wasm_bindgen_test]
async fn a_task_of_each_family_is_polled_to_its_end() {
    let simulator = simulator();
    let client = client(&simulator, FAST);
    for (property, family, has_result) in FAMILIES {
        let id = simulator.add_task(family, &json(r#"{"pendingMs": 20, "processingMs": 40}"#));
        let task = task(&client, property, &id.into());
        let finished = wait(&task, JsValue::UNDEFINED).await.expect(family);
        assert_eq!(text(&finished, "outcome"), "succeeded", "{family}");
        assert_eq!(!get(&finished, "result").is_undefined(), has_result, "{family}");
        assert!(get(&finished, "polls").as_f64() > Some(1.0), "{family}");
        assert_eq!(text(&get(&task, "latest"), "status"), "COMPLETE", "{family}");
        assert_eq!(text(&task, "family"), family);
    }
}

#[wasm_bindgen_test]
async fn a_task_of_each_family_is_polled_over_the_hosts_fetch() {
    let Some(url) = option_env!("SIMULATOR_URL") else {
        console_log!(
            "skipped: built without SIMULATOR_URL, so there is no server to ask (npm test gives one)"
        );
        return;
    };
    let options = json(FAST);
    set(&options, "baseUrl", url);
    set(&options, "token", "a-token");
    let client: JsValue = HubSpotTasks::new(options).expect("a client").into();
    for (index, (property, family, _)) in FAMILIES.into_iter().enumerate() {
        // The server begins a task when it is first asked about.
        let id = format!("{}{index}", js_sys::Math::random().to_string().split_off(2).split_at(8).0);
        let finished = wait(&task(&client, property, &id.into()), JsValue::UNDEFINED).await.expect(family);
        assert_eq!(text(&finished, "outcome"), "succeeded", "{family}");
        assert!(get(&finished, "polls").as_f64() > Some(1.0), "{family}");
    }
}

#[wasm_bindgen_test]
async fn status_asks_once() {
    let simulator = simulator();
    let client = client(&simulator, FAST);
    let id = simulator.add_task("export", &json(r#"{"processingMs": 60000}"#));
    let status = settled(call(&get(&client, "exports"), "status", &[id.into()])).await.expect("a status");
    assert_eq!(text(&status, "status"), "PROCESSING");
    assert_eq!(simulator.requests().length(), 1);
}

#[wasm_bindgen_test]
async fn on_status_hears_each_change_and_the_last_one_first_of_all_before_the_end() {
    let simulator = simulator();
    let client = client(&simulator, FAST);
    let id = simulator.add_task("fileImport", &json(r#"{"pendingMs": 60, "processingMs": 120}"#));
    let heard = Array::new();
    let push: Function = get(&heard, "push").dyn_into().expect("a function");
    let options = js_sys::Object::new();
    set(&options, "onStatus", push.bind1(&heard, &"heard".into()));
    wait(&task(&client, "fileImports", &id.into()), options.into()).await.expect("an end");
    let states: Vec<_> =
        heard.iter().filter(JsValue::is_object).map(|status| text(&status, "status")).collect();
    assert_eq!(states, ["PENDING", "PROCESSING", "COMPLETE"]);
}

#[wasm_bindgen_test]
async fn an_abort_rejects_with_the_signals_reason_and_leaves_the_task_usable() {
    let simulator = simulator();
    let client = client(&simulator, FAST);
    let id = simulator.add_task("export", &json(r#"{"processingMs": 60}"#));
    let task = task(&client, "exports", &id.into());
    let controller = simulator::abort_controller();
    let options = js_sys::Object::new();
    set(&options, "signal", get(&controller, "signal"));
    let waiting = call(&task, "wait", &[options.into()]);
    call(&controller, "abort", &["enough".into()]).expect("an abort");
    assert_eq!(settled(waiting).await, Err("enough".into()));
    assert_eq!(simulator.requests().length(), 0, "nothing is sent after an abort");
    wait(&task, JsValue::UNDEFINED).await.expect("the next wait goes on");
}

#[wasm_bindgen_test]
async fn errors_tell_what_went_wrong() {
    let html = fault("html", "{}");
    let table = [
        (fault("unauthorized", "{}"), "UNAUTHORIZED", "401"),
        (fault("forbidden", r#"{"scopes": ["crm.export"]}"#), "FORBIDDEN", "crm.export"),
        (fault("notFoundHtml", "{}"), "NOT_FOUND", "404"),
        (fault("rateLimitedDaily", "{}"), "RATE_LIMITED", "DAILY"),
        (fault("migrating", r#"{"retryAfter": 86400}"#), "MIGRATING", "477"),
        (fault("redirect", r#"{"location": "https://elsewhere.example/"}"#), "HTTP", "redirect"),
    ];
    for (answer, expected, said) in table {
        let simulator = simulator();
        let client = client(&simulator, r#"{"token": "a-secret"}"#);
        let id = simulator.add_task("export", &JsValue::UNDEFINED);
        simulator.script(&answer);
        let error =
            wait(&task(&client, "exports", &id.into()), JsValue::UNDEFINED).await.expect_err(expected);
        assert_eq!(code(&error), expected);
        let message = text(&error, "message");
        assert!(message.contains(said), "{message}");
        assert!(!message.contains("a-secret"), "{message}");
    }
    let simulator = simulator();
    simulator.script(&html);
    let client = client(&simulator, "{}");
    let error = settled(call(&get(&client, "exports"), "status", &[1.into()])).await.expect_err("no status");
    assert_eq!(code(&error), "INVALID_RESPONSE");
    assert!(text(&error, "message").contains("text/html"));
}

#[wasm_bindgen_test]
async fn passing_faults_are_survived() {
    let simulator = simulator();
    let client = client(&simulator, FAST);
    let id = simulator.add_task("folderUpdate", &JsValue::UNDEFINED);
    for name in ["unavailable", "badGateway", "locked", "truncated", "empty"] {
        simulator.script(&fault(name, "{}"));
    }
    simulator.script(&"network-error".into());
    let options = json(r#"{"timeoutMs": 20000}"#);
    let finished = wait(&task(&client, "folderUpdates", &id.into()), options).await.expect("an end");
    assert_eq!(text(&finished, "outcome"), "succeeded");
    assert_eq!(get(&finished, "polls").as_f64(), Some(7.0));
}

#[wasm_bindgen_test]
async fn a_deadline_gives_the_last_status() {
    let simulator = simulator();
    let client = client(&simulator, FAST);
    let id = simulator.add_task("export", &json(r#"{"processingMs": 60000}"#));
    let error = wait(&task(&client, "exports", &id.into()), json(r#"{"timeoutMs": 50}"#))
        .await
        .expect_err("a timeout");
    assert_eq!(code(&error), "TIMEOUT");
    assert_eq!(text(&get(&error, "lastStatus"), "status"), "PROCESSING");
}

#[wasm_bindgen_test]
async fn a_refused_token_is_asked_for_once_more() {
    let simulator = simulator();
    simulator.set_tokens(&json(r#"["fresh"]"#));
    let options = json(FAST);
    set(&options, "fetch", simulator.fetch());
    set(&options, "token", simulator::token_function("stale", "fresh"));
    let client: JsValue = HubSpotTasks::new(options).expect("a client").into();
    let id = simulator.add_task("export", &JsValue::UNDEFINED);
    wait(&task(&client, "exports", &id.into()), JsValue::UNDEFINED).await.expect("an end");
    let statuses: Vec<_> =
        simulator.requests().iter().map(|request| get(&request, "status").as_f64()).collect();
    assert_eq!(statuses, [Some(401.0), Some(200.0)]);
}

#[wasm_bindgen_test]
fn wrong_options_are_named() {
    let table = [
        (r#"{"pace": -1}"#, "pace: got -1"),
        (r#"{"timeoutMs": "5"}"#, "timeoutMs: got \"5\""),
        (r#"{"minIntervalMs": 9, "maxIntervalMs": 8}"#, "minIntervalMs: got 9"),
        (r#"{"baseUrl": "https://user@host.example"}"#, "baseUrl: got a URL with a user"),
        (r#"{"baseUrl": "http://host.example", "token": "t"}"#, "baseUrl: got an unencrypted URL"),
        (r#"{"apiVersion": ".."}"#, "apiVersion: got \"..\""),
        (r#"{"clock": {}}"#, "clock: got"),
    ];
    for (options, said) in table {
        let error = HubSpotTasks::new(json(options)).err().expect(options);
        assert_eq!(code(&error), "INVALID_ARGUMENT", "{options}");
        let message = text(&error, "message");
        assert!(message.starts_with(said), "{message}");
    }
}

#[wasm_bindgen_test]
async fn ids_are_exact_beyond_what_a_number_holds() {
    let simulator = simulator();
    let client = client(&simulator, FAST);
    let id = simulator.add_task("export", &json(r#"{"id": "9223372036854775807"}"#));
    let big = js_sys::BigInt::new(&id.into()).expect("a bigint");
    wait(&task(&client, "exports", &big.into()), JsValue::UNDEFINED).await.expect("an end");
    let refused = call(&get(&client, "exports"), "task", &[9_007_199_254_740_992.0.into()]);
    assert_eq!(code(&refused.expect_err("an unsafe number")), "INVALID_ARGUMENT");
}

#[wasm_bindgen_test]
async fn statuses_decode_into_the_rust_models() {
    let simulator = simulator();
    let client = client(&simulator, FAST);
    let file = simulator.add_task("fileImport", &JsValue::UNDEFINED);
    let finished =
        wait(&task(&client, "fileImports", &file.into()), JsValue::UNDEFINED).await.expect("an end");
    let status: FileImportStatus =
        serde_wasm_bindgen::from_value(get(&finished, "status")).expect("a status");
    assert_eq!(status.status, TaskState::Complete);
    assert!(status.result.is_some_and(|file| file.url.is_some()));
    let errors = r#"{"status": "COMPLETE", "numErrors": 1, "errors": [{"subCategory": {"a": [1]}}]}"#;
    let status: ExportStatus = serde_wasm_bindgen::from_value(json(errors)).expect("a status");
    assert_eq!(status.errors.map(|errors| errors.len()), Some(1));
}

#[wasm_bindgen_test]
fn outcome_of_reads_a_status() {
    let table = [
        (r#"{"status": "PENDING"}"#, "export", "running"),
        (r#"{"status": "COMPLETE"}"#, "sourceCodeExtract", "succeeded"),
        (r#"{"status": "COMPLETE"}"#, "export", "failed"),
        (r#"{"status": "COMPLETE", "result": "u", "numErrors": 1}"#, "export", "succeededWithErrors"),
        (r#"{"status": "CANCELED"}"#, "export", "canceled"),
    ];
    for (status, family, outcome) in table {
        assert_eq!(outcome_of(&json(status), &family.into()), Ok(outcome.into()), "{status}");
    }
    assert_eq!(outcome_of(&json(r#"{"status": "COMPLETE"}"#), &JsValue::UNDEFINED), Ok("succeeded".into()));
    assert_eq!(
        code(&outcome_of(&json("[]"), &JsValue::UNDEFINED).expect_err("no status")),
        "INVALID_ARGUMENT"
    );
}
