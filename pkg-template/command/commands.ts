// Which function runs which command.
import { download } from "./commands/download.js";
import { proxy } from "./commands/proxy.js";
import { run } from "./commands/run.js";
import { simulate } from "./commands/simulate.js";
import { start } from "./commands/start.js";
import { status } from "./commands/status.js";
import { wait } from "./commands/wait.js";
import { watch } from "./commands/watch.js";
import type { Context } from "./context.js";
import type { CommandName } from "./usage.js";

/** Each gives its exit status, or throws what exit.ts has one for. */
export const COMMANDS: Readonly<Record<CommandName, (context: Context) => Promise<number>>> = {
  run,
  start,
  wait,
  status,
  watch,
  download,
  simulate,
  proxy,
};
