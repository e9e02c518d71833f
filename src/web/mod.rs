//! **Where** it runs in front ends: a [`Transport`](crate::client::Transport) and a [`Clock`](crate::client::Clock) on the
//! host's fetch and timers, in pages, workers, Node and their like. There is no JavaScript in it.
//!
//! Whatever the caller or a server gave (functions, objects with getters, a fetch of its own) may throw, return anything or
//! never answer: every access here catches, and nothing is borrowed while such code runs.
//!
//! | file | what it holds |
//! |---|---|
//! | `values` | JavaScript's values of any shape, and promises that may never settle |
//! | `base_url`, `headers`, `token` | where requests go and what they carry |
//! | `tokens` | what a token function gives |
//! | `fetch` | sends a request |
//! | `response` | reads what fetch gave, whatever that is |
//! | `clock` | time and timers |
//!
//! ```no_run
//! use hubspot_async_tasks::client::{Client, Settings};
//! use hubspot_async_tasks::family::{Family, TaskId};
//! use hubspot_async_tasks::model::ExportStatus;
//! use hubspot_async_tasks::web::{BaseUrl, CallerHeaders, FetchTransport, HostClock, Token};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let (clock, proxy) = (HostClock::default(), BaseUrl::new("/hubspot")?);
//! let transport = FetchTransport::new(proxy, CallerHeaders::default(), Token::None, None, clock.clone())?;
//! let (client, driver) = Client::new(transport, clock, Settings::default());
//! wasm_bindgen_futures::spawn_local(driver);
//! let task = client.task(Family::Export, TaskId::new(Family::Export, "90151673")?);
//! let finished = task.wait(client.settings().engine.wait()).finished().await?;
//! let status: ExportStatus = finished.status.decode()?;
//! # Ok(())
//! # }
//! ```

mod base_url;
mod clock;
mod fetch;
mod headers;
mod response;
mod token;
mod tokens;
mod values;

pub use crate::read::{Detail, StatusBody};
pub use base_url::BaseUrl;
pub use clock::HostClock;
pub use fetch::{FetchTransport, RefusedToken};
pub use headers::CallerHeaders;
pub use token::Token;

/// What is refused of what callers give, and why.
fn refused(name: &str, got: &str, takes: &str) -> Detail {
    Detail::new(format!("{name}: got {got}, takes {takes}"))
}
