// Where a case's tools are: the npm packages of this folder's package.json, the package under test, and what the
// machine has on its PATH.
import { createHash } from "node:crypto";
import { accessSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installed as packed, npm } from "../package/pack.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "hubspot-async-tasks");

/** Why a case cannot run on this machine. */
export class Missing extends Error {}

/**
 * Installs the tools, once for each lock file, outside of the checkout: a consumer finds nothing there that its user
 * would not have.
 */
function install() {
  const lock = readFileSync(join(here, "package-lock.json"));
  const folder = join(cache, `matrix-${createHash("sha256").update(lock).digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  console.log("matrix: installing its tools (some minutes, once)");
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, "installing-"));
  try {
    for (const file of ["package.json", "package-lock.json"]) cpSync(join(here, file), join(draft, file));
    // Not `npm ci`: it wants the builds for all platforms to be had, where `install` needs this one's only.
    npm(draft, "install", "--no-audit", "--no-fund");
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // else somebody else was faster
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Makes ready for a run: the tools, and a folder of its own in which the packed package is installed. */
export async function prepare() {
  const tools = install();
  const work = mkdtempSync(join(tools, "run-"));
  process.once("exit", () => rmSync(work, { recursive: true, force: true }));
  const installed = join(work, "node_modules", "hubspot-async-tasks");
  cpSync(packed, installed, { recursive: true });
  const { createSimulator } = await import(pathToFileURL(join(installed, "simulator.js")));
  return { tools, work, installed, createSimulator, piece: distinctivePiece(installed) };
}

/** A part of the inlined bytes that no bundler has a reason to write in another way, and that is there once. */
function distinctivePiece(installed) {
  const text = readFileSync(join(installed, "index.js"), "utf8");
  const bytes = text.match(/"[^"\n]{10000,}"/)?.[0] ?? "";
  const pieces = (bytes.match(/[\w!#%()*+,./:;=?@[\]^|~-]{24,}/g) ?? []).filter((piece) => text.split(piece).length === 2);
  if (pieces.length === 0) throw new Error("no piece of index.js's inlined bytes is to be recognised in a bundle");
  return pieces[Math.floor(pieces.length / 2)];
}

/** Looks a program up on the PATH, by any of its names. */
export function onPath(...names) {
  for (const name of names) {
    for (const folder of process.env.PATH.split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not here
      }
    }
  }
  throw new Missing(`${names.join(" or ")} is not on the PATH`);
}

const nodePackage = (major) => `node-${major}-${process.platform}-${process.arch}`;
const nodeIn = (tools, major) => join(tools, "node_modules", nodePackage(major), "bin", "node");

/** Node of a major version: from the npm registry, or the one that runs this. */
export function node(tools, major) {
  if (existsSync(nodeIn(tools, major))) return nodeIn(tools, major);
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  throw new Missing(`${nodePackage(major)} is not among the packages of tests/matrix/package.json`);
}

/** The Node that runs bundlers and test runners: some of them want more than Node 20. */
export const nodeOfTools = (tools) => [nodeIn(tools, 24), process.execPath].find(existsSync);
