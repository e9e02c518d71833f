// A labelled choice of few values, as the browser has it: keyboards and screen readers know it.
import { element, newId } from "./dom.ts";

export interface Option {
  readonly value: string;
  readonly text: string;
}

export interface Choice {
  readonly node: HTMLElement;
  readonly select: HTMLSelectElement;
  show(value: string): void;
}

export function createChoice(label: string, options: readonly Option[], onChange: (value: string) => void): Choice {
  const id = newId();
  const select = element("select", { id }, ...options.map(({ value, text }) => element("option", { value }, text)));
  select.addEventListener("change", () => {
    onChange(select.value);
  });
  return {
    node: element("div", { className: "choice" }, element("label", { htmlFor: id }, label), select),
    select,
    show(value) {
      select.value = value;
    },
  };
}
