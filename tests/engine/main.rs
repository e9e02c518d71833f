//! `engine::Engine` played against virtual time: the exact times of the polls, how each call ends, what comes first.
#![cfg(not(target_arch = "wasm32"))]

mod calls;
mod cost;
mod dice;
mod ends;
mod errands;
mod events;
mod faults;
mod model;
mod play;
mod random;
mod say;
mod shares;
mod times;
mod turns;
mod waiters;
mod watched;

use hubspot_async_tasks::engine::{Engine, Output, Reply, Settings};

/// A client may be moved to another thread: what cannot be does not compile here.
const _: () = {
    const fn is_send<T: Send>() {}
    is_send::<Engine>();
    is_send::<(Settings, Reply, Output)>();
};
