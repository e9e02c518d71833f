// What the colours of the squares mean.
import type { WordKey } from "../words/en.ts";
import type { Speech } from "../words/words.ts";
import { element } from "./dom.ts";
import type { Colour } from "./palette.ts";

const SHOWN = ["waiting", "working", "unseen", "seen", "errors", "canceled", "wrong", "poll", "refused"] as const satisfies Colour[];

export const createLegend = ({ say }: Speech): HTMLElement =>
  element(
    "ul",
    { className: "legend", attributes: { "aria-label": say("legend"), role: "list" } },
    ...SHOWN.map((name) =>
      element("li", {}, element("span", { className: `swatch swatch-${name}`, attributes: { "aria-hidden": "true" } }), say(`legend.${name}` satisfies WordKey)),
    ),
  );
