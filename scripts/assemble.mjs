#!/usr/bin/env node
// Assembles pkg/ out of pkg-template/ and wasm-pack's output in target/wasm-pack/: inlined bytes, ESM and CJS, types.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
