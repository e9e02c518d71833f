//! The options of the npm package's client, tasks and waits, read at once and checked before anything is sent.

use std::time::Duration;

use wasm_bindgen::{JsCast, JsValue};

use super::answer::ms;
use super::options::{
    ANYTHING, API_VERSION, FUNCTION, Options, PACE, POSITIVE_SPAN, Refusal, SPAN, TIMEOUT, Takes,
    api_version, pace, refuse, show, span, timeout,
};
use super::token::Token;
use super::{FetchTransport, HostClock, base_url, headers};
use crate::client::{Client, Settings, WaitSettings};
use crate::poll::Schedule;

/// The client that the npm package drives.
pub type WebClient = Client<FetchTransport, HostClock>;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

const CLIENT_OPTIONS: &[(&str, Takes)] = &[
    ("apiVersion", API_VERSION),
    ("baseUrl", ANYTHING),
    ("clock", ANYTHING),
    ("fetch", FUNCTION),
    ("headers", ANYTHING),
    ("maxIntervalMs", SPAN),
    ("minIntervalMs", SPAN),
    ("pace", PACE),
    ("requestTimeoutMs", POSITIVE_SPAN),
    ("timeoutMs", TIMEOUT),
    ("token", ANYTHING),
];
pub const TASK_OPTIONS: &[(&str, Takes)] = &[("pace", PACE), ("timeoutMs", TIMEOUT)];
pub const CALL_OPTIONS: &[(&str, Takes)] = &[("signal", ANYTHING)];
pub const WAIT_OPTIONS: &[(&str, Takes)] =
    &[("onStatus", FUNCTION), ("pace", PACE), ("signal", ANYTHING), ("timeoutMs", TIMEOUT)];

/// A client with the given `ClientOptions`.
pub fn client(options: &JsValue) -> Result<WebClient, Refusal> {
    let options = Options::read(options, CLIENT_OPTIONS)?;
    let default = WaitSettings::default();
    let schedule = Schedule {
        pace: pace(&options.get("pace")).unwrap_or(default.schedule.pace),
        min: span(&options.get("minIntervalMs")).unwrap_or(default.schedule.min),
        max: span(&options.get("maxIntervalMs")).unwrap_or(default.schedule.max),
    };
    if schedule.min > schedule.max {
        return Err(refuse("minIntervalMs", &show(&ms(schedule.min)), "no more than maxIntervalMs"));
    }
    let settings = Settings {
        api_version: api_version(&options.get("apiVersion")).unwrap_or_default(),
        wait: WaitSettings {
            schedule,
            timeout: timeout(&options.get("timeoutMs")).unwrap_or(default.timeout),
        },
        request_timeout: span(&options.get("requestTimeoutMs")).unwrap_or(REQUEST_TIMEOUT),
    };
    let clock = HostClock::new(options.get("clock"))?;
    let transport = FetchTransport::new(
        base_url::read(&options.get("baseUrl"))?,
        headers::read(&options.get("headers"))?,
        Token::read(&options.get("token"))?,
        options.get("fetch").dyn_into().ok(),
        clock.clone(),
        settings.request_timeout,
    )?;
    Ok(Client::new(transport, clock, settings))
}

/// `TaskOptions` over what holds without them.
pub fn wait(options: &Options, default: WaitSettings) -> WaitSettings {
    let pace = pace(&options.get("pace")).unwrap_or(default.schedule.pace);
    WaitSettings {
        schedule: Schedule { pace, ..default.schedule },
        timeout: timeout(&options.get("timeoutMs")).unwrap_or(default.timeout),
    }
}
