// Which language the page speaks, and how its words, numbers and durations are written.
import type { WordKey, Words } from "./en.ts";

/** By name, in their own words; each is loaded when it is wanted. */
export const LANGUAGES = {
  en: { name: "English", load: async () => (await import("./en.ts")).en },
  ja: { name: "日本語", load: async () => (await import("./ja.ts")).ja },
  es: { name: "Español", load: async () => (await import("./es.ts")).es },
  fr: { name: "Français", load: async () => (await import("./fr.ts")).fr },
  de: { name: "Deutsch", load: async () => (await import("./de.ts")).de },
} as const satisfies Record<string, { name: string; load: () => Promise<Words> }>;

export type Language = keyof typeof LANGUAGES;

const isLanguage = (name: string): name is Language => Object.hasOwn(LANGUAGES, name);

/** `asked` by the address, else the first of the browser's that there is, else English. */
export function pickLanguage(asked: string | null, browsers: readonly string[]): Language {
  const names = [asked ?? "", ...browsers].map((name) => name.toLowerCase().split("-")[0] ?? "");
  return names.find(isLanguage) ?? "en";
}

/** `Key`: of which words. */
export interface Speech<Key extends string = WordKey> {
  readonly language: Language;
  /** A word or sentence, with what is filled in. */
  readonly say: (key: Key, filled?: Readonly<Record<string, string | number>>) => string;
  readonly number: (value: number) => string;
  readonly seconds: (ms: number | undefined) => string;
}

/** In the language that the address or the browser asks for. */
export const loadPagesSpeech = (): Promise<Speech> =>
  loadSpeech(pickLanguage(new URLSearchParams(location.search).get("lang"), navigator.languages));

export const loadSpeech = async (language: Language): Promise<Speech> => speechOf<WordKey>(language, await LANGUAGES[language].load());

/** The words of a part of the page that is loaded by itself: a table a language, each with the same keys. */
export type PartWords<Key extends string> = Readonly<Record<Language, () => Promise<Readonly<Record<Key, string>>>>>;

/** The page's words and those of a part. */
export async function loadPart<Key extends string>(language: Language, part: PartWords<Key>): Promise<Speech<WordKey | Key>> {
  const [page, words] = await Promise.all([LANGUAGES[language].load(), part[language]()]);
  return speechOf<WordKey | Key>(language, { ...page, ...words });
}

function speechOf<Key extends string>(language: Language, words: Readonly<Record<Key | "seconds" | "none", string>>): Speech<Key> {
  const [whole, tenths] = formatsOf(language);
  const number = (value: number) => whole.format(value);
  const say: Speech<Key | "seconds">["say"] = (key, filled = {}) =>
    words[key].replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = filled[name];
      return value === undefined ? hole : typeof value === "number" ? number(value) : value;
    });
  const seconds = (ms: number | undefined) =>
    ms === undefined ? words.none : say("seconds", { seconds: ms < 100_000 ? tenths.format(ms / 1_000) : whole.format(ms / 1_000) });
  return { language, say, number, seconds };
}

const formats = new Map<Language, readonly [whole: Intl.NumberFormat, tenths: Intl.NumberFormat]>();

/** To make one takes a browser milliseconds, and the page speaks one language. */
function formatsOf(language: Language) {
  const made = formats.get(language) ?? ([
    new Intl.NumberFormat(language, { maximumFractionDigits: 0 }),
    new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  ] as const);
  formats.set(language, made);
  return made;
}
