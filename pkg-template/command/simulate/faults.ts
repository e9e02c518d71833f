// `--fault [CALL:]FAULT[*N]`: what goes wrong, by the names that the simulator has for it.
import type { ScriptedAnswer, SimulatedCall, Simulator, faults } from "../../simulator.js";
import { UsageError } from "../exit.js";
import { kebab, meant } from "../names.js";

const CALLS: readonly SimulatedCall[] = ["start", "status", "details", "errors", "cancel", "download"];

const MOST = 10_000;

/** What has no answer at all; "lost" is carried out, and nobody is told. */
const WITHOUT_ANSWER: Readonly<Record<string, ScriptedAnswer>> = {
  "network-error": "network-error",
  hang: "hang",
  lost: { carriedOut: "network-error" },
};

export function scriptFault(simulator: Simulator, ready: typeof faults, typed: string): void {
  const made = new Map(Object.entries(ready).map(([name, make]) => [kebab(name), () => make()]));
  const [, call, name = "", times = "1"] = /^(?:([a-z]+):)?([A-Za-z-]+)(?:\*(\d{1,5}))?$/.exec(typed) ?? [];
  const names = [...Object.keys(WITHOUT_ANSWER), ...made.keys()];
  const known = kebab(name);
  if (!names.includes(known)) throw new UsageError(`--fault: there is no ${JSON.stringify(typed)}${meant(known, names)}: takes ${names.join(", ")}`);
  const found = CALLS.find((one) => one === call);
  if (call !== undefined && !found) throw new UsageError(`--fault: there is no call ${JSON.stringify(call)}: takes ${CALLS.join(", ")}`);
  const count = Math.min(MOST, Number(times));
  const answers = Array.from({ length: count }, () => WITHOUT_ANSWER[known] ?? made.get(known)?.() ?? {});
  simulator.script(answers, found ? { call: found } : {});
}
