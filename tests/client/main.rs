//! `client::Client` with a scripted server and a virtual clock: what is sent when, and what each wait is told.
#![cfg(not(target_arch = "wasm32"))]

mod budget;
mod carried;
mod clocks;
mod engine;
mod learning;
mod leaving;
mod news;
mod observer;
mod pauses;
mod random;
mod sharing;
mod status;
mod world;
