// A real terminal: tmux, which keeps a screen of so many columns and rows, and says what stands on it.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { project } from "../package/pack.mjs";
import { assertSecret, environment, folder, pause } from "./support.mjs";

const LIMIT_MS = 60_000;

/** Opens one with a shell in it; what is typed there goes through that shell. */
export function terminal({ columns = 100, rows = 16, url, env, cwd = folder() } = {}) {
  const socket = join(cwd, ".tmux");
  const tmux = (...args) => execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...args], { encoding: "utf8", env: variables });
  const variables = environment({
    PATH: `${join(project, "node_modules", ".bin")}:${process.env.PATH}`,
    PS1: "$ ",
    LC_ALL: "C.UTF-8",
    ...(url && { HUBSPOT_BASE_URL: url }),
    ...env,
  });
  tmux("new-session", "-d", "-x", String(columns), "-y", String(rows), "-c", cwd, "bash --norc --noprofile");
  after(() => tmux("kill-server"));
  /** What stands on it, without blank lines at its end. */
  const screen = (...more) => {
    const text = tmux("capture-pane", "-p", ...more).trimEnd();
    assertSecret(text);
    return text;
  };
  const until = async (found) => {
    for (const endMs = Date.now() + LIMIT_MS; ; ) {
      const text = screen();
      if (found.test(text)) return text;
      if (Date.now() > endMs) throw new Error(`the screen never shows ${found}:\n${screen()}`);
      await pause(30);
    }
  };
  return {
    cwd,
    screen,
    until,
    type: (text) => tmux("send-keys", "-l", `${text}\n`),
    key: (name) => tmux("send-keys", name),
    /** While what runs in it stands still: tmux tells of a new size some time after its screen has it. */
    async resize(width, height) {
      const shell = tmux("display-message", "-p", "#{pane_pid}").trim();
      const [child] = readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").trim().split(" ").map(Number);
      process.kill(child, "SIGSTOP");
      tmux("resize-window", "-x", String(width), "-y", String(height));
      await pause(1_000);
      process.kill(child, "SIGCONT");
    },
    /** The status of what was typed, once it has ended: while it runs, what is typed would move its lines. */
    async status() {
      tmux("send-keys", "-l", "echo status:$?\n");
      return Number(/status:(\d+)/.exec(await until(/^status:\d+$/m))[1]);
    },
  };
}
