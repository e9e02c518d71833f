// Who answers: the simulator, or a server of the user's, with the reason why it cannot be HubSpot itself.
import { element } from "../../view/dom.ts";
import { createRadios, show } from "../controls.ts";
import { type Connection, SIMULATOR, refusalOf, takesToken } from "../connection.ts";
import { createFieldView } from "./form.ts";
import type { TaskSpeech } from "./words.ts";

export interface ServerChoice {
  readonly node: HTMLElement;
  /** Undefined where an address is wanted and none is given that can be asked: the page says so then. */
  connection(): Connection | undefined;
  /** As it is filled in, right or not. */
  draft(): Connection;
  /** What stands in the field. It is kept nowhere else. */
  readonly token: () => string;
}

export function createServerChoice({ say }: TaskSpeech, onChange: () => void): ServerChoice {
  const base = createFieldView(say("task.base"), "", element("input", { type: "text", inputMode: "url", autocomplete: "off", spellcheck: false, placeholder: "https://app.example.com/hubspot" }));
  const token = createFieldView(say("task.token"), say("task.token.about"), element("input", { type: "password", autocomplete: "off" }));
  const about = element("p", { className: "quiet" });
  const fields = element("div", { className: "fields" }, base.node, token.node);

  const isServer = () => kind.value() === "server";
  const address = () => base.value().trim();
  const update = () => {
    about.textContent = say(`task.server.${isServer() ? "server" : "simulator"}.about`);
    show(fields, isServer());
    show(token.node, takesToken(address()));
    base.complain("");
    onChange();
  };
  const options = (["simulator", "server"] as const).map((value) => ({ value, text: say(`task.server.${value}`) }));
  const kind = createRadios(say("task.server"), options, update);
  base.control.addEventListener("input", update);
  const node = element("div", { className: "server" }, kind.node, about, fields);
  show(fields, false);
  show(token.node, false);
  about.textContent = say("task.server.simulator.about");

  return {
    node,
    connection() {
      if (!isServer()) return SIMULATOR;
      const refusal = refusalOf(address(), location.href);
      if (!refusal) return { kind: "server", baseUrl: address() };
      base.complain(say(`task.base.${refusal}`));
      return undefined;
    },
    draft: () => (isServer() ? { kind: "server", baseUrl: address() || "/hubspot" } : SIMULATOR),
    token: () => token.value(),
  };
}
