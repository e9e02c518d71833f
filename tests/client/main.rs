//! `client::Client` with a scripted server and a virtual clock: what is sent when, and what each wait is told.
#![cfg(not(target_arch = "wasm32"))]

mod budget;
mod carried;
mod causes;
mod clocks;
mod details;
mod driver;
mod learning;
mod leaving;
mod news;
mod observer;
mod pauses;
mod sharing;
mod status;
mod threads;
mod told;
mod world;
