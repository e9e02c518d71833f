//! The options of the npm package's client, tasks and waits, read at once and checked before anything is sent.

use std::time::Duration;

use wasm_bindgen::JsValue;

use super::options::{Options, Refusal, refuse, show};
use super::token::Token;
use super::{FetchTransport, HostClock, base_url, headers};
use crate::client::{Client, Settings, WaitSettings};
use crate::poll::Schedule;

/// The client that the npm package drives.
pub type WebClient = Client<FetchTransport, HostClock>;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// A client with the given `ClientOptions`.
pub fn client(options: JsValue) -> Result<WebClient, Refusal> {
    let options = Options::new(options)?;
    let clock = HostClock::new(options.value("clock")?)?;
    let request_timeout = options.positive_span("requestTimeoutMs")?.unwrap_or(REQUEST_TIMEOUT);
    let default = WaitSettings::default();
    let settings = Settings {
        api_version: options.api_version("apiVersion")?.unwrap_or_default(),
        wait: WaitSettings {
            schedule: schedule(&options, default.schedule)?,
            timeout: options.timeout("timeoutMs")?.unwrap_or(default.timeout),
        },
        request_timeout,
    };
    let transport = FetchTransport::new(
        base_url::read(options.value("baseUrl")?)?,
        headers::read(options.value("headers")?)?,
        Token::read(options.value("token")?)?,
        options.function("fetch")?,
        clock.clone(),
        request_timeout,
    )?;
    Ok(Client::new(transport, clock, settings))
}

fn schedule(options: &Options, default: Schedule) -> Result<Schedule, Refusal> {
    let schedule = Schedule {
        pace: options.pace("pace")?.unwrap_or(default.pace),
        min: options.span("minIntervalMs")?.unwrap_or(default.min),
        max: options.span("maxIntervalMs")?.unwrap_or(default.max),
    };
    if schedule.min > schedule.max {
        let got = show(&super::answer::ms(schedule.min));
        return Err(refuse("minIntervalMs", &got, "no more than maxIntervalMs"));
    }
    Ok(schedule)
}

/// `TaskOptions` over what holds without them.
pub fn wait(options: &Options, default: WaitSettings) -> Result<WaitSettings, Refusal> {
    let pace = options.pace("pace")?.unwrap_or(default.schedule.pace);
    Ok(WaitSettings {
        schedule: Schedule { pace, ..default.schedule },
        timeout: options.timeout("timeoutMs")?.unwrap_or(default.timeout),
    })
}
