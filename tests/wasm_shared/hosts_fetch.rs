//! Over the host's own fetch.

use hubspot_async_tasks::family::Family;
use hubspot_async_tasks::poll::{Code, Outcome};
use hubspot_async_tasks::web::{BaseUrl, CallerHeaders, FetchTransport, HostClock, Token};
use wasm_bindgen_test::wasm_bindgen_test;

use super::simulator::say;
use super::{FrontEnd, fast, spawned, task, transport, wait, within};

/// The server that `scripts/test` runs: a run without one says what it leaves out.
fn server_for(test: &str) -> Option<&'static str> {
    let url = option_env!("SIMULATOR_URL");
    if url.is_none() {
        say(&format!("left out, since SIMULATOR_URL named no server to the build: {test}"));
    }
    url
}

fn client_at(url: &str) -> FrontEnd {
    spawned(transport(url, Token::None, None), HostClock::default(), fast())
}

/// The server begins a task when it is first asked about.
fn new_id() -> String {
    ((js_sys::Math::random() * 2e9) as u32).to_string()
}

#[wasm_bindgen_test]
async fn a_task_of_each_family_is_polled_over_the_hosts_fetch() {
    let Some(url) = server_for("a_task_of_each_family_is_polled_over_the_hosts_fetch") else { return };
    let headers = CallerHeaders::new(&[("X-Trace".to_owned(), "a test".to_owned())]).expect("headers");
    let token = Token::fixed("a-token".to_owned()).expect("a token");
    let clock = HostClock::default();
    let transport =
        FetchTransport::new(BaseUrl::new(url).expect(url), headers, token, None, clock.clone()).expect(url);
    let client = spawned(transport, clock, fast());
    for family in Family::ALL {
        let finished = wait(&client, &task(&client, family, &new_id())).await.expect("an end");
        assert_eq!(finished.outcome, Outcome::Succeeded, "{family:?}");
        assert!(finished.polls > 1, "{family:?}");
    }
}

#[wasm_bindgen_test]
async fn a_request_of_the_hosts_fetch_can_be_broken_off() {
    let Some(url) = server_for("a_request_of_the_hosts_fetch_can_be_broken_off") else { return };
    let client = client_at(url);
    let task = task(&client, Family::Export, &new_id());
    for ms in 0..5 {
        let _ = within(ms, wait(&client, &task)).await;
    }
    assert_eq!(wait(&client, &task).await.expect("an end").outcome, Outcome::Succeeded);
}

#[wasm_bindgen_test]
async fn a_wrong_address_is_told() {
    let Some(url) = server_for("a_wrong_address_is_told") else { return };
    let client = client_at(&[url, "/nowhere/"].concat());
    let failure = wait(&client, &task(&client, Family::Export, &new_id())).await.expect_err("no such route");
    assert_eq!(failure.code, Code::NotFound);
}

/// Port 9 is one that hosts refuse to ask.
#[wasm_bindgen_test]
async fn a_server_out_of_reach_is_told() {
    let client = client_at("http://127.0.0.1:9");
    let failure = task(&client, Family::Export, "7").status().await.expect_err("no answer");
    assert_eq!(failure.code, Code::Network);
    let said = failure.fault.expect("a fault").detail.message;
    assert!(said.starts_with("no answer came (TypeError"), "{said}");
}
