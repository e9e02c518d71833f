// Weighs a subject, in the same way for all: what its user imports, as one minified bundle.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Bytes `{ raw, gzip, brotli }` of a subject, whose names are resolved from `folder`. Each file is compressed alone. */
export async function weigh({ contents, options, files = [] }, folder) {
  const parts = files.map((name) => readFileSync(join(folder, name)));
  if (contents !== undefined) parts.push(await bundle(contents, folder, options));
  const sum = (sizeOf) => parts.reduce((total, part) => total + sizeOf(part), 0);
  return {
    raw: sum((part) => part.length),
    gzip: sum((part) => gzipSync(part, { level: 9 }).length),
    brotli: sum((part) => brotliCompressSync(part).length),
  };
}

async function bundle(contents, resolveDir, options) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
    ...options,
  });
  return outputFiles[0].contents;
}
