//! What the npm package's JavaScript makes its classes of.

use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::web::{
    checkpoint, close_client, latest, open_client, open_task, outcome_of, resume_task,
};
use js_sys::{Error, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::simulator::json;
use super::{get, text};

/// The code of an error, after checking that it is one of the package's.
fn code(error: &JsValue) -> String {
    assert!(error.is_instance_of::<Error>(), "{error:?} is no Error");
    assert_eq!(text(error, "name"), "HubSpotTaskError");
    text(error, "code")
}

/// A client's number.
fn client() -> u32 {
    open_client(JsValue::UNDEFINED).as_f64().expect("a number") as u32
}

/// A handle of a task: a family goes by its place.
fn task(client: u32, family: Family, id: impl Into<JsValue>) -> JsValue {
    open_task(client, family as usize, id.into(), JsValue::UNDEFINED)
}

fn family_and_id(client: u32, task: JsValue) -> (String, String) {
    let checkpoint = checkpoint(client, task);
    (text(&checkpoint, "family"), text(&checkpoint, "taskId"))
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
        let error = open_client(json(options));
        assert_eq!(code(&error), "INVALID_ARGUMENT", "{options}");
        let message = text(&error, "message");
        assert!(message.starts_with(said), "{message}");
    }
}

#[wasm_bindgen_test]
fn a_wrong_token_is_not_shown() {
    let options = js_sys::Object::new();
    assert_eq!(Reflect::set(&options, &"token".into(), &"a-secret\n".into()), Ok(true));
    let error = open_client(options.into());
    let message = text(&error, "message");
    assert!(message.starts_with("token: got") && !message.contains("a-secret"), "{message}");
}

#[wasm_bindgen_test]
fn a_task_knows_its_family_and_its_checkpoint_leads_back_to_it() {
    let client = client();
    for family in Family::ALL {
        let task = task(client, family, "7");
        let known = (family.name().to_owned(), "7".to_owned());
        assert_eq!(family_and_id(client, task.clone()), known);
        let key = get(&task, "key").as_f64().expect("a key") as u32;
        assert_eq!(latest(client, key), JsValue::UNDEFINED);
        let resumed = resume_task(client, checkpoint(client, task), JsValue::UNDEFINED, false);
        assert_eq!(family_and_id(client, resumed), known);
    }
}

#[wasm_bindgen_test]
fn ids_are_exact_beyond_what_a_number_holds() {
    let client = client();
    let big = js_sys::BigInt::new(&"9223372036854775807".into()).expect("a bigint");
    let exact = task(client, Family::Export, big);
    assert_eq!(family_and_id(client, exact).1, "9223372036854775807");
    assert_eq!(code(&task(client, Family::Export, 9_007_199_254_740_992.0)), "INVALID_ARGUMENT");
}

#[wasm_bindgen_test]
fn a_closed_client_is_gone_and_its_number_is_not_used_again() {
    let closed = client();
    let task = task(closed, Family::Export, "7");
    close_client(closed);
    assert_eq!(checkpoint(closed, task), JsValue::UNDEFINED);
    assert_ne!(client(), closed);
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
        assert_eq!(outcome_of(json(status), family.into()), JsValue::from(outcome), "{status}");
    }
    let complete = json(r#"{"status": "COMPLETE"}"#);
    assert_eq!(outcome_of(complete, JsValue::UNDEFINED), JsValue::from("succeeded"));
    assert_eq!(code(&outcome_of(json("[]"), JsValue::UNDEFINED)), "INVALID_ARGUMENT");
}
