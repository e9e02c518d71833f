//! `poll::TaskPoll` played against virtual time: the exact times of the polls, and how each wait ends.
#![cfg(not(target_arch = "wasm32"))]

mod ends;
mod faults;
mod play;
mod random;
mod times;
mod waiters;
