//! The exports of the npm package that JavaScript reaches as they are.

use hubspot_async_tasks::web::{HubSpotTasks, outcome_of};
use js_sys::{Array, Error, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::simulator::json;
use super::{get, text};

/// The property of a client that holds a family, and the family's name.
const FAMILIES: [(&str, &str); 4] = [
    ("fileImports", "fileImport"),
    ("folderUpdates", "folderUpdate"),
    ("exports", "export"),
    ("sourceCodeExtracts", "sourceCodeExtract"),
];

/// Calls a method as JavaScript does.
fn call(target: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = get(target, name).dyn_into().unwrap_or_else(|_| panic!("no method {name}"));
    method.apply(target, &arguments.iter().collect::<Array>())
}

/// The code of an error, after checking that it is one of the package's.
fn code(error: &JsValue) -> String {
    assert!(error.is_instance_of::<Error>(), "{error:?} is no Error");
    assert_eq!(text(error, "name"), "HubSpotTaskError");
    text(error, "code")
}

fn client(options: JsValue) -> JsValue {
    HubSpotTasks::new(options).expect("a client").into()
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
        (r#"{"rateLimit": {"requests": 0, "perMs": 1}}"#, "rateLimit: got"),
        (r#"{"headers": {"x y": "z"}}"#, "headers: x y: got that name"),
    ];
    for (options, said) in table {
        let error = HubSpotTasks::new(json(options)).err().expect(options);
        assert_eq!(code(&error), "INVALID_ARGUMENT", "{options}");
        let message = text(&error, "message");
        assert!(message.starts_with(said), "{message}");
    }
}

#[wasm_bindgen_test]
fn a_wrong_token_is_not_shown() {
    let options = js_sys::Object::new();
    assert_eq!(Reflect::set(&options, &"token".into(), &"a-secret\n".into()), Ok(true));
    let error = HubSpotTasks::new(options.into()).err().expect("a refusal");
    let message = text(&error, "message");
    assert!(message.starts_with("token: got") && !message.contains("a-secret"), "{message}");
}

#[wasm_bindgen_test]
fn a_client_has_each_family_and_a_task_knows_its_own() {
    let client = client(JsValue::UNDEFINED);
    for (property, family) in FAMILIES {
        let task = call(&get(&client, property), "task", &["7".into()]).expect("a task");
        assert_eq!(text(&task, "family"), family);
        assert_eq!(text(&task, "id"), "7");
        assert_eq!(get(&task, "latest"), JsValue::UNDEFINED);
        let checkpoint = call(&task, "checkpoint", &[]).expect("a checkpoint");
        let resumed = call(&client, "resume", &[checkpoint]).expect("the task");
        assert_eq!((text(&resumed, "family"), text(&resumed, "id")), (family.to_owned(), "7".to_owned()));
    }
}

#[wasm_bindgen_test]
fn ids_are_exact_beyond_what_a_number_holds() {
    let exports = get(&client(JsValue::UNDEFINED), "exports");
    let big = js_sys::BigInt::new(&"9223372036854775807".into()).expect("a bigint");
    let task = call(&exports, "task", &[big.into()]).expect("a task");
    assert_eq!(text(&task, "id"), "9223372036854775807");
    let refused = call(&exports, "task", &[9_007_199_254_740_992.0.into()]);
    assert_eq!(code(&refused.expect_err("an unsafe number")), "INVALID_ARGUMENT");
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
