// A real Chromium for tests, the matrix and benchmarks: that of the machine, found on the PATH.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** What it may be called. */
export const NAMES = ["chromium", "google-chrome", "chromium-browser"];
// Nothing that Chromium does by itself goes to the network.
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts it; throws where there is none. */
export function launch() {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(`no browser on the PATH: ${NAMES.join(", ")}`);
  // Chromium refuses to run as root with a sandbox.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args: [...FLAGS, ...sandbox] });
}

/** Its path; undefined where there is none. */
export function findChromium() {
  const paths = NAMES.flatMap((name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name)));
  return paths.find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
