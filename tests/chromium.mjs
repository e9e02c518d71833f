// A real Chromium for tests: that of the machine, found on the PATH.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "google-chrome", "chromium-browser"];
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch() {
  // Chromium refuses to run as root with a sandbox.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: executable(), args: [...FLAGS, ...sandbox] });
}

function executable() {
  const paths = NAMES.flatMap((name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name)));
  const found = paths.find(isExecutable);
  if (!found) throw new Error(`no browser on the PATH: ${NAMES.join(", ")}`);
  return found;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
