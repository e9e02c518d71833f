export * from "./index.js";

/**
 * Takes the WebAssembly, before anything else is called: the file `hubspot-async-tasks/wasm` as a `WebAssembly.Module`, an
 * `ArrayBuffer` or a view of one (Node's `Buffer`), a `Response`, a URL (as such or as a string, to be fetched), or a
 * promise of one of these. Once it is there, further calls change nothing; after a failure it may be called again.
 *
 * Rejects with {@link HubSpotTaskError}: INVALID_ARGUMENT for anything else, a file of another version included, HTTP and
 * NETWORK where it cannot be loaded, WASM_BLOCKED where the host refuses to compile it.
 */
export function init(source: unknown): Promise<void>;
