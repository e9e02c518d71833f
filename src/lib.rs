//! Ask HubSpot how an asynchronous task is going, and wait for it.
//!
//! Dependencies point one way: [`model`] and [`family`] know nobody, [`poll`] knows them, [`client`] knows `poll`,
//! and `web` (on WebAssembly only) knows `client`.
//!
//! | module | what it holds |
//! |---|---|
//! | [`model`] | what HubSpot sends: statuses, files, folders, errors |
//! | [`family`] | the four families of task: paths, ids, scopes, results |
//! | [`poll`] | **when** to ask: schedule, verdicts, one task's state machine; no clock, no I/O |
//! | [`client`] | drives `poll` with a [`client::Transport`] and a [`client::Clock`] that you give |
//! | `web` | **where** it runs: the host's fetch and timers, and the exports of the npm package |
#![deny(missing_docs)]

pub mod client;
pub mod family;
pub mod model;
pub mod poll;
#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(any(all(test, not(target_arch = "wasm32")), all(target_arch = "wasm32", feature = "npm")))]
mod allocator;

/// The npm package's own. The standard one weighs 4 kB more; a Rust front end chooses for itself.
#[cfg(all(target_arch = "wasm32", feature = "npm"))]
#[global_allocator]
static ALLOCATOR: allocator::Blocks =
    allocator::Blocks::new(|pages| match core::arch::wasm32::memory_grow(0, pages) {
        usize::MAX => std::ptr::null_mut(),
        first => (first * 65536) as *mut u8,
    });
