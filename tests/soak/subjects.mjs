// What is done again and again, and must leave nothing behind. `unit` does one thing of the subject's.
import { PromptClock } from "../../benches/start/prompt-clock.mjs";

const processing = (poll) => ({ status: 202, body: JSON.stringify({ status: "PROCESSING", poll }) });
const complete = { status: 200, body: JSON.stringify({ status: "COMPLETE", result: "https://exports.example/1.csv" }) };

/** A client whose time passes as soon as nothing else is left to do. */
function clientOf(HubSpotTasks, clock, fetch, options) {
  return new HubSpotTasks({ clock, fetch, timeoutMs: Infinity, ...options });
}

/** One wait that goes on and on: each unit is a poll with another status. */
function polls(HubSpotTasks) {
  const clock = new PromptClock();
  const controller = new AbortController();
  let asked = 0;
  let goOn = () => {};
  let heard = () => {};
  const fetch = async () => {
    heard();
    await new Promise((resolve) => (goOn = resolve));
    return processing(++asked);
  };
  const client = clientOf(HubSpotTasks, clock, fetch, { maxIntervalMs: 1_000 });
  const first = new Promise((resolve) => (heard = resolve));
  const wait = client.exports.task("1").wait({ signal: controller.signal, onStatus: () => undefined });
  wait.catch(() => undefined);
  const unit = async () => {
    await first;
    const next = new Promise((resolve) => (heard = resolve));
    goOn();
    await next;
  };
  return { unit, clock, signal: controller.signal, holds: client, end: () => controller.abort() };
}

/** Another task each time, polled twice. */
function ids(HubSpotTasks) {
  const clock = new PromptClock();
  const { signal } = new AbortController();
  let asked = 0;
  const client = clientOf(HubSpotTasks, clock, async () => (++asked % 2 === 0 ? complete : processing(asked)));
  let id = 0;
  const unit = () => client.exports.task(String(++id)).wait({ signal });
  return { unit, clock, signal, holds: client };
}

/** Another client each time, which waits for one task, and has asked for another when it is dropped. */
function clients(HubSpotTasks) {
  const clock = new PromptClock();
  const { signal } = new AbortController();
  const unit = async () => {
    let asked = 0;
    const client = clientOf(HubSpotTasks, clock, async () => (++asked > 2 ? complete : processing(asked)));
    await client.exports.status("1", { signal });
    await client.exports.task("2").wait({ signal });
  };
  return { unit, clock, signal };
}

/** Another iterator each time: one that is never asked for a status, or one that got one, and is dropped. */
function iterators(HubSpotTasks) {
  const clock = new PromptClock();
  const { signal } = new AbortController();
  let asked = 0;
  const client = clientOf(HubSpotTasks, clock, async () => processing(++asked));
  let id = 0;
  const unit = async () => {
    const statuses = client.exports.task(String(++id)).statuses({ signal });
    if (id % 2 === 0) await statuses.next();
  };
  return { unit, clock, signal, holds: client };
}

/** By name; `units` is how often it is done. */
export const SUBJECTS = {
  polls: { title: "polls through one client", units: 200_000, make: polls },
  ids: { title: "ids one after the other", units: 200_000, make: ids },
  clients: { title: "clients made and dropped", units: 6_000, make: clients },
  iterators: { title: "abandoned iterators", units: 50_000, make: iterators },
};
