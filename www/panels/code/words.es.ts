// The words of the code panel in Spanish.
import type { CodeWords } from "./words.en.ts";

export const es: CodeWords = {
  "code.title": "Lo mismo en código",
  "code.about": "Lo que hace el formulario de arriba. Cambia con lo que usted rellena.",
  "code.form": "Para",
  "code.form.esm": "Módulo ES",
  "code.form.cjs": "CommonJS",
  "code.form.react": "React",
  "code.form.ui": "Extensión de UI",
  "code.copy": "Copiar código",
  "code.copied": "Copiado",
  "code.refused": "Selecciónelo para copiarlo",
  "code.code": "Código",
};
