//! Fetches, answers and token functions of any shape: each call ends, and says what came.

use hubspot_async_tasks::engine::Settings;
use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::Code;
use hubspot_async_tasks::web::{BaseUrl, CallerHeaders, Detail, FetchTransport, StatusBody, Token};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::simulator::delay;
use super::{FrontEnd, fast, get, ms, spawned, task, text, transport, within};

/// A fetch whose body is this; what it was called with is in `calls` of `globalThis`.
fn fetch(body: &str) -> Function {
    Function::new_with_args("url, init", &format!("(globalThis.calls ??= []).push([url, init]); {body}"))
}

/// What was called since this was asked last.
fn calls() -> Array {
    let global = js_sys::global();
    let calls = get(&global, "calls");
    assert_eq!(Reflect::set(&global, &"calls".into(), &Array::new()), Ok(true));
    if calls.is_undefined() { Array::new() } else { calls.into() }
}

fn client(token: Token, fetch: Function, settings: Settings) -> FrontEnd {
    spawned(transport(BaseUrl::DEFAULT, token, Some(fetch)), Default::default(), settings)
}

async fn look(body: &str) -> Result<Option<StatusBody>, (Code, Detail)> {
    let client = client(Token::None, fetch(body), fast());
    let seen = within(5_000, task(&client, Family::Export, "7").status()).await.expect("an end");
    seen.map_err(|failure| (failure.code, failure.fault.expect("a fault").detail))
}

#[wasm_bindgen_test]
async fn an_answer_is_read_whatever_its_shape() {
    let object = r#"{ status: "PROCESSING", taskId: "7" }"#;
    let bodies = [
        format!("return Promise.resolve(new Response(JSON.stringify({object})))"),
        format!("return {{ status: 200, text: async () => JSON.stringify({object}) }}"),
        format!("return {{ status: 200, text: () => JSON.stringify({object}), headers: null }}"),
        format!("return {{ status: 200, json: async () => ({object}), headers: {{ get: null }} }}"),
        format!("return {{ status: 200, body: {object} }}"),
        format!("return {{ status: 200, body: JSON.stringify({object}), headers: 7 }}"),
        format!("return {{ then(resolve) {{ resolve({{ status: 200, body: {object} }}) }} }}"),
    ];
    for body in bodies {
        let status = look(&body).await.unwrap_or_else(|(_, detail)| panic!("{body}: {detail}"));
        assert_eq!(status.as_ref().map(StatusBody::state), Some("PROCESSING"), "{body}");
    }
    for body in ["return { status: 204 }", "return { status: 200, body: null }"] {
        assert_eq!(look(body).await, Ok(None), "{body}");
    }
}

#[wasm_bindgen_test]
async fn what_is_no_answer_is_told_as_such() {
    let nothing = "fetch gave something that is no response";
    let table = [
        ("return undefined", Code::Http, nothing),
        ("return 'a text'", Code::Http, nothing),
        ("return { status: '200' }", Code::Http, nothing),
        ("return { status: NaN, body: '' }", Code::Http, nothing),
        ("throw new Error('at once')", Code::Network, "no answer came (Error: at once)"),
        ("return Promise.reject('a text')", Code::Network, "no answer came (a text)"),
        ("return Promise.reject({ toString() { throw 1 } })", Code::Network, "no answer came ()"),
        ("return { get status() { throw new Error('status') } }", Code::Network, "(Error: status)"),
        ("return { get then() { throw new Error('then') } }", Code::Network, "(Error: then)"),
        ("return { status: 200, text() { throw new Error('text') } }", Code::Network, "(Error: text)"),
        ("return { status: 200, text: () => Promise.reject(7) }", Code::Network, "(7)"),
        ("return { status: 200, json() { throw new Error('no JSON') } }", Code::InvalidResponse, "no JSON"),
        ("const body = {}; body.body = body; return { status: 200, body }", Code::Network, "TypeError"),
    ];
    for (body, code, said) in table {
        let (found, detail) = look(body).await.expect_err(body);
        assert_eq!(found, code, "{body}");
        assert!(detail.message.contains(said), "{body}: {detail}");
    }
}

#[wasm_bindgen_test]
async fn headers_are_read_from_an_object_as_from_headers() {
    let own = "{ 'retry-AFTER': '7', get date() { throw 1 } }";
    for headers in ["new Headers({ 'Retry-After': '7' })", own, "new Map([['retry-after', '7']])"] {
        let (code, detail) =
            look(&format!("return {{ status: 429, headers: {headers} }}")).await.expect_err(headers);
        assert_eq!((code, detail.retry_after), (Code::RateLimited, Some(ms(7_000))), "{headers}");
    }
    let (_, detail) =
        look("return { status: 429, headers: { get() { throw 1 } } }").await.expect_err("a 429");
    assert_eq!(detail.retry_after, None);
}

