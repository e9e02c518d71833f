// The tables of the panel's words, each loaded when it is wanted.
import type { WordKey } from "../../words/en.ts";
import type { PartWords, Speech } from "../../words/words.ts";
import type { CodeKey } from "./words.en.ts";

export const CODE_WORDS: PartWords<CodeKey> = {
  en: async () => (await import("./words.en.ts")).en,
  ja: async () => (await import("./words.ja.ts")).ja,
  es: async () => (await import("./words.es.ts")).es,
  fr: async () => (await import("./words.fr.ts")).fr,
  de: async () => (await import("./words.de.ts")).de,
};

export type CodeSpeech = Speech<WordKey | CodeKey>;
