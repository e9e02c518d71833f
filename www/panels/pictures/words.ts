// The words of the pictures: a table a language, loaded with the page's.
import type { WordKey } from "../../words/en.ts";
import type { Speech } from "../../words/words.ts";
import type { PictureWordKey, PictureWords } from "./words.en.ts";

export type PictureSpeech = Speech<WordKey | PictureWordKey>;

/** All languages that the page has, or is to have. */
export const PICTURE_WORDS: Readonly<Record<"en" | "ja" | "es" | "fr" | "de", () => Promise<PictureWords>>> = {
  en: async () => (await import("./words.en.ts")).words,
  ja: async () => (await import("./words.ja.ts")).words,
  es: async () => (await import("./words.es.ts")).words,
  fr: async () => (await import("./words.fr.ts")).words,
  de: async () => (await import("./words.de.ts")).words,
};
