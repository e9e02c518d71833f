//! The options of the npm package's client, tasks and waits, read at once and checked before anything is sent.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use super::answer::ms;
use super::driver::Driver;
use super::host::is_some;
use super::learned::read_learned;
use super::options::{
    ANYTHING, API_VERSION, COUNT, FUNCTION, Options, PACE, POSITIVE_SPAN, Refusal, SPAN, TIMEOUT, Takes,
    api_version, count, pace, refuse_kind, refuse_value, span, timeout,
};
use super::token::Token;
use super::{FetchTransport, HostClock, base_url, headers};
use crate::client::{Settings, WaitSettings};
use crate::poll::{RateLimit, Schedule};

const CLIENT_OPTIONS: &[(&str, Takes)] = &[
    ("apiVersion", API_VERSION),
    ("baseUrl", ANYTHING),
    ("clock", ANYTHING),
    ("fetch", FUNCTION),
    ("headers", ANYTHING),
    ("learned", ANYTHING),
    ("maxConcurrent", COUNT),
    ("maxIntervalMs", SPAN),
    ("minIntervalMs", SPAN),
    ("onEvent", FUNCTION),
    ("pace", PACE),
    ("rateLimit", ANYTHING),
    ("requestTimeoutMs", POSITIVE_SPAN),
    ("timeoutMs", TIMEOUT),
    ("token", ANYTHING),
];
pub const TASK_OPTIONS: &[(&str, Takes)] = &[("pace", PACE), ("timeoutMs", TIMEOUT)];
pub const CALL_OPTIONS: &[(&str, Takes)] = &[("signal", ANYTHING)];
pub const WATCH_OPTIONS: &[(&str, Takes)] = &[("pace", PACE), ("signal", ANYTHING), ("timeoutMs", TIMEOUT)];
pub const WAIT_OPTIONS: &[(&str, Takes)] =
    &[("onStatus", FUNCTION), ("pace", PACE), ("signal", ANYTHING), ("timeoutMs", TIMEOUT)];

const RATE_LIMIT_OPTIONS: &[(&str, Takes)] = &[("perMs", POSITIVE_SPAN), ("requests", COUNT)];

/// The client of that number with the given `ClientOptions`.
pub fn client(number: u32, options: &JsValue) -> Result<Driver, Refusal> {
    let options = Options::read(options, CLIENT_OPTIONS)?;
    let mut settings = Settings::default();
    settings.wait = wait(&options, settings.wait);
    let schedule = &mut settings.wait.schedule;
    schedule.min = span(options.number("minIntervalMs")).unwrap_or(schedule.min);
    schedule.max = span(options.number("maxIntervalMs")).unwrap_or(schedule.max);
    if schedule.min > schedule.max {
        let min = ms(Some(schedule.min)).into();
        return Err(refuse_value("minIntervalMs", &min, "no more than maxIntervalMs"));
    }
    let (learns, learned) = read_learned(&options.get("learned"))?;
    (settings.learns, settings.learned) = (learns, Some(learned));
    if let Some(version) = api_version(&options.get("apiVersion")) {
        settings.api_version = Rc::new(version);
    }
    settings.request_timeout = span(options.number("requestTimeoutMs")).unwrap_or(settings.request_timeout);
    settings.rate_limit = rate_limit(&options.get("rateLimit"))?;
    if let Some(count) = count(options.number("maxConcurrent")) {
        settings.max_concurrent = count as usize;
    }
    let on_event: Option<Function> = options.get("onEvent").dyn_into().ok();
    settings.has_observer = on_event.is_some();
    let clock = HostClock::new(options.get("clock"))?;
    let transport = FetchTransport::new(
        base_url::read(&options.get("baseUrl"))?,
        headers::read(&options.get("headers"))?,
        Token::read(&options.get("token"))?,
        options.get("fetch").dyn_into().ok(),
        clock.clone(),
    )?;
    Ok(Driver::new(number, transport, clock, settings, on_event))
}

/// The option `rateLimit`: HubSpot's lowest limit where it is not given, none where it is false.
fn rate_limit(value: &JsValue) -> Result<Option<RateLimit>, Refusal> {
    if value.as_bool() == Some(false) {
        return Ok(None);
    }
    if !is_some(value) {
        return Ok(Some(RateLimit::default()));
    }
    let limit = Options::read(value, RATE_LIMIT_OPTIONS).ok();
    let given = limit
        .as_ref()
        .and_then(|limit| Some((count(limit.number("requests"))?, span(limit.number("perMs"))?)));
    match given {
        Some((requests, per)) => Ok(Some(RateLimit { requests, per })),
        None => Err(refuse_kind(
            "rateLimit",
            value,
            "{ requests, perMs }, two numbers above 0, or false for none",
        )),
    }
}

/// `TaskOptions` over what holds without them.
pub fn wait(options: &Options, default: WaitSettings) -> WaitSettings {
    let pace = pace(&options.get("pace")).unwrap_or(default.schedule.pace);
    WaitSettings {
        schedule: Schedule { pace, ..default.schedule },
        timeout: timeout(options.number("timeoutMs")).unwrap_or(default.timeout),
    }
}