#[wasm_bindgen_test]
async fn fetch_is_called_with_a_text_and_a_plain_object() {
    calls();
    let token = Token::fixed("a-secret".to_owned()).expect("a token");
    let client = client(token, fetch("return { status: 204 }"), fast());
    task(&client, Family::Export, "7").status().await.expect("an answer");
    let call: Array = calls().get(0).into();
    let path = "/crm/exports/2026-03/export/async/tasks/7/status";
    assert_eq!(call.get(0).as_string(), Some([BaseUrl::DEFAULT, path].concat()));
    let init = call.get(1);
    assert_eq!(Object::get_prototype_of(&init), Object::get_prototype_of(&Object::new()));
    assert_eq!((text(&init, "method"), text(&init, "redirect")), ("GET".to_owned(), "manual".to_owned()));
    assert_eq!(text(&get(&init, "headers"), "Authorization"), "Bearer a-secret");
    assert!(get(&init, "signal").is_object());
    assert!(get(&init, "cache").is_undefined(), "a fetch that was given need not know it");
}

#[wasm_bindgen_test]
async fn the_hosts_fetch_is_looked_up_for_each_request() {
    let global = js_sys::global();
    let hosts_own = get(&global, "fetch");
    let replace = |with: &JsValue| assert_eq!(Reflect::set(&global, &"fetch".into(), with), Ok(true));
    let client = spawned(transport(BaseUrl::DEFAULT, Token::None, None), Default::default(), fast());
    let task = task(&client, Family::Export, "7");
    replace(&fetch("return { status: 204 }"));
    let answered = task.status().await;
    replace(&JsValue::UNDEFINED);
    let missing = task.status().await;
    replace(&hosts_own);
    assert_eq!(answered, Ok(None));
    let failure = missing.expect_err("there is none");
    assert_eq!(
        (failure.code, failure.fault.expect("a fault").detail.message.as_str()),
        (Code::Network, "this host has no fetch: give one as the option fetch")
    );
}

#[wasm_bindgen_test]
async fn no_poll_is_answered_from_a_cache_of_the_hosts_own_fetch() {
    let global = js_sys::global();
    let replace =
        |name: &str, with: &JsValue| assert_eq!(Reflect::set(&global, &name.into(), with), Ok(true));
    let (own_fetch, own_request) = (get(&global, "fetch"), get(&global, "Request"));
    let takes = "this.cache = init.cache";
    let refuses = "throw new Error('no cache here')";
    let forgets = "";
    for (request, expected) in [(takes, "'no-store'"), (refuses, "undefined"), (forgets, "undefined")] {
        replace("Request", &Function::new_with_args("url, init", request));
        replace("fetch", &fetch(&format!("return {{ status: init.cache === {expected} ? 204 : 500 }}")));
        let client = spawned(transport(BaseUrl::DEFAULT, Token::None, None), Default::default(), fast());
        let answered = task(&client, Family::Export, "7").status().await;
        replace("fetch", &own_fetch);
        replace("Request", &own_request);
        assert_eq!(answered, Ok(None), "{request}");
    }
}

#[wasm_bindgen_test]
async fn a_fetch_that_was_given_is_not_told_of_caches() {
    assert_eq!(look("return { status: 'cache' in init ? 500 : 204 }").await, Ok(None));
}

#[wasm_bindgen_test]
async fn a_request_is_sent_where_the_host_has_no_abort_controller() {
    let global = js_sys::global();
    let hosts_own = get(&global, "AbortController");
    let class = Function::new_no_args("throw new Error('none here')");
    assert_eq!(Reflect::set(&global, &"AbortController".into(), &class), Ok(true));
    let seen = look("return { status: init.signal === undefined ? 204 : 500 }").await;
    assert_eq!(Reflect::set(&global, &"AbortController".into(), &hosts_own), Ok(true));
    assert_eq!(seen, Ok(None));
}

/// A token function that counts its calls in `calls`, and answers after a while.
fn tokens(body: &str) -> Token {
    let body = format!(
        "(globalThis.calls ??= []).push(refresh);
        return new Promise((resolve) => setTimeout(() => resolve({body}), 20));"
    );
    Token::Asked(Function::new_with_args("{ refresh }", &body))
}

