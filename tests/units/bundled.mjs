// Loads one of the package's TypeScript modules by itself, with all that it imports.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const template = new URL("../../pkg-template/", import.meta.url);

let copies = 0;

/** A new copy of a module; `stubs` are texts in the place of what it imports, by the name that it imports them by. */
export async function bundled(module, stubs = {}) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(module, template))],
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    write: false,
    plugins: [stubbed(stubs)],
  });
  const text = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${text}#${++copies}`);
}

const stubbed = (stubs) => ({
  name: "stubbed",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path }) => (Object.hasOwn(stubs, path) ? { path, namespace: "stub" } : undefined));
    onLoad({ filter: /.*/, namespace: "stub" }, ({ path }) => ({ contents: stubs[path] }));
  },
});
