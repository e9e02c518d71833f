// The code panel: what the tasks panel does, in the form that is chosen, to be copied.
import type { Stage } from "../../stage.ts";
import { element, newId, write } from "../../view/dom.ts";
import { copyText, createButton, createRadios } from "../controls.ts";
import { journalOf } from "../journal.ts";
import "./code.css";
import { FORMS, type Form, snippetOf } from "./snippet.ts";
import type { CodeSpeech } from "./words.ts";

/** While somebody types, code is made no more often. */
const REST_MS = 150;

export function createCode(stage: Stage, { say }: CodeSpeech): HTMLElement {
  const journal = journalOf(stage);
  const titleId = newId();
  const code = element("code", {});
  const copy = createButton(say("code.copy"), () => {
    void copyText(code.textContent).then((isCopied) => {
      write(copy, say(isCopied ? "code.copied" : "code.refused"));
    });
  });
  const forms = createRadios<Form>(say("code.form"), FORMS.map((value) => ({ value, text: say(`code.form.${value}`) })), show);

  function show(): void {
    const deed = journal.last;
    const text = deed ? snippetOf(deed, forms.value() ?? "esm") : "";
    if (text === code.textContent) return;
    code.replaceChildren(...coloured(text));
    write(copy, say("code.copy"));
  }

  let rest: ReturnType<typeof setTimeout> | undefined;
  journal.subscribe(() => {
    clearTimeout(rest);
    rest = setTimeout(show, REST_MS);
  });
  show();

  return element(
    "section",
    { className: "panel code-panel", attributes: { "aria-labelledby": titleId } },
    element("h2", { id: titleId }, say("code.title")),
    element("p", { className: "quiet" }, say("code.about")),
    element("div", { className: "code-head" }, forms.node, copy),
    element("pre", { tabIndex: 0, role: "region", ariaLabel: say("code.code"), lang: "en" }, code),
  );
}

/** Comments, texts and words of the language, of what is written here. */
const TOKENS = /(?<comment>\/\/.*)|(?<text>"(?:[^"\\]|\\.)*")|(?<word>\b(?:import|from|type|const|await|async|for|of|new|export|function|return|if|void)\b)/g;

function coloured(code: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const { index, 0: token, groups = {} } of code.matchAll(TOKENS)) {
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined) ?? "";
    parts.push(code.slice(end, index), element("span", { className: `code-${kind}` }, token));
    end = index + token.length;
  }
  return [...parts, code.slice(end)];
}
