// One run of the command: arguments, the command itself, what is told of its end, and the exit status.
import process from "node:process";
import type { TaskAbortSignal } from "../entries/index.js";
import { Given, readArguments } from "./args.js";
import { COMMANDS } from "./commands.js";
import type { Context } from "./context.js";
import { createDisplay } from "./display.js";
import { tellFailure } from "./ends.js";
import { INTERRUPTED, Interrupted, NobodyReads, TERMINATED, statusOf } from "./exit.js";
import { Output } from "./output.js";

const NOTHING_GIVEN = new Given(new Map(), new Set());

/** The first one ends what is under way, so that where it stands is noted; the second one ends the process, as if unheard. */
function interrupts(): TaskAbortSignal {
  const interrupt = new AbortController();
  const hear = (name: "SIGINT" | "SIGTERM", status: number) => {
    const heard = () => {
      if (!interrupt.signal.aborted) {
        interrupt.abort(new Interrupted(status));
        return;
      }
      // Not by process.exit(), which waits for files that are being read.
      process.off(name, heard);
      process.kill(process.pid, name);
    };
    process.on(name, heard);
  };
  hear("SIGINT", INTERRUPTED);
  hear("SIGTERM", TERMINATED);
  return interrupt.signal as TaskAbortSignal;
}

export async function main(argv: readonly string[]): Promise<number> {
  const output = new Output();
  const signal = interrupts();
  const hints: string[] = [];
  // What is refused before it is read is told in the same way.
  const json = new Given(new Map(), new Set(["json"]));
  const about: Context["about"] = {};
  let shown: Pick<Context, "given" | "output" | "display"> = {
    given: argv.includes("--json") ? json : NOTHING_GIVEN,
    output,
    display: await createDisplay(true),
  };
  let status: number;
  try {
    const asked = readArguments(argv);
    // What is watched is told on the standard output.
    const display = await createDisplay(asked.given.has("quiet") || asked.command === "watch");
    output.above = (write) => { display.above(write); };
    const context: Context = { ...asked, output, display, signal, about, hints };
    shown = context;
    status = await COMMANDS[asked.command](context);
    await output.end();
  } catch (error) {
    status = statusOf(error);
    shown.display.end();
    if (!(error instanceof NobodyReads)) tellFailure(shown, error, about.task);
  }
  shown.display.end();
  for (const hint of hints) shown.display.complain(hint);
  return status;
}
