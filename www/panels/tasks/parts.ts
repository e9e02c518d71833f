// What results are drawn with. All of it is text of others: it goes in as text, and only http(s) becomes a link.
import { element } from "../../view/dom.ts";

export type Part = readonly [name: string, value: string];

export const createFacts = (parts: readonly Part[]): HTMLElement =>
  element("dl", { className: "facts" }, ...parts.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));

/** The address, where it is one that a link may lead to. */
export function httpUrl(text: unknown): string | undefined {
  if (typeof text !== "string" || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === "https:" || protocol === "http:" ? href : undefined;
}

export function createLink(address: unknown, text: string): HTMLAnchorElement | undefined {
  const href = httpUrl(address);
  return href === undefined ? undefined : element("a", { href, target: "_blank", rel: "noopener noreferrer", referrerPolicy: "no-referrer" }, text);
}

/** A table that scrolls by itself where it is too wide, by keys, too. */
export function createTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const table = element(
    "table",
    {},
    element("caption", {}, title),
    element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...rows.map((fields) => element("tr", {}, ...head.map((_, index) => element("td", {}, fields[index] ?? ""))))),
  );
  return element("div", { className: "scrolls", tabIndex: 0, role: "region", ariaLabel: title }, table);
}
