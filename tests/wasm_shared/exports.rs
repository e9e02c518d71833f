//! What the npm package's JavaScript makes its classes of: numbers, and texts as lists of code points.

use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::web::{
    checkpoint, close_client, latest, learned, open_client, open_task, outcome_of, resume_task,
};
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::simulator::json;
use super::text;

fn codes(text: &str) -> JsValue {
    text.chars().map(|character| JsValue::from(character as u32)).collect::<Array>().into()
}

/// Where the caller gave nothing.
fn nothing(count: usize) -> JsValue {
    (0..count).map(|_| JsValue::UNDEFINED).collect::<Array>().into()
}

/// A client's number, or what is wrong.
fn open(version: &str, options: JsValue) -> JsValue {
    open_with(version, options, (0..8).map(|_| Array::new()).collect())
}

fn open_with(version: &str, options: JsValue, lists: Array) -> JsValue {
    let given = if version.is_empty() { JsValue::UNDEFINED } else { version.into() };
    open_client(codes(version), given, options, lists.into())
}

fn client() -> u32 {
    open("", nothing(10)).as_f64().expect("a number") as u32
}

/// A task's key, or what is wrong: a family goes by its place.
fn task(client: u32, family: Family, id: &str) -> JsValue {
    open_task(client, family as usize, codes(id), id.into())
}

fn key(made: &JsValue) -> u32 {
    made.as_f64().expect("a key") as u32
}

fn message(wrong: &JsValue) -> String {
    text(wrong, "message")
}

fn version_of(client: u32, key: u32) -> String {
    text(&checkpoint(client, key, f64::NAN, f64::NAN), "apiVersion")
}

#[wasm_bindgen_test]
fn what_only_rust_knows_to_be_wrong_is_named() {
    let intervals = json("[9, 8]");
    assert!(message(&open("", intervals)).starts_with("minIntervalMs: got 9, takes no more"));
    for version in ["..", "v3/../x", "v\u{fffd}3"] {
        let message = message(&open(version, nothing(10)));
        assert!(
            message.starts_with(&format!("apiVersion: got {version:?}, takes an API version")),
            "{message}"
        );
    }
    let client = client();
    for (family, id) in
        [(Family::FileImport, ""), (Family::FileImport, ".."), (Family::Export, "9223372036854775808")]
    {
        let message = message(&task(client, family, id));
        assert!(message.starts_with(&format!("taskId: got {id:?}, takes")), "{message}");
    }
}

#[wasm_bindgen_test]
fn handles_of_one_task_are_one_and_a_checkpoint_leads_to_it() {
    let client = client();
    for family in Family::ALL {
        let opened = key(&task(client, family, "7"));
        assert_eq!(key(&task(client, family, "7")), opened);
        assert_ne!(key(&task(client, family, "8")), opened);
        assert_eq!(latest(client, opened), JsValue::UNDEFINED);
        assert_eq!(version_of(client, opened), "2026-03");
        let resume = |version: &str, is_alone: bool| {
            let numbers =
                [family as u32 as f64, 1.0, 0.0, 0.0, f64::NAN, f64::NAN, f64::NAN, f64::from(is_alone)];
            let numbers = numbers.into_iter().map(JsValue::from).collect::<Array>();
            key(&resume_task(client, numbers.into(), codes("7"), "7".into(), codes(version), version.into()))
        };
        assert_eq!(resume("2026-03", false), opened);
        assert_ne!(resume("2026-03", true), opened);
        let other = resume("v3", false);
        assert_ne!(other, opened);
        assert_eq!(version_of(client, other), "v3");
    }
}

#[wasm_bindgen_test]
fn each_list_of_durations_comes_back_from_its_own_place() {
    let lists = (0..8).map(|place| Array::of2(&(place + 1).into(), &2.5.into())).collect();
    let client = key(&open_with("", nothing(10), lists));
    for place in 0..8 {
        let seconds = Array::new();
        learned(client, place, seconds.clone().into());
        let seconds: Vec<f64> = seconds.iter().filter_map(|took| took.as_f64()).collect();
        assert_eq!(seconds, [place as f64 + 1.0, 2.5]);
    }
}

#[wasm_bindgen_test]
fn a_closed_client_is_gone_and_its_number_is_not_used_again() {
    let closed = client();
    let key = key(&task(closed, Family::Export, "7"));
    close_client(closed);
    assert_eq!(checkpoint(closed, key, f64::NAN, f64::NAN), JsValue::UNDEFINED);
    assert_eq!(task(closed, Family::Export, "7"), JsValue::UNDEFINED);
    assert_ne!(client(), closed);
}

#[wasm_bindgen_test]
fn outcome_of_reads_an_envelope() {
    let family = |family: Family| family as usize;
    let table = [
        (r#"[0, 0, null, null, null, "PENDING"]"#, family(Family::Export), "running"),
        (r#"[0, 0, null, null, null, "PROCESSING"]"#, family(Family::Export), "running"),
        (r#"[0, 0, null, null, null, "NEW"]"#, family(Family::Export), "running"),
        (r#"[0, 0, null, null, null, "COMPLETE"]"#, family(Family::SourceCodeExtract), "succeeded"),
        (r#"[0, 0, null, null, null, "COMPLETE"]"#, family(Family::Export), "failed"),
        (r#"[1, 1, null, null, null, "COMPLETE"]"#, family(Family::Export), "succeededWithErrors"),
        (r#"[0, 0, null, null, null, "CANCELED"]"#, family(Family::Export), "canceled"),
        (r#"[0, 0, null, null, null, "COMPLETE"]"#, usize::MAX, "succeeded"),
    ];
    for (envelope, family, outcome) in table {
        assert_eq!(outcome_of(json(envelope), family), JsValue::from(outcome), "{envelope}");
    }
}
