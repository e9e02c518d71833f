// A figure: what it is, its picture, what its marks mean, and a table with the same figures.
import { element, newId } from "../../view/dom.ts";
import type { PictureSpeech } from "./words.ts";

export interface Figure {
  readonly node: HTMLElement;
  readonly details: HTMLDetailsElement;
}

export interface FigureParts {
  readonly title: string;
  /** Below the title, and below the pictures. */
  readonly head?: readonly Node[];
  readonly pictures: readonly Node[];
  readonly foot?: readonly Node[];
  readonly tables: readonly Node[];
}

export function createFigure({ say }: PictureSpeech, { title, head = [], pictures, foot = [], tables }: FigureParts): Figure {
  const id = newId();
  const details = element(
    "details",
    { className: "figures" },
    element("summary", {}, say("table"), element("span", { className: "unseen" }, `: ${title}`)),
    ...tables,
  );
  const node = element("figure", { attributes: { "aria-labelledby": id } }, element("h3", { id }, title), ...head, ...pictures, ...foot, details);
  return { node, details };
}

/** A place for a plot, with what it shows in words. */
export const createPlace = (className: string): HTMLElement => element("div", { className: `plot ${className}`, attributes: { role: "img" } });

export interface Meaning {
  /** A class of the style sheet: `mark-…`. */
  readonly mark: string;
  readonly text: string;
}

export const createKey = (meanings: readonly Meaning[]): HTMLElement =>
  element(
    "ul",
    { className: "legend", attributes: { role: "list" } },
    ...meanings.map(({ mark, text }) => element("li", {}, element("span", { className: `mark mark-${mark}`, attributes: { "aria-hidden": "true" } }), text)),
  );
