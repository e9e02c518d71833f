// The three ways to begin: a request that is filled in, an id, a checkpoint.
import type { Checkpoint } from "hubspot-async-tasks";
import { createChoice } from "../../view/choice.ts";
import { element, write } from "../../view/dom.ts";
import type { Family } from "../../world/plan.ts";
import { createButton, createRadios, show } from "../controls.ts";
import type { Asked } from "../journal.ts";
import { KNOWN_ID } from "./account.ts";
import { FAMILIES, askedFor, fieldsOf, firstFilled, isFamily } from "./families.ts";
import { type RequestForm, createFieldView, createRequestForm } from "./form.ts";
import { SCENARIOS, type Scenario, fits } from "./scenarios.ts";
import type { TaskSpeech } from "./words.ts";

export interface Doing {
  start(family: Family, asked: Asked, scenario: Scenario): void;
  enter(family: Family, id: string): void;
  /** Throws for what is no checkpoint. */
  resume(checkpoint: Checkpoint): void;
  /** Something else is filled in. */
  changed(): void;
}

export interface Begin {
  readonly node: HTMLElement;
  /** What would be done now; undefined where it makes no sense yet. */
  draft(): { how: "start"; family: Family; asked: Asked } | { how: "id"; family: Family; id: string } | undefined;
  /** The simulator can be told how a task goes; a server cannot. */
  setSimulated(isSimulated: boolean): void;
}

const FIRST: Family = "export";

export function createBegin(speech: TaskSpeech, doing: Doing): Begin {
  const { say } = speech;
  const picture = new URL(document.querySelector<HTMLLinkElement>("link[rel=icon]")?.href ?? "icon.svg", location.href).href;
  const forms = new Map<Family, RequestForm>();
  const formOf = (family: Family): RequestForm => {
    const form = forms.get(family) ?? createRequestForm(family, firstFilled(family, picture), speech);
    forms.set(family, form);
    return form;
  };

  let family = FIRST;
  const place = element("div", {});
  const families = createChoice(say("task.family"), FAMILIES.map((value) => ({ value, text: say(`task.family.${value}`) })), (value) => {
    if (isFamily(value)) family = value;
    update();
  });
  families.select.name = "family";
  families.show(FIRST);
  const scenario = createChoice(say("task.scenario"), SCENARIOS.map((value) => ({ value, text: say(`task.scenario.${value}`) })), () => undefined);
  scenario.select.name = "scenario";
  const chosen = () => SCENARIOS.find((one) => one === scenario.select.value) ?? "succeeds";

  /** Undefined, and a complaint, where a field cannot be read. */
  function asked(): Asked | undefined {
    const form = formOf(family);
    for (const [name] of fieldsOf(family)) form.complain(name, "");
    try {
      return askedFor(family, form.filled());
    } catch {
      const [name] = fieldsOf(family).find(([, { kind }]) => kind === "json") ?? [""];
      form.complain(name, say("task.json.bad", { field: name }));
      return undefined;
    }
  }

  const startAll = createButton(say("task.startAll"), () => {
    for (const one of FAMILIES) {
      const form = one === family ? asked() : askedFor(one, firstFilled(one, picture));
      if (form) doing.start(one, form, fits(chosen(), one) ? chosen() : "succeeds");
    }
  });

  const id = createFieldView(say("task.id"), say("task.id.known", { id: KNOWN_ID }), element("input", { type: "text", value: KNOWN_ID, autocomplete: "off", spellcheck: false }));

  const checkpoint = createFieldView(say("task.checkpoint"), say("task.checkpoint.about"), element("textarea", { rows: 6, spellcheck: false, autocomplete: "off" }));

  /** What is wrong with it. */
  function resumed(text: string): string {
    let read: unknown;
    try {
      read = JSON.parse(text);
    } catch {
      return say("task.checkpoint.bad");
    }
    try {
      doing.resume(read as Checkpoint); // the package looks at it
      return "";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  const ways = {
    start: createWay([place, scenario.node], say("task.start"), () => {
      const request = asked();
      if (request) doing.start(family, request, chosen());
    }, startAll),
    id: createWay([id.node], say("task.wait"), () => {
      doing.enter(family, id.value().trim());
    }),
    checkpoint: createWay([checkpoint.node], say("task.resume"), () => {
      checkpoint.complain(resumed(checkpoint.value()));
    }),
  };
  const options = (["start", "id", "checkpoint"] as const).map((value) => ({ value, text: say(`task.how.${value}`) }));
  const how = createRadios(say("task.how"), options, () => {
    update();
  });

  function update(): void {
    const way = how.value() ?? "start";
    for (const [name, node] of Object.entries(ways)) show(node, name === way);
    show(families.node, way !== "checkpoint");
    const { node } = formOf(family);
    if (place.firstChild !== node) place.replaceChildren(node);
    for (const option of scenario.select.options) option.disabled = !fits(option.value as Scenario, family);
    if (!fits(chosen(), family)) scenario.show("succeeds");
    doing.changed();
  }

  const node = element("div", { className: "begin" }, how.node, families.node, ...Object.values(ways));
  node.addEventListener("input", () => {
    doing.changed();
  });
  const begin: Begin = {
    node,
    draft() {
      if (how.value() === "id") return { how: "id", family, id: id.value().trim() };
      if (how.value() !== "start") return undefined;
      try {
        return { how: "start", family, asked: askedFor(family, formOf(family).filled()) };
      } catch {
        return undefined; // JSON that is not whole yet
      }
    },
    setSimulated(isSimulated) {
      show(scenario.node, isSimulated);
      write(id.node.querySelector(".quiet") ?? id.node, isSimulated ? say("task.id.known", { id: KNOWN_ID }) : "");
    },
  };
  queueMicrotask(update);
  return begin;
}

/** A form of its own: the return key in a field does what its first button does. Nothing is sent by the browser. */
function createWay(parts: readonly Node[], text: string, onSubmit: () => void, ...others: readonly Node[]): HTMLElement {
  const submit = element("button", { type: "submit", className: "primary" }, text);
  const form = element("form", { className: "way", noValidate: true }, ...parts, element("div", { className: "row" }, submit, ...others));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onSubmit();
  });
  return form;
}
