// www/world/ as a module for Node, with the built package.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What the modules below www/ export, together. */
export async function load(...paths) {
  const folder = mkdtempSync(join(tmpdir(), "demo-world-"));
  const outfile = join(folder, "module.mjs");
  try {
    await build({
      stdin: { contents: paths.map((path) => `export * from "./${path}";`).join("\n"), resolveDir: here("../../www") },
      bundle: true,
      format: "esm",
      outfile,
      logLevel: "warning",
      alias: { "hubspot-async-tasks/simulator": here("../../pkg/simulator.js") },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
