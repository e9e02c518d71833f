// What the panel's forms are made of: fields with their meaning, and a choice of few that are all seen.
import { element, newId, write } from "../../view/dom.ts";
import type { Family } from "../../world/plan.ts";
import { type FIELDS, type Field, type Filled, fieldsOf } from "./families.ts";
import type { TaskSpeech } from "./words.ts";

/** A field's meaning: each has words. */
type MeaningKey = { [Name in Family]: `task.field.${Name}.${keyof (typeof FIELDS)[Name] & string}` }[Family];

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface FieldView {
  readonly node: HTMLElement;
  readonly control: Control;
  value(): string;
  /** Says what is wrong with it, or nothing; and leads there who filled it in. */
  complain(text: string): void;
}

/** A control with its name, its meaning below, and room for what is wrong with it. */
export function createFieldView(name: Node | string, meaning: string, control: Control): FieldView {
  control.id = newId();
  const [about, complaint] = [element("p", { id: newId(), className: "quiet" }, meaning), element("p", { id: newId(), className: "complaint" })];
  control.setAttribute("aria-describedby", `${about.id} ${complaint.id}`);
  const isCheck = control instanceof HTMLInputElement && control.type === "checkbox";
  const label = element("label", { htmlFor: control.id }, name);
  return {
    node: isCheck
      ? element("div", { className: "field-view is-check" }, control, element("div", {}, label, about))
      : element("div", { className: "field-view" }, label, control, about, complaint),
    control,
    value: () => (isCheck ? (control.checked ? "true" : "") : control.value),
    complain(text) {
      write(complaint, text);
      control.ariaInvalid = text === "" ? null : "true";
      if (text !== "") control.focus();
    },
  };
}

const MAKE: Readonly<Record<Field["kind"], (field: Field) => Control>> = {
  line: ({ first = "" }) => element("input", { type: "text", value: first, autocomplete: "off", spellcheck: false }),
  list: (field) => MAKE.line(field),
  text: ({ first = "" }) => element("textarea", { value: first, rows: 5, spellcheck: false }),
  json: ({ first = "" }) => element("textarea", { value: first, rows: 2, spellcheck: false }),
  check: () => element("input", { type: "checkbox" }),
  choice: ({ first = "", options = [] }) => {
    const select = element("select", {}, ...options.map((value) => element("option", { value }, value === "" ? "–" : value)));
    select.value = first;
    return select;
  },
};

export interface RequestForm {
  readonly node: HTMLElement;
  filled(): Filled;
  complain(name: string, text: string): void;
}

/** The fields of a family's request; those that are rarely used are folded away. */
export function createRequestForm(family: Family, first: Filled, { say }: TaskSpeech): RequestForm {
  const views = new Map<string, FieldView>();
  for (const [name, field] of fieldsOf(family)) {
    const title = element("span", {}, element("code", {}, name), ...(field.isNeeded ? [" ", element("span", { className: "quiet" }, say("task.needed"))] : []));
    const view = createFieldView(title, say(`task.field.${family}.${name}` as MeaningKey), MAKE[field.kind]({ ...field, first: first[name] ?? "" }));
    if (field.isNeeded) view.control.ariaRequired = "true";
    view.control.name = name;
    views.set(name, view);
  }
  const nodes = (isUsual: boolean) => fieldsOf(family).flatMap(([name, field]) => (field.isUsual === true) === isUsual ? (views.get(name)?.node ?? []) : []);
  const more = nodes(false);
  const node = element("div", { className: "fields" }, element("div", { className: "fields-grid" }, ...nodes(true)));
  if (more.length > 0) node.append(element("details", {}, element("summary", {}, say("task.more")), element("div", { className: "fields-grid" }, ...more)));
  return {
    node,
    filled: () => Object.fromEntries([...views].map(([name, view]) => [name, view.value()])),
    complain(name, text) {
      if (text !== "") views.get(name)?.node.closest("details")?.setAttribute("open", "");
      views.get(name)?.complain(text);
    },
  };
}
