// Which language the page speaks, and how its words, numbers and durations are written.
import type { WordKey, Words } from "./en.ts";

/** By name, in their own words; each is loaded when it is wanted. */
export const LANGUAGES = {
  en: { name: "English", load: async () => (await import("./en.ts")).en },
} as const satisfies Record<string, { name: string; load: () => Promise<Words> }>;

export type Language = keyof typeof LANGUAGES;

const isLanguage = (name: string): name is Language => Object.hasOwn(LANGUAGES, name);

/** `asked` by the address, else the first of the browser's that there is, else English. */
export function pickLanguage(asked: string | null, browsers: readonly string[]): Language {
  const names = [asked ?? "", ...browsers].map((name) => name.toLowerCase().split("-")[0] ?? "");
  return names.find(isLanguage) ?? "en";
}

export interface Speech {
  readonly language: Language;
  /** A word or sentence, with what is filled in. */
  readonly say: (key: WordKey, filled?: Readonly<Record<string, string | number>>) => string;
  readonly number: (value: number) => string;
  readonly seconds: (ms: number | undefined) => string;
}

/** In the language that the address or the browser asks for. */
export const loadPagesSpeech = (): Promise<Speech> =>
  loadSpeech(pickLanguage(new URLSearchParams(location.search).get("lang"), navigator.languages));

export async function loadSpeech(language: Language): Promise<Speech> {
  const words: Words = await LANGUAGES[language].load();
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const number = (value: number) => whole.format(value);
  const say: Speech["say"] = (key, filled = {}) =>
    words[key].replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = filled[name];
      return value === undefined ? hole : typeof value === "number" ? number(value) : value;
    });
  const seconds = (ms: number | undefined) =>
    ms === undefined ? words.none : say("seconds", { seconds: ms < 100_000 ? tenths.format(ms / 1_000) : whole.format(ms / 1_000) });
  return { language, say, number, seconds };
}
