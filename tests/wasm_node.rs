//! The shared WebAssembly tests in Node: `wasm-pack test --node`.
#![cfg(target_arch = "wasm32")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_node_experimental);

mod wasm_shared;
