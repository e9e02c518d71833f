// The colours of the style sheet, for canvases: read again when the theme changes.

const NAMES = ["track", "waiting", "working", "unseen", "seen", "errors", "canceled", "wrong", "poll", "refused", "line", "quiet", "text"] as const;

export type Colour = (typeof NAMES)[number];
export type Palette = Readonly<Record<Colour, string>>;

export const readPalette = (at: Element): Palette => readColours(at, NAMES);

/** What `var(--name)` is at this element, by name. */
export function readColours<Name extends string>(at: Element, names: readonly Name[]): Readonly<Record<Name, string>> {
  const probe = document.createElement("span");
  at.append(probe);
  const colours = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(colours) as Record<Name, string>;
}
