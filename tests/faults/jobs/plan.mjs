// What is to happen in one run of jobs: a job is a task that is started, waited for, and what it made brought.
import { Random } from "../../differential/random.mjs";

export const FAMILIES = ["export", "export", "export", "import", "fileImport", "folderUpdate", "sourceCodeExtract"];

/** So many of a hundred requests for a status go wrong. */
export const STATUS_FAULTS_PERCENT = 15;

export function jobsPlanOf(seed, jobs) {
  const random = new Random(seed);
  const beginsUntilMs = random.of([2_000, 60_000, 300_000]);
  return {
    seed,
    tokens: random.weighed([[1, "none"], [1, "string"], [3, "function"]]),
    jitterMs: random.of([5, 100, 400]),
    /** So many of a hundred starts, and of the requests for files, go wrong. */
    startFaultsPercent: random.of([30, 50, 90]),
    fileFaultsPercent: random.of([20, 40, 60, 80]),
    simulator: {
      locatorLinks: random.of(["map", "array"]),
      exportQueue: random.chance(0.2),
      importQueue: random.chance(0.3),
      downloads: {
        livesMs: random.of([300_000, 300_000, 30_000, 3_000]),
        zipOverBytes: random.of([2_000_000, 20_000, 1_000]),
        rowsPerFile: random.of([1_000_000, 200, 20]),
        hasRanges: random.chance(0.7),
      },
    },
    options: {
      rateLimit: random.weighed([[1, false], [2, { requests: random.between(2, 15), perMs: random.of([1_000, 5_000, 10_000]) }]]),
      apiVersion: random.of(["v3", "2025-09", "2026-03", "2026-09"]),
      minIntervalMs: random.of([200, 1_000, 5_000]),
      maxIntervalMs: random.of([5_000, 60_000]),
      requestTimeoutMs: random.of([2_000, 10_000, 30_000]),
      maxConcurrent: random.of([1, 3, 20]),
      timeoutMs: Infinity,
    },
    jobs: Array.from({ length: jobs }, (_, number) => jobOf(random, seed * 1_000 + number, beginsUntilMs)),
  };
}

function jobOf(random, seed, beginsUntilMs) {
  const family = random.of(FAMILIES);
  const hasErrors = family !== "sourceCodeExtract";
  const outcome = random.weighed([[10, "succeeded"], [1, "canceled"], ...(hasErrors ? [[2, "succeededWithErrors"], [1, "failed"]] : [])]);
  const durationMs = () => Math.round(random.of([0, 2_000, 20_000, 120_000]) * (0.5 + random.next()));
  const errors = ["succeededWithErrors", "failed"].includes(outcome) ? random.of([1, 99, 100, 101, 250]) : undefined;
  return {
    seed,
    family,
    outcome,
    beginsAtMs: random.between(0, beginsUntilMs),
    /** Whether it is started by run(), which waits as well. */
    isRun: random.chance(0.3),
    leaves: random.chance(0.25),
    /** What is done with an export's file, one after the other. */
    brings: random.list(1, 2, () => random.of(["download", "download", "rows", "saveTo", "saveTo"])),
    fileCount: random.between(1, 3),
    simulated: {
      outcome,
      pendingMs: durationMs(),
      processingMs: durationMs(),
      ...(errors && { errors }),
      ...(family === "export" && { file: fileOf(random) }),
    },
  };
}

function fileOf(random) {
  const format = random.weighed([[12, "CSV"], [1, "XLS"]]);
  const rows = format === "XLS" ? random.between(0, 50) : random.of([0, 1, 3, 25, 200, 200, 1_000, 5_000]);
  return { format, rows, ...(random.chance(0.05) && { content: random.of(["", "Email\n", "a,b\r\n1,2"]) }) };
}
