// What modules import with a # is made by the build: scripts/assemble.mjs.

/** The WebAssembly's bytes, inlined. */
declare module "#bytes" {
  export const hex: string;
}

/** The WebAssembly as a module of its own. */
declare module "#wasm" {
  const module: WebAssembly.Module;
  export default module;
}

/** The WebAssembly compiled to JavaScript. */
declare module "#js" {
  /** Gives the exports of a new instance. */
  export function instantiate(): object;
}

/** Tells the .wasm files of two builds apart. */
declare module "#build" {
  export const build: string;
}
