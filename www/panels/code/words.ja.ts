// The words of the code panel in Japanese.
import type { CodeWords } from "./words.en.ts";

export const ja: CodeWords = {
  "code.title": "コードにすると",
  "code.about": "上のフォームがすることです。入力に合わせて変わります。",
  "code.form": "形式",
  "code.form.esm": "ES モジュール",
  "code.form.cjs": "CommonJS",
  "code.form.react": "React",
  "code.form.ui": "UI 拡張機能",
  "code.copy": "コードをコピー",
  "code.copied": "コピーしました",
  "code.refused": "選択してコピーしてください",
  "code.code": "コード",
};
