// Compiles the WebAssembly at first use, from bytes inlined by the build: importing never compiles and never waits, needs
// nothing of its host but TextDecoder and TextEncoder, and no bundler needs to know about a .wasm file. (No import.meta.url, no top-level await: both break
// HubSpot's builder for UI extensions.)
import * as glue from "#glue";
import { HubSpotTaskError } from "#error";
import * as imports from "#imports";
import { isFrequent, prefixes, size, text } from "#bytes";

glue.__wbg_set_wasm(new Proxy({}, { get: (_, name) => start()[name] }));

function start() {
  const { exports } = instantiate();
  glue.__wbg_set_wasm(exports);
  return exports;
}

function instantiate() {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes()), { a: imports });
  } catch (cause) {
    const message =
      "this host does not let WebAssembly be compiled here. Under a Content-Security-Policy, add 'wasm-unsafe-eval' to script-src";
    throw new HubSpotTaskError({ code: "WASM_BLOCKED", message, cause });
  }
}

/** Undoes the build's encoding: a byte is one character where it is frequent, else a prefix and one more. */
function bytes() {
  const ranked = ["1", "0"].flatMap((bit) => [...isFrequent].flatMap((is, byte) => (is === bit ? byte : [])));
  const bytes = [];
  for (let at = 0; at < text.length; at++) {
    let rank = indexOf(text.charCodeAt(at)) - prefixes;
    if (rank < 0) rank = (rank + prefixes + 1) * size - prefixes + indexOf(text.charCodeAt(++at));
    bytes.push(ranked[rank]);
  }
  return new Uint8Array(bytes);
}

/** The place in the alphabet: from # to ~, without the backslash. */
const indexOf = (code) => code - 35 - (code > 92);
