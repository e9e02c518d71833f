// The knobs, made of the table of settings: each turned one makes a new run, and the address holds what was turned.
import type { Stage } from "../stage.ts";
import type { WordKey } from "../words/en.ts";
import type { Speech } from "../words/words.ts";
import { DEFAULTS, KNOBS, type KnobName, readPermalink, writePermalink } from "../world/settings.ts";
import { type Choice, createChoice } from "./choice.ts";
import { element, newId, write } from "./dom.ts";

/** Those of the panel, in its order. The loop's habit and the speed stand where they belong. */
const SHOWN = ["tasks", "takes", "queue", "latency", "limit", "serverErrors", "dropped", "canceled", "errors"] as const satisfies KnobName[];
type Shown = (typeof SHOWN)[number] | "habit" | "speed";

/** How a knob's values are written. */
const TEXTS: Readonly<Record<Shown, (value: string, speech: Speech) => string>> = {
  tasks: (value, { number }) => number(Number(value)),
  takes: (value, { say }) => say("seconds", { seconds: Number(value) }),
  queue: (value, { say }) => say(`knob.queue.${value}` as WordKey),
  latency: (value, { number }) => `${number(Number(value))} ms`,
  limit: (value, { say }) => (value === "0" ? say("knob.limit.0") : say("knob.limit.of", { requests: Number(value) })),
  serverErrors: (value) => `${value} %`,
  dropped: (value) => `${value} %`,
  canceled: (value) => `${value} %`,
  errors: (value) => `${value} %`,
  habit: (value, { say }) => say(`knob.habit.${value}` as WordKey),
  speed: (value) => `× ${value}`,
};

/** A knob as a choice of its values. */
export function createKnob(name: Shown, label: string, stage: Stage, speech: Speech): Choice {
  const values: readonly (string | number)[] = KNOBS[name];
  const options = values.map((value) => ({ value: String(value), text: TEXTS[name](String(value), speech) }));
  const choice = createChoice(label, options, (text) => {
    const value = values.find((one) => String(one) === text);
    stage.set({ [name]: value });
  });
  choice.select.name = name;
  const show = () => {
    choice.show(String(stage.settings[name]));
  };
  stage.subscribe((change) => {
    if (change === "controls") show();
  });
  show();
  return choice;
}

export function createKnobs(stage: Stage, speech: Speech): HTMLElement {
  const { say } = speech;
  const titleId = newId();
  const hidden = element("input", { type: "checkbox", name: "hidden", id: newId() });
  hidden.addEventListener("change", () => {
    stage.set({ hidden: hidden.checked });
  });
  const aboutId = newId();
  hidden.setAttribute("aria-describedby", aboutId);
  const reset = element("button", { type: "button" }, say("knobs.reset"));
  reset.addEventListener("click", () => {
    stage.set(DEFAULTS);
  });
  const link = element("button", { type: "button" }, say("knobs.link"));
  link.addEventListener("click", () => {
    void navigator.clipboard.writeText(location.href).then(
      () => {
        write(link, say("knobs.link.done"));
      },
      () => undefined, // no clipboard: the address bar has the link
    );
  });

  const show = () => {
    hidden.checked = stage.settings.hidden;
    write(link, say("knobs.link"));
    const hash = writePermalink(stage.settings);
    if (location.hash !== hash) history.replaceState(null, "", hash || `${location.pathname}${location.search}`);
  };
  stage.subscribe((change) => {
    if (change === "controls") show();
  });
  show();
  addEventListener("hashchange", () => {
    stage.set(readPermalink(location.hash));
  });

  return element(
    "section",
    { className: "knobs", attributes: { "aria-labelledby": titleId } },
    element("div", { className: "knobs-head" }, element("h2", { id: titleId }, say("knobs")), element("div", { className: "row" }, reset, link)),
    element(
      "div",
      { className: "knobs-grid" },
      ...SHOWN.map((name) => createKnob(name, say(`knob.${name}`), stage, speech).node),
      element(
        "div",
        { className: "check" },
        hidden,
        element("div", {}, element("label", { htmlFor: hidden.id }, say("knob.hidden")), element("p", { id: aboutId, className: "quiet" }, say("knob.hidden.about"))),
      ),
    ),
  );
}
