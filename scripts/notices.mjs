// The licences of the packages that the build puts into files of ours: each file carries those of what is in it.
import { readFileSync } from "node:fs";

/** A comment for the end of a file, as esbuild takes it. */
export function notices(...packages) {
  const texts = packages.map((name) => `${name}:\n${readFileSync(new URL(`../node_modules/${name}/LICENSE`, import.meta.url), "utf8").trim()}`);
  return { footer: { js: `/*\nThis file contains parts of\n${texts.join("\n\n")}\n*/` } };
}
