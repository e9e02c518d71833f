// Counts what a scenario met: a comparison of what never happens would pass, too.

/** Adds what is in a trace to the counts, by names such as "wait: TIMEOUT". */
export function tally(counts, { turns }, { clients, calls }) {
  const count = (what) => counts.set(what, (counts.get(what) ?? 0) + 1);
  const kinds = new Map(turns.flatMap(({ acts }) => acts).flatMap((act) => (act.do === "leave" ? [] : [[act.call, act.do]])));
  for (const { requests, tokenCalls, events } of clients) {
    for (const { end, path } of requests) count(`${path.endsWith("/status") ? "request" : "details"}: ${end?.is ?? "under way"}`);
    for (const { refresh } of tokenCalls) count(refresh ? "token: refresh" : "token");
    for (const { what } of events) count(`event: ${[what.type, what.reason ?? what.outcome].filter(Boolean).join(" ")}`);
  }
  for (const { call, told } of calls) {
    const kind = kinds.get(call);
    for (const { status, step, end } of told) {
      if (status) count(`${kind}: ${status.exportState ? "by details" : "status"}`);
      if (step) count(`${kind}: ${step.fault?.code ?? "step"}`);
      if (end) count(`${kind}: ${end.code ?? end.outcome ?? end.is}`);
      if (end?.code === "TIMEOUT" && end.fault) count(`${kind}: TIMEOUT after a fault`);
    }
  }
}

/** What 600 scenarios meet at least: half of what they met when this was written. */
export const LEAST = {
  "details: answered": 40,
  "event: answered": 5000,
  "event: asked": 6000,
  "event: changed": 800,
  "event: finished aborted": 50,
  "event: finished canceled": 10,
  "event: finished error": 400,
  "event: finished failed": 20,
  "event: finished succeeded": 100,
  "event: finished succeededWithErrors": 10,
  "event: retrying": 1000,
  "event: throttled budget": 1000,
  "event: throttled rate-limit": 100,
  "event: throttled retry-after": 100,
  "poll: HTTP": 50,
  "poll: INVALID_RESPONSE": 70,
  "poll: NETWORK": 100,
  "poll: RATE_LIMITED": 40,
  "poll: TIMEOUT": 10,
  "poll: UNAUTHORIZED": 20,
  "poll: canceled": 10,
  "poll: failed": 10,
  "poll: left": 10,
  "poll: running": 200,
  "poll: step": 300,
  "poll: succeeded": 70,
  "request: aborted": 1000,
  "request: answered": 10000,
  "status: HTTP": 50,
  "status: INVALID_RESPONSE": 50,
  "status: MIGRATING": 10,
  "status: NETWORK": 100,
  "status: RATE_LIMITED": 30,
  "status: UNAUTHORIZED": 30,
  "status: seen": 400,
  token: 4000,
  "token: refresh": 100,
  "wait: CANCELED": 30,
  "wait: FAILED": 50,
  "wait: FORBIDDEN": 10,
  "wait: HTTP": 50,
  "wait: INVALID_RESPONSE": 20,
  "wait: MIGRATING": 10,
  "wait: NETWORK": 40,
  "wait: RATE_LIMITED": 50,
  "wait: TIMEOUT": 400,
  "wait: TIMEOUT after a fault": 100,
  "wait: UNAUTHORIZED": 70,
  "wait: by details": 20,
  "wait: left": 100,
  "wait: status": 1000,
  "wait: succeeded": 200,
  "wait: succeededWithErrors": 20,
  "watch: HTTP": 10,
  "watch: NETWORK": 10,
  "watch: RATE_LIMITED": 10,
  "watch: TIMEOUT": 100,
  "watch: TIMEOUT after a fault": 40,
  "watch: UNAUTHORIZED": 20,
  "watch: left": 60,
  "watch: over": 100,
  "watch: status": 500,
};
