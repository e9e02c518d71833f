// The words of the code panel in German.
import type { CodeWords } from "./words.en.ts";

export const de: CodeWords = {
  "code.title": "Dasselbe als Code",
  "code.about": "Was das Formular oben tut. Der Code folgt Ihren Eingaben.",
  "code.form": "Für",
  "code.form.esm": "ES-Modul",
  "code.form.cjs": "CommonJS",
  "code.form.react": "React",
  "code.form.ui": "UI-Erweiterung",
  "code.copy": "Code kopieren",
  "code.copied": "Kopiert",
  "code.refused": "Zum Kopieren auswählen",
  "code.code": "Code",
};
