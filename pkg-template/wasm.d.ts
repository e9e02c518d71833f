/** What your bundler makes of the .wasm file, for `init()` of `hubspot-async-tasks/slim`. */
declare const wasm: unknown;
export default wasm;
