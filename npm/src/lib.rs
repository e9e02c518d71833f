//! The npm package's WebAssembly: the engine's inputs and outputs as functions of numbers and bytes, and the allocator.
//!
//! Nothing is called from in here. What is more than a few numbers crosses as a record: see `records`.
#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "on the host the exports are only checked")
)]

mod allocator;
mod clients;
mod exports;
mod records;

/// The standard allocator weighs 4 kB more.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: allocator::Blocks =
    allocator::Blocks::new(|pages| match core::arch::wasm32::memory_grow(0, pages) {
        usize::MAX => std::ptr::null_mut(),
        first => (first * 65536) as *mut u8,
    });
