//! The async client: an [`engine`] on a [`Transport`] and a [`Clock`] that you give. It needs no runtime.
//!
//! [`Client::new`] gives a client and its **driver**, a future that you spawn once: the one task that owns the engine. It
//! is `Send` where the futures of the transport and of the clock are. What you hold ([`Client`], [`Task`], [`Wait`]) tells
//! it what you want, and hears from it; a wait that is held and not awaited keeps nobody waiting. The driver ends when the
//! last of those is gone. When it is dropped instead, every call ends with [`Code::Internal`](crate::poll::Code).
//!
//! | file | what it holds |
//! |---|---|
//! | `transport` | what a host must be able to do: send a request, tell the time, sleep |
//! | `news` | what calls and observers are told |
//! | `client`, `task` | what you hold: [`Client`], [`Task`], [`Wait`] |
//! | `known` | what those and the driver share: the engine, and what is known of each task |
//! | `calls` | who is to be told what |
//! | `driver` | the loop: what comes in and what goes out |
//! | `alarms` | the timers for what is to come |
//! | `desk` | what a command, a reply and an output mean |
//! | `tell` | what callers and the observer are told |
//!
//! ```
//! use std::future::{pending, ready};
//!
//! use futures::executor::LocalPool;
//! use futures::task::LocalSpawnExt;
//! use hubspot_async_tasks::client::{Client, Clock, Payload, Question, Reply, Settings, Transport};
//! use hubspot_async_tasks::family::{Family, TaskId};
//! use hubspot_async_tasks::poll::{Answer, Body, Limit, RateHeaders, Span, Timestamp};
//!
//! /// HubSpot's limit for the day is used up.
//! struct Server;
//!
//! impl Transport for Server {
//!     type Body = &'static str;
//!     type Detail = &'static str;
//!     type Repeat = ();
//!
//!     async fn ask(&self, _: Question, _: Option<()>) -> Reply<&'static str, &'static str, ()> {
//!         let (status, retry_after, server_time, limit) = (401, None, None, Limit::Rate);
//!         Reply {
//!             answer: Answer::Http { status, retry_after, server_time, limit, body: Body::Unreadable },
//!             payload: Payload::Fault("the token is wrong"),
//!             rate_headers: RateHeaders::default(),
//!             repeat: None,
//!         }
//!     }
//!
//!     fn late(&self, _: &Question) -> Reply<&'static str, &'static str, ()> {
//!         Reply::nothing("no answer came in time")
//!     }
//! }
//!
//! struct StandingClock;
//!
//! impl Clock for StandingClock {
//!     type Fault = &'static str;
//!
//!     fn now(&self) -> Result<Timestamp, &'static str> {
//!         Ok(Timestamp::from_ms(1_755_770_400_000))
//!     }
//!
//!     async fn sleep(&self, span: Span) -> Result<(), &'static str> {
//!         if span == Span::ZERO { ready(Ok(())).await } else { pending().await }
//!     }
//! }
//!
//! let (client, driver) = Client::new(Server, StandingClock, Settings::default());
//! let mut pool = LocalPool::new();
//! pool.spawner().spawn_local(driver)?;
//! let task = client.task(Family::Export, TaskId::new(Family::Export, "90151673")?);
//! let end = pool.run_until(task.wait(client.settings().engine.wait()).finished());
//! assert_eq!(end.map_err(|failure| failure.to_string()), Err("UNAUTHORIZED: the token is wrong".to_owned()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod alarms;
mod calls;
#[allow(clippy::module_inception, reason = "the client is what this module is named after")]
mod client;
mod desk;
mod driver;
mod known;
mod news;
mod task;
mod tell;
mod transport;

pub use crate::engine::{Ending, EventKind, ThrottleReason, Timeout, WaitSettings};
pub use client::Client;
pub use known::Name;
pub use news::{Event, Failure, Fault, Finished, News, PollStep, Polled, Seen};
pub use task::{Task, Wait};
pub use transport::{Clock, Payload, Question, Reply, Transport};

use crate::engine;
use crate::family::ApiVersion;

/// What all tasks of a client share, unless a checkpoint or a wait says otherwise.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Which version of HubSpot's API to ask.
    pub api_version: ApiVersion,
    /// How to ask. Whether somebody observes is decided by [`Client::new`] and [`Client::observed`].
    pub engine: engine::Settings,
}
