// Sees to it that the published packages are installed exactly as package-lock.json names them.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
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

/** Puts this package as built beside its peers, so that both are imported by their names, as their users do. */
export function linkThisPackage() {
  const link = new URL("node_modules/hubspot-async-tasks", here);
  if (!existsSync(link)) symlinkSync("../../pkg", link, "junction");
}

/** The version of a package that is measured. */
export const versionOf = (name) =>
  read(name === "hubspot-async-tasks" ? "../pkg/package.json" : `node_modules/${name}/package.json`).version;

/** The Node that runs the peers which ask for more than this one; undefined where there is none. */
export function newerNode() {
  const path = fileURLToPath(new URL(`node_modules/node-24-${process.platform}-${process.arch}/bin/node`, here));
  if (existsSync(path)) return path;
  return Number.parseInt(process.versions.node, 10) >= 22 ? process.execPath : undefined;
}

function isInstalled() {
  const packages = Object.entries(read("package-lock.json").packages);
  return packages.filter(([path, entry]) => path !== "" && isForThisMachine(entry)).every(([path, { version }]) => {
    try {
      return read(`${path}/package.json`).version === version;
    } catch {
      return false;
    }
  });
}

/** Optional packages are the builds of Node, each for one platform. */
const isForThisMachine = ({ os = [process.platform], cpu = [process.arch] }) =>
  [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
