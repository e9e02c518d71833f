// One task's card: a copy of the template in index.html, and what is written into it.
import { isHubSpotTaskError } from "hubspot-async-tasks";

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Adds the card of a task to `list`. */
export function addCard(list, { family, title, fields }, taskId) {
  const card = document.querySelector("#card").content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(`[data-testid="${name}"]`);
  const write = (name, text) => {
    if (part(name).textContent !== text) part(name).textContent = text;
  };
  const requestedAt = Date.now();

  card.dataset.family = family;
  write("title", title);
  write("family", family);
  write("id", taskId);
  list.append(card);

  const end = (outcome, ...content) => {
    card.dataset.outcome = outcome;
    write("outcome", outcome);
    write("nextPoll", "none");
    part("ending").replaceChildren(...content);
  };

  return {
    showState({ status }) {
      card.dataset.state = status;
      write("state", status);
    },

    showNumbers({ polls, isAsking, nextPollAt }) {
      const wait = nextPollAt - Date.now();
      write("age", seconds(Date.now() - requestedAt));
      write("polls", String(polls));
      write("nextPoll", isAsking ? "asking" : wait > 0 ? `in ${seconds(wait)}` : "now");
    },

    showFinished({ outcome, status, result, polls, detectionDelayMs }) {
      write("polls", String(polls));
      write("delay", detectionDelayMs === undefined ? "unknown" : seconds(detectionDelayMs));
      end(outcome, ...resultContent(result, fields), ...(status.errors ?? []).map(errorContent));
    },

    showFault(error) {
      const code = isHubSpotTaskError(error) ? error.code : error.name;
      const errors = error.lastStatus?.errors ?? [];
      end(code, element("p", { className: "error" }, error.message), ...errors.map(errorContent));
    },
  };
}

function resultContent(result, fields) {
  if (result === undefined) return [element("p", {}, "A task of this family has no result.")];
  if (typeof result === "string") {
    return [element("p", {}, link(result)), element("p", { className: "note" }, EXPORT_NOTE)];
  }
  const rows = fields.flatMap((name) => [element("dt", {}, name), element("dd", {}, value(result[name]))]);
  return [element("dl", { className: "fields" }, ...rows)];
}

const EXPORT_NOTE = "HubSpot’s links live for five minutes. This one is simulated: nothing is behind it.";

function errorContent({ category, message }) {
  return element("p", { className: "error" }, element("strong", {}, `${category}: `), message);
}

const value = (content) => (/^https:/.test(content) ? link(content) : String(content));

const link = (href) => element("a", { href, rel: "noreferrer" }, href);

/** Text goes in as text, never as HTML: it comes from a server. */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
