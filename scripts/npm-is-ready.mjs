#!/usr/bin/env node
// Exits 0 when node_modules holds every package of package-lock.json in its version, 1 when something is missing.
import { readFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), "utf8"));

/** A package for another platform is listed in the lock file and rightly not installed. */
const wanted = ([path, entry]) => path !== "" && !entry.link && !entry.optional && !entry.devOptional;

const installed = ([path, entry]) => {
  try {
    return read(`${path}/package.json`).version === entry.version;
  } catch {
    return false;
  }
};

const packages = Object.entries(read("package-lock.json").packages);
process.exitCode = packages.filter(wanted).every(installed) ? 0 : 1;
