//! `client::Client` with a scripted server and a virtual clock: what is sent when, and what each wait is told.
#![cfg(not(target_arch = "wasm32"))]

mod clocks;
mod leaving;
mod news;
mod pauses;
mod sharing;
mod status;
mod world;
