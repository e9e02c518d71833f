// Starts four tasks in a simulated HubSpot, here in the page, and lets the package wait for each.
import { HubSpotTasks } from "hubspot-async-tasks";
import { createSimulator } from "hubspot-async-tasks/simulator";
import { addCard } from "./card.js";
import { TASKS } from "./tasks.js";

const list = document.querySelector("#tasks");
const news = document.querySelector("#news");
let running;

function run() {
  running?.abort();
  running = new AbortController();
  list.replaceChildren();
  news.replaceChildren();
  const simulator = createSimulator({ latencyMs: 150, seed: 0 });
  const runs = new Map();
  const client = new HubSpotTasks({ fetch: simulator.fetch, onEvent: (event) => runs.get(event.taskId)?.hear(event) });
  for (const task of TASKS) {
    const taskId = simulator.addTask(task.family, task.simulated);
    runs.set(taskId, follow(task, client[task.service].task(taskId), running.signal));
  }
}

/** Waits for a task and shows how it goes. Gives what hears of its polls. */
function follow({ family, title, fields }, task, signal) {
  const card = addCard(list, { family, title, fields }, task.id);
  const numbers = { polls: 0, isAsking: false };
  const show = () => card.showNumbers({ ...numbers, nextPollAt: task.checkpoint().dueMs });
  const ticking = setInterval(show, 100);
  const onStatus = (status) => {
    card.showState(status);
    announce(`${title}: ${status.status}`);
  };
  const end = (text, showEnd) => {
    clearInterval(ticking);
    if (signal.aborted) return; // run again: this card is gone
    show();
    showEnd();
    announce(`${title}: ${text}`);
  };
  task.wait({ signal, onStatus }).then(
    (finished) => end(finished.outcome, () => card.showFinished(finished)),
    (error) => end(error.message, () => card.showFault(error)),
  );
  return {
    hear({ type, poll }) {
      numbers.isAsking = type === "asked";
      if (type === "answered") numbers.polls = poll;
    },
  };
}

/** For those who do not see the cards. */
function announce(text) {
  const line = document.createElement("p");
  line.textContent = text;
  news.append(line);
}

document.querySelector("#again").addEventListener("click", run);
run();
