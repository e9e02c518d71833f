// Light or dark: as the system has it, unless somebody chooses. The choice is kept in this browser.
import type { Speech } from "../words/words.ts";
import { type Choice, createChoice } from "./choice.ts";

const KEY = "theme";
const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const isTheme = (name: unknown): name is Theme => THEMES.includes(name as Theme);

/** `changed` is called when the colours are others. */
export function createTheme({ say }: Speech, changed: () => void): Choice {
  const options = THEMES.map((value) => ({ value, text: say(`theme.${value}`) }));
  const apply = (theme: Theme) => {
    document.documentElement.dataset.theme = theme;
    changed();
  };
  const choice = createChoice(say("theme"), options, (value) => {
    if (!isTheme(value)) return;
    keep(value);
    apply(value);
  });
  const kept = keptTheme();
  choice.show(kept);
  apply(kept);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  return choice;
}

// A browser may refuse to keep anything.

function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return isTheme(kept) ? kept : "system";
  } catch {
    return "system";
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It holds until the page is left.
  }
}
