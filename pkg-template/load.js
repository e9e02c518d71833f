// Compiles the WebAssembly at first use, from bytes inlined by the build: importing never compiles and never waits, needs
// nothing of its host but TextDecoder and TextEncoder, and no bundler needs to know about a .wasm file. (No import.meta.url, no top-level await: both break
// HubSpot's builder for UI extensions.)
import * as glue from "#glue";
import { HubSpotTaskError } from "#error";
import { imports } from "#imports";
import { code } from "#bytes";
import { decode } from "./decode.js";

glue.__wbg_set_wasm(new Proxy({}, { get: (_, name) => start()[name] }));

function start() {
  const { exports } = instantiate();
  glue.__wbg_set_wasm(exports);
  return exports;
}

function instantiate() {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(decode(code)), { a: imports });
  } catch (cause) {
    const message =
      "this host does not let WebAssembly be compiled here. Under a Content-Security-Policy, add 'wasm-unsafe-eval' to script-src";
    throw new HubSpotTaskError({ code: "WASM_BLOCKED", message, cause });
  }
}
