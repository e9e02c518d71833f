// The parts of a simulator, made as its options say.
import { Account } from "./account.js";
import { definedFamily } from "./defined.js";
import { FAMILIES, type Family } from "./families.js";
import { Files } from "./files.js";
import { IMPORTS } from "./imports.js";
import type { SimulatorOptions } from "./options.js";
import { firstSerial } from "./random.js";
import { rateLimiter } from "./rate-limit.js";
import { type SimulatorClock, urlOf } from "./requests.js";
import { Tasks } from "./tasks.js";
import { requireDuration, requireOneOf, requireWhole } from "./values.js";

/** The host's clock, looked up at each call so that a test's fake timers are used. */
const hostClock: SimulatorClock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (handle) => {
    globalThis.clearTimeout(handle);
  },
};

/** Throws for an option with a wrong value. */
export function setUp(options: SimulatorOptions) {
  const clock = options.clock ?? hostClock;
  const now = () => clock.now();
  const limiter = options.rateLimit === undefined ? undefined : rateLimiter(options.rateLimit);
  const seed = requireWhole("seed", options.seed ?? 0);
  const families = familiesOf(options);
  const queued = queuedOf(families, options);
  const tasks = new Tasks(families, { now, queued, seed, firstSerial: firstSerial(options.seed) });
  const files = new Files(downloadsOf(options), now, tasks.newUuid);
  const account = new Account({
    now,
    tasks,
    files,
    showsLimits: !limiter,
    startedTask: options.startedTask ?? {},
    locatorLinks: requireOneOf("locatorLinks", options.locatorLinks ?? "map", { map: "map", array: "array" } as const),
    exportsPerDay: limitOf("exportsPerDay", options.exportsPerDay),
    importRows: limitOf("importRows", options.importRows),
  });
  const cors = requireOneOf("cors", options.cors ?? "none", { none: "none", open: "open" } as const);
  const prefix = options.baseUrl ? urlOf(options.baseUrl).pathname.replace(/\/$/, "") : "";
  return { clock, cors, prefix, limiter, families, account, tasks, files };
}

function familiesOf({ families = [] }: SimulatorOptions): readonly Family[] {
  const all = [...FAMILIES, IMPORTS, ...families.map(definedFamily)];
  for (const [index, { name }] of all.entries()) {
    if (all.findIndex((other) => other.name === name) < index) throw new TypeError(`there is a family ${name} already`);
  }
  return all;
}

/** The names of the families whose tasks queue. */
function queuedOf(families: readonly Family[], { exportQueue = false, importQueue = false }: SimulatorOptions): string[] {
  const isAsked: Readonly<Record<string, boolean>> = { fileImport: false, folderUpdate: false, sourceCodeExtract: false, export: exportQueue, import: importQueue };
  return families.filter(({ name, runsAtOnce }) => isAsked[name] ?? runsAtOnce !== Infinity).map(({ name }) => name);
}

const limitOf = (what: string, given: number | undefined) => (given === undefined ? Infinity : requireWhole(what, given));

/** A copy, since some of it may be changed later on. */
function downloadsOf({ downloads = {} }: SimulatorOptions) {
  requireDuration("downloads.livesMs", downloads.livesMs ?? 0);
  requireWhole("downloads.zipOverBytes", downloads.zipOverBytes ?? 0);
  requireWhole("downloads.rowsPerFile", downloads.rowsPerFile ?? 1, 1);
  return { ...downloads };
}
