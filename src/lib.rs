//! Ask HubSpot how an asynchronous task is going, and wait for it.
//!
//! Dependencies point one way: [`model`] and [`family`] know nobody, [`poll`] knows `family`, [`read`] knows `model`,
//! `family` and `poll`, [`engine`] knows `family` and `poll`, [`client`] knows `family`, `poll`, `read` and `engine`, and `web`
//! (on WebAssembly only) knows `poll`, `read`, `engine` and `client`.
//!
//! | module | what it holds |
//! |---|---|
//! | [`model`] | what HubSpot sends and takes: statuses, files, folders, imports, errors; what starts a task |
//! | [`family`] | the families of task as data: paths, ids, words, scopes, results; the five built-in ones |
//! | [`poll`] | **when** to ask: schedule, verdicts, one task's state machine; no clock, no I/O |
//! | [`engine`] | the same for all tasks of a client: asked, one output at a time |
//! | [`read`] | an answer (status, headers, body): what it says, for `poll` and for whoever waits |
//! | [`client`] | runs an engine on a [`client::Transport`] and a [`client::Clock`] that you give |
//! | `web` | **where** it runs, in front ends: that transport and clock on the host's fetch and timers |
#![deny(missing_docs)]

pub mod client;
pub mod engine;
pub mod family;
pub mod model;
pub mod poll;
pub mod read;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod web;
