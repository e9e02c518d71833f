// The words of the code panel in French.
import type { CodeWords } from "./words.en.ts";

export const fr: CodeWords = {
  "code.title": "La même chose en code",
  "code.about": "Ce que fait le formulaire ci-dessus. Il suit ce que vous remplissez.",
  "code.form": "Pour",
  "code.form.esm": "Module ES",
  "code.form.cjs": "CommonJS",
  "code.form.react": "React",
  "code.form.ui": "Extension d’UI",
  "code.copy": "Copier le code",
  "code.copied": "Copié",
  "code.refused": "Sélectionnez-le pour le copier",
  "code.code": "Code",
};
