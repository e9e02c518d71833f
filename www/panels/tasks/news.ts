// For those who do not see the rows: what began and what ended, a few sentences at a time.
import { element } from "../../view/dom.ts";

/** What comes within this time is told together. */
const TOGETHER_MS = 1_000;

export function createNews(): { readonly node: HTMLElement; tell: (text: string) => void } {
  const node = element("p", { className: "unseen", attributes: { "aria-live": "polite" } });
  let waiting: string[] = [];
  return {
    node,
    tell(text) {
      if (waiting.push(text) > 1) return;
      setTimeout(() => {
        node.textContent = waiting.join(" ");
        waiting = [];
      }, TOGETHER_MS);
    },
  };
}
