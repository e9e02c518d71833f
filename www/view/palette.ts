// The colours of the style sheet, for canvases: read again when the theme changes.

const NAMES = ["track", "waiting", "working", "unseen", "seen", "errors", "canceled", "wrong", "poll", "refused", "line", "quiet"] as const;

export type Colour = (typeof NAMES)[number];
export type Palette = Readonly<Record<Colour, string>>;

/** What `var(--name)` is at this element. */
export function readPalette(at: Element): Palette {
  const probe = document.createElement("span");
  at.append(probe);
  const colours = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(colours) as Palette;
}
