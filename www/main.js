// Starts four tasks in a simulated HubSpot, here in the page, and lets the package wait for each.
import { HubSpotTasks } from "hubspot-async-tasks";
import { createSimulator } from "hubspot-async-tasks/simulator";
import { addCard } from "./card.js";
import { createHost } from "./host.js";
import { TASKS } from "./tasks.js";

const list = document.querySelector("#tasks");
const news = document.querySelector("#news");
let running;

function run() {
  running?.abort();
  running = new AbortController();
  list.replaceChildren();
  news.replaceChildren();
  const simulator = createSimulator({ latencyMs: 150 });
  for (const task of TASKS) follow(task, simulator, running.signal);
}

async function follow({ family, service, simulated, ...shown }, simulator, signal) {
  const taskId = simulator.addTask(family, simulated);
  const host = createHost(simulator.fetch);
  const card = addCard(list, { family, ...shown }, taskId);
  const ticking = setInterval(() => card.showNumbers(host), 100);
  const onStatus = (status) => {
    card.showState(status);
    announce(`${shown.title}: ${status.status}`);
  };

  try {
    const client = new HubSpotTasks({ fetch: host.fetch, clock: host.clock });
    const finished = await client[service].task(taskId).wait({ signal, onStatus });
    card.showNumbers(host);
    card.showFinished(finished);
    announce(`${shown.title}: ${finished.outcome}`);
  } catch (error) {
    if (signal.aborted) return; // run again: this card is gone
    card.showNumbers(host);
    card.showFault(error);
    announce(`${shown.title}: ${error.message}`);
  } finally {
    clearInterval(ticking);
  }
}

/** For those who do not see the cards. */
function announce(text) {
  const line = document.createElement("p");
  line.textContent = text;
  news.append(line);
}

document.querySelector("#again").addEventListener("click", run);
run();
