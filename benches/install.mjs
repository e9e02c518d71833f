// Sees to it that the published packages are installed exactly as package-lock.json names them.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = new URL("./", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, here), "utf8"));

/** Installs what is missing or has another version. */
export function installPeers() {
  if (isInstalled()) return;
  console.error("installing the published packages (npm ci) …");
  // Some ask for a newer Node than the oldest that this project supports; they run on it all the same.
  const args = ["ci", "--loglevel=error", "--engine-strict=false"];
  const options = { cwd: fileURLToPath(here), stdio: ["ignore", 2, 2], shell: process.platform === "win32" };
  const { status } = spawnSync("npm", args, options);
  if (status !== 0 || !isInstalled()) throw new Error("npm ci failed in benches");
}

/** The version of a package that is measured. */
export const versionOf = (name) =>
  read(name === "hubspot-async-tasks" ? "../pkg/package.json" : `node_modules/${name}/package.json`).version;

function isInstalled() {
  const packages = Object.entries(read("package-lock.json").packages);
  return packages.filter(([path, entry]) => path !== "" && !entry.optional).every(([path, { version }]) => {
    try {
      return read(`${path}/package.json`).version === version;
    } catch {
      return false;
    }
  });
}
