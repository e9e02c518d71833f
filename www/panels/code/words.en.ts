// The words of the code panel in English. The other languages have the same keys.
export const en = {
  "code.title": "The same as code",
  "code.about": "What the form above does. It follows what you fill in.",
  "code.form": "For",
  "code.form.esm": "ES module",
  "code.form.cjs": "CommonJS",
  "code.form.react": "React",
  "code.form.ui": "UI extension",
  "code.copy": "Copy code",
  "code.copied": "Copied",
  "code.refused": "Select it to copy it",
  "code.code": "Code",
} as const;

export type CodeKey = keyof typeof en;
export type CodeWords = Readonly<Record<CodeKey, string>>;