/// Takes the token `fresh` alone.
const TAKES_FRESH: &str =
    "calls.pop(); return { status: init.headers.Authorization === 'Bearer fresh' ? 204 : 401 }";

#[wasm_bindgen_test]
async fn calls_of_the_token_function_at_one_time_are_one_and_so_is_the_refresh() {
    calls();
    let client = client(tokens("refresh ? 'fresh' : 'stale'"), fetch(TAKES_FRESH), fast());
    let looks = ["1", "2", "3"].map(|id| task(&client, Family::Export, id));
    let mut seen = looks.each_ref().map(|task| Box::pin(task.status()));
    for look in &mut seen {
        // All begin before the first of them is answered.
        assert!(within(0, look).await.is_none());
    }
    for look in seen {
        assert_eq!(look.await, Ok(None));
    }
    let asked: Vec<_> = calls().iter().map(|refresh| refresh.as_bool()).collect();
    assert_eq!(asked, [Some(false), Some(true)]);
}

#[wasm_bindgen_test]
async fn a_call_of_the_token_function_that_nobody_awaits_any_more_is_not_joined() {
    calls();
    let hangs_once = "calls.length > 1 ? 'fresh' : new Promise(() => {})";
    let client = client(tokens(hangs_once), fetch(TAKES_FRESH), fast());
    let task = task(&client, Family::Export, "7");
    assert!(within(60, task.status()).await.is_none());
    JsFuture::from(delay(0)).await.expect("a timer");
    assert_eq!(within(5_000, task.status()).await, Some(Ok(None)));
    assert_eq!(calls().length(), 2);
}

#[wasm_bindgen_test]
async fn a_fresh_token_that_is_refused_is_not_tried_again() {
    calls();
    let client = client(tokens("'stale'"), fetch(TAKES_FRESH), fast());
    let failure = task(&client, Family::Export, "7").status().await.expect_err("a 401");
    assert_eq!((failure.code, calls().length()), (Code::Unauthorized, 2));
}

#[wasm_bindgen_test]
async fn no_message_and_no_debug_text_shows_a_token() {
    let said = "return { status: 403, body: { message: 'a-secret may not', category: 'a-secret' } }";
    let threw = "throw new Error(`refused: ${init.headers.Authorization ?? init.headers.authorization}`)";
    let own = [("AUTHORIZATION".to_owned(), "Bearer a-secret".to_owned())];
    for body in [said, threw] {
        for token in [
            Token::fixed("a-secret".to_owned()).expect("a token"),
            Token::Asked(Function::new_no_args("return 'a-secret'")),
            Token::None,
        ] {
            let is_own = matches!(token, Token::None);
            let headers = CallerHeaders::new(if is_own { &own } else { &[] }).expect("headers");
            let url = BaseUrl::new(BaseUrl::DEFAULT).expect("a URL");
            assert!(!format!("{token:?} {headers:?}").contains("a-secret"));
            let transport = FetchTransport::new(url, headers, token, Some(fetch(body)), Default::default())
                .expect("a transport");
            assert!(!format!("{transport:?}").contains("a-secret"));
            let client = spawned(transport, Default::default(), fast());
            let failure = task(&client, Family::Export, "7").status().await.expect_err("a refusal");
            let texts = format!("{failure} {failure:?}");
            assert!(texts.contains("[token]") && !texts.contains("a-secret"), "{texts}");
        }
    }
}

#[wasm_bindgen_test]
fn loopback_is_safe_for_tokens_and_other_plain_addresses_are_not() {
    // In Node there is no document, and no location.
    let is_page = !get(&js_sys::global(), "document").is_undefined();
    let table = [
        ("https://api.hubapi.com", true),
        ("http://localhost:80", true),
        ("http://a.localhost/x", is_page),
        ("http://127.0.0.1:9", true),
        ("http://[::1]:9/", true),
        ("http://127.example.com", false),
        ("http://localhost.example.com", false),
        ("http://notlocalhost", false),
    ];
    for (address, is_safe) in table {
        assert_eq!(BaseUrl::new(address).expect(address).is_safe_for_tokens(), is_safe, "{address}");
    }
}

/// In Node there is no document, and no location.
#[wasm_bindgen_test]
fn a_relative_address_is_resolved_on_the_page() {
    let is_page = !get(&js_sys::global(), "document").is_undefined();
    assert_eq!(BaseUrl::new("/hubspot").is_ok(), is_page);
}
