// Controls of panels: a choice of few that are all seen, a button, and what is not there for anybody.
import { element, newId } from "../view/dom.ts";
import "./controls.css";

/** A choice of few, all seen at once. */
export function createRadios<Value extends string>(legend: string, options: readonly { value: Value; text: string }[], onChange: (value: Value) => void) {
  const name = newId();
  let chosen = options[0]?.value;
  const parts = options.map(({ value, text }, index) => {
    const input = element("input", { type: "radio", name, value, id: newId(), checked: index === 0 });
    input.addEventListener("change", () => {
      chosen = value;
      onChange(value);
    });
    return element("div", {}, input, element("label", { htmlFor: input.id }, text));
  });
  const node = element("fieldset", { className: "radios" }, element("legend", {}, legend), element("div", { className: "segments" }, ...parts));
  return { node, value: () => chosen };
}

export function createButton(text: string, onClick: () => void, className = ""): HTMLButtonElement {
  const button = element("button", { type: "button", className }, text);
  button.addEventListener("click", onClick);
  return button;
}

/** Shown, or not there for anybody. */
export function show(node: HTMLElement, isShown: boolean): void {
  if (node.hidden === isShown) node.hidden = !isShown;
}

/** Whether it could be copied: a browser may have no clipboard for the page. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
