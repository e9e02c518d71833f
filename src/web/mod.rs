//! **Where** it runs: the host's fetch, timers and abort signals, and the exports of the npm package.
//!
//! Whatever the caller gave (functions, objects with getters, a fetch of its own) may throw, return anything or never
//! answer: every access here catches, and nothing is borrowed while the caller's code runs.
//!
//! | file | what it holds |
//! |---|---|
//! | `host`, `given`, `sender` | what host.js and requests.js do for the wasm |
//! | `fault` | what went wrong, ready to be told |
//! | `base_url`, `headers`, `token` | where requests go and what they carry |
//! | `fetch` | sends a request |
//! | `answer` | what an answer says |
//! | `clock` | time and timers |
//! | `clients` | the clients that api.js holds, by number (this and what follows: feature `npm`) |
//! | `driver` | runs the engine on the host's callbacks |
//! | `told` | what calls are told |
//! | `exports` | the npm package's surface |

mod answer;
mod base_url;
mod clock;
mod fault;
mod fetch;
mod given;
mod headers;
mod host;
mod sender;
mod token;

#[cfg(feature = "npm")]
mod clients;
#[cfg(feature = "npm")]
mod driver;
#[cfg(feature = "npm")]
mod exports;
#[cfg(feature = "npm")]
mod told;

pub use answer::StatusBody;
pub use base_url::BaseUrl;
pub use clock::HostClock;
pub use fault::Detail;
pub use fetch::FetchTransport;
pub use headers::CallerHeaders;
pub use token::Token;

#[cfg(feature = "npm")]
pub use exports::{
    checkpoint, close_client, latest, learned, open_client, open_task, outcome_of, resume_task,
};
