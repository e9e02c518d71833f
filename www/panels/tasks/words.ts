// The tables of the panel's words, each loaded when it is wanted.
import type { Speech } from "../../words/words.ts";
import type { WordKey } from "../../words/en.ts";
import type { PartWords } from "../../words/words.ts";
import type { TaskKey } from "./words.en.ts";

export const TASK_WORDS: PartWords<TaskKey> = {
  en: async () => (await import("./words.en.ts")).en,
  ja: async () => (await import("./words.ja.ts")).ja,
  es: async () => (await import("./words.es.ts")).es,
  fr: async () => (await import("./words.fr.ts")).fr,
  de: async () => (await import("./words.de.ts")).de,
};

export type TaskSpeech = Speech<WordKey | TaskKey>;
