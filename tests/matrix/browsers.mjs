// Opens pages in real browsers. A page, and what it took to open it, ends with the signal.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { NAMES, findChromium, launch } from "../chromium.mjs";
import { start } from "./processes.mjs";
import { Missing, onPath } from "./tools.mjs";
import { open } from "./webdriver.mjs";

/** One Chromium for all cases, each in a context of its own. */
let chromiumBrowser;

async function openInChromium(url, { signal }) {
  if (!findChromium()) throw new Missing(`${NAMES.join(" or ")} is not on the PATH`);
  chromiumBrowser ??= launch();
  const context = await (await chromiumBrowser).newContext();
  signal.addEventListener("abort", () => context.close().catch(() => {}));
  await (await context.newPage()).goto(url);
}

export async function closeChromium() {
  await (await chromiumBrowser)?.close();
}

async function openInFirefox(url, { folder, signal }) {
  const binary = onPath("firefox-esr", "firefox");
  const profiles = join(folder, "profiles");
  mkdirSync(profiles);
  await open(url, {
    driver: onPath("geckodriver"),
    args: (port) => ["--port", String(port), "--profile-root", profiles],
    capabilities: { "moz:firefoxOptions": { binary, args: ["-headless"] } },
    signal,
  });
}

/** Where distributions put WebKitGTK's own small browser, which is on no PATH. */
const MINI_BROWSERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/libexec"].flatMap(
  (folder) => ["4.1", "4.0"].map((version) => `${folder}/webkit2gtk-${version}/MiniBrowser`),
);

async function openInWebKit(url, { signal }) {
  const driver = onPath("WebKitWebDriver");
  const binary = MINI_BROWSERS.find(existsSync);
  if (!binary) throw new Missing("WebKitGTK's MiniBrowser is not in /usr/lib or /usr/libexec");
  const { match } = await start(onPath("Xvfb"), ["-displayfd", "1", "-nolisten", "tcp"], { signal, ready: /^(\d+)\n/m });
  await open(url, {
    driver,
    args: (port) => [`--port=${port}`],
    capabilities: { "webkitgtk:browserOptions": { binary, args: ["--automation"] } },
    env: { DISPLAY: `:${match[1]}` },
    signal,
  });
}

export const BROWSERS = { Chromium: openInChromium, Firefox: openInFirefox, WebKitGTK: openInWebKit };
