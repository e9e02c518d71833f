// Compiles the WebAssembly at first use, from bytes inlined by the build: importing never compiles, never waits and
// never throws, and no bundler needs to know about a .wasm file. (No import.meta.url, no top-level await: both break
// HubSpot's builder for UI extensions.)
import * as glue from "#glue";
import { HubSpotTaskError } from "#error";
import bytesAsHex from "#bytes";

glue.__wbg_set_wasm(new Proxy({}, { get: (_, name) => start()[name] }));

function start() {
  const { exports } = instantiate();
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  return exports;
}

function instantiate() {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes()), { "./glue_bg.js": glue });
  } catch (cause) {
    throw new HubSpotTaskError(
      "this host does not let WebAssembly be compiled here. Under a Content-Security-Policy, add 'wasm-unsafe-eval' to script-src",
      { code: "WASM_BLOCKED", cause },
    );
  }
}

/** Hex rather than base64: it compresses to less. */
function bytes() {
  return Uint8Array.from({ length: bytesAsHex.length / 2 }, (_, index) =>
    parseInt(bytesAsHex.substr(index * 2, 2), 16),
  );
}
