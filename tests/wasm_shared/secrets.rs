//! No secret leaves its place: what a server or a fetch says of a token is masked, and no `{:?}` shows one.

use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::web::{BaseUrl, CallerHeaders, FetchTransport, HostClock, Token};
use js_sys::Function;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{fast, spawned, task};

fn transport(headers: &[(&str, &str)], token: Token, fetch: &str) -> FetchTransport {
    let pairs: Vec<_> = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    let headers = CallerHeaders::new(&pairs).expect("headers");
    let fetch = Function::new_with_args("url, init", fetch);
    let base_url = BaseUrl::new(BaseUrl::DEFAULT).expect("a URL");
    FetchTransport::new(base_url, headers, token, Some(fetch), HostClock::default()).expect("a transport")
}

/// What an answer to a single request is told as.
async fn said(transport: FetchTransport) -> String {
    let client = spawned(transport, HostClock::default(), fast());
    let failure = task(&client, Family::Export, "7").status().await.expect_err("no status");
    failure.fault.expect("a fault").detail.message
}

#[wasm_bindgen_test]
async fn after_a_refresh_both_tokens_are_masked() {
    for answer in [
        "({ status: 403, body: { message: 'no pat-old-1234567890, no pat-new-1234567890' } })",
        "Promise.reject(new Error('no pat-old-1234567890, no pat-new-1234567890'))",
    ] {
        let fetch = format!(
            "return init.headers.Authorization === 'Bearer pat-new-1234567890' ? {answer} : {{ status: 401, body: {{}} }}"
        );
        let token = Function::new_with_args(
            "call",
            "return call.refresh ? 'pat-new-1234567890' : 'pat-old-1234567890'",
        );
        let message = said(transport(&[], Token::Asked(token), &fetch)).await;
        assert!(message.contains("no [token], no [token]"), "{message}");
    }
}

#[wasm_bindgen_test]
async fn of_an_own_authorization_header_every_credential_and_parameter_is_masked() {
    let table: [(&str, &[&str]); 6] = [
        (r#"Token token="S3cretValue", nonce="d""#, &["S3cretValue", "d"]),
        ("Token token=S3cretValue,nonce=n0nce-9876543", &["S3cretValue", "n0nce-9876543"]),
        ("Basic dXNlcjpzZWNyZXRzZQ==", &["dXNlcjpzZWNyZXRzZQ=="]),
        ("pat-without-a-scheme", &["pat-without-a-scheme"]),
        ("Bearer one-secret two-secret", &["one-secret", "two-secret", "one-secret two-secret"]),
        ("Key abc=def=ghi12345", &["abc=def=ghi12345"]),
    ];
    for (authorization, secrets) in table {
        for secret in secrets {
            let fetch = format!("return {{ status: 400, body: {{ message: 'what is ({secret})?' }} }}");
            let message = said(transport(&[("Authorization", authorization)], Token::None, &fetch)).await;
            assert!(message.ends_with("what is ([token])?"), "{authorization}, {secret}: {message}");
        }
    }
}

#[wasm_bindgen_test]
fn no_debug_shows_a_token() {
    let fixed = || Token::fixed("a-s3cret-token".to_owned()).expect("a token");
    let asked = Token::Asked(Function::new_no_args("return 'a-s3cret-token'"));
    let headers = [("Authorization", "Basic a-s3cret-token"), ("X-Key", "a-s3cret-token")];
    let with_header = transport(&headers, Token::None, "");
    let with_token = transport(&[], fixed(), "");
    let shown = format!("{:?} {asked:?} {with_header:?} {with_token:#?} {:?}", fixed(), Token::None);
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(shown.contains("x-key"), "what helps is shown: {shown}");
}

#[wasm_bindgen_test]
async fn no_debug_of_a_failure_shows_a_token_that_a_server_echoes() {
    for answer in [
        "{ status: 403, body: { message: 'Bearer a-s3cret-token' } }",
        "{ status: 200, headers: { 'content-type': 'a-s3cret-token' }, body: '<p>a-s3cret-token' }",
        "Promise.reject(new Error('a-s3cret-token'))",
    ] {
        let token = Token::fixed("a-s3cret-token".to_owned()).expect("a token");
        let client =
            spawned(transport(&[], token, &format!("return {answer}")), HostClock::default(), fast());
        let failure = task(&client, Family::Export, "7").status().await.expect_err("no status");
        let shown = format!("{failure:?} {failure:#?} {failure}");
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(shown.contains("[token]"), "what helps is shown: {shown}");
    }
}
