// What ESLint checks: the package's and the page's TypeScript with types and strictly, the project's own JavaScript with the plain rules.
import js from "@eslint/js";
import globals from "globals";
import { defineConfig, globalIgnores } from "eslint/config";
import reactHooks from "eslint-plugin-react-hooks";
import { configs as typescript } from "typescript-eslint";

export default defineConfig(
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  globalIgnores([
    "pkg/",
    "target/",
    "www/dist/",
    // Each is a project as a user would have it, with what its own bundler knows.
    "tests/matrix/projects/",
    // Compiled by tests/package/types.test.mjs, against the package.
    "tests/package/types/",
    // Made by the build.
    "pkg-template/generated/",
    // Made by scripts/wasm-simulator.mjs.
    "tests/wasm_shared/simulator.js",
    // They stand beside the packed index.d.ts, and re-export it.
    "pkg-template/{js,slim,wasm}.d.ts",
  ]),
  {
    files: ["**/*.{js,mjs}"],
    extends: [js.configs.recommended],
    languageOptions: { globals: globals.node },
    rules: {
      eqeqeq: "error",
      "no-implicit-globals": "error",
      "no-unused-expressions": "error",
      // A rest leaves fields out (`const { token, ...others } = options`); a loop may want nothing of what it goes over.
      "no-unused-vars": ["error", { ignoreRestSiblings: true, varsIgnorePattern: "^_$" }],
      "no-useless-rename": "error",
      "no-var": "error",
      "object-shorthand": "error",
      // A callback may look before there is a value, which a `const` would answer with an error.
      "prefer-const": ["error", { ignoreReadBeforeAssign: true }],
    },
  },
  // The pages' tests have functions that run in the page.
  { files: ["www/**", "site/client/**", "pkg-template/**", "tests/page*.test.mjs", "tests/demo-page/{checks,drive}.mjs", "scripts/screenshots.mjs", "benches/page/*.mjs", "tests/chromium-told.test.mjs", "tests/chromium-react.test.mjs", "tests/site.test.mjs"], languageOptions: { globals: globals.browser } },
  // React's own rules, with those of its compiler.
  { files: ["pkg-template/react/**"], extends: [reactHooks.configs.flat.recommended] },
  {
    files: ["pkg-template/**/*.ts", "www/**/*.ts"],
    extends: [typescript.strictTypeChecked],
    // A number in a text is what it looks like.
    rules: { "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }] },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  },
);
