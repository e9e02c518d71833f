// How callers do a job, as users' programs do: start it, look in HubSpot where that is in doubt, wait, and bring what it made.
import { bring, readErrors } from "./bringing.mjs";
import { requestOf } from "./requests.mjs";

const SERVICES = { fileImport: "fileImports", folderUpdate: "folderUpdates", export: "exports", sourceCodeExtract: "sourceCodeExtracts", import: "imports" };
const CALLER = "caller";

/** More often nobody tries again. */
const MOST_ATTEMPTS = 60;

/** By then a start that is on its way has arrived. */
const LANDED_MS = 60_000;

export async function doJob(run, job) {
  await run.world.sleep(job.plan.beginsAtMs, CALLER);
  const handle = await startIt(run, job);
  if (!handle) return;
  job.taskId = handle.id;
  // Until the end, since nobody can tell when one is collected, and a run is to be the same each time.
  run.held.push(handle, ...run.seats.map((seat) => serviceOf(seat, job).task(handle.id)));
  await waitForIt(run, job, handle);
  if (job.plan.family === "import" && job.end !== "canceled") await readErrors(run, job);
  if (job.plan.family !== "export" || !job.end?.startsWith("succeeded")) return;
  for (const kind of job.plan.brings) await bring(run, job, kind, job.random.chance(0.5) ? handle : handle.id);
}

const serviceOf = ({ client }, { plan }) => client[SERVICES[plan.family]];

/** A handle of the task, once there is one. */
async function startIt(run, job) {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const seat = job.random.of(run.seats);
    const call = await startOnce(run, job, seat, attempt);
    const { handle, end } = call;
    if (handle) return handle;
    // Whose wait ended, or who finds it in HubSpot, goes on from there.
    const isInDoubt = end.isLeft || end.code === "UNKNOWN_OUTCOME";
    if (isInDoubt) await run.world.sleep(LANDED_MS, CALLER);
    const taskId = end.taskId ?? (isInDoubt || end.outcome ? run.startsOf(call)[0]?.taskId : undefined);
    if (taskId !== undefined) return serviceOf(seat, job).task(taskId);
    if (end.code === "INVALID_ARGUMENT" || end.code === "INTERNAL") return undefined;
    await run.world.sleep(end.retryAfterMs ?? job.random.between(1, 20_000), CALLER);
  }
  return undefined;
}

/** One call of start() or run(); gives its record. */
async function startOnce(run, job, seat, attempt) {
  const call = run.beginStart(job, seat);
  const { request, files } = requestOf(job, call.marker);
  Object.assign(call, { request, files });
  const options = job.plan.leaves && attempt === 0 ? { signal: (call.signal = run.leaver(job)) } : {};
  const service = serviceOf(seat, job);
  try {
    if (job.plan.isRun) {
      const { outcome, result } = await service.run(request, options);
      run.endStart(call, { outcome, result });
    } else {
      call.handle = await service.start(request, options);
      run.endStart(call, { taskId: call.handle.id });
    }
  } catch (error) {
    run.endStart(call, run.failed(error));
  }
  return call;
}

const ENDED = { FAILED: "failed", CANCELED: "canceled" };

/** To its end; whoever is told that asking again may help asks again. */
async function waitForIt(run, job, handle) {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const timeoutMs = attempt < 3 && job.random.chance(0.2) ? job.random.of([0, 5_000, 60_000]) : Infinity;
    const end = await handle.wait({ timeoutMs }).then(
      ({ outcome, result }) => ({ outcome, result }),
      (error) => run.failed(error),
    );
    job.end = end.outcome ?? ENDED[end.code] ?? end.code;
    job.result = end.result;
    if (end.outcome || ENDED[end.code]) return;
    await run.world.sleep(end.retryAfterMs ?? 1_000, CALLER);
  }
}
