// The API reference: Markdown that TypeDoc makes of the built declarations, one page an entry. A warning of TypeDoc's is an
// error: a link that leads nowhere, a type that is not exported, a name without a comment.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Application, LogLevel, Logger } from "typedoc";
import { root } from "./pages.mjs";

/** Entries with the types of another one, and the file itself. */
const SAME = ["./js", "./slim", "./wasm"];

/** The entries that have a page: `{ entry, types }`, by the exports of the package. */
function entriesOf(pkg) {
  const { name, exports } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([path, conditions]) => typeof conditions === "object" && !SAME.includes(path))
    .map(([path, conditions]) => ({ entry: name + path.slice(1), types: typesOf(conditions) }));
}

/** The first declaration that a condition leads to. */
const typesOf = ({ types, ...conditions }) => types ?? typesOf(Object.values(conditions)[0]);

const COMPILER_OPTIONS = { module: "nodenext", target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: [], strict: true, noEmit: true };

const OPTIONS = {
  plugin: ["typedoc-plugin-markdown"],
  router: "module",
  readme: "none",
  logLevel: "Warn",
  disableSources: true,
  excludePrivate: true,
  // What an entry has of another one is told there.
  excludeReferences: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useHTMLAnchors: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeDeclarationFormat: "table",
  propertyMembersFormat: "table",
  tableColumnSettings: { hideInherited: true, hideOverrides: true, hideModifiers: true, hideSources: true },
  validation: { invalidLink: true, notExported: true, notDocumented: true, rewrittenLink: true },
};

/** The API's pages of a built package, as `sections` takes them. Throws where TypeDoc warns. */
export async function reference(pkg = join(root, "pkg")) {
  const entries = entriesOf(pkg);
  const entryPoints = entries.map(({ types }) => join(pkg, types));
  const out = mkdtempSync(join(tmpdir(), "reference-"));
  const tsconfig = join(out, "tsconfig.json");
  try {
    writeFileSync(tsconfig, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: entryPoints }));
    const outputs = [{ name: "markdown", path: join(out, "pages") }];
    const app = await Application.bootstrapWithPlugins({ ...OPTIONS, tsconfig, entryPoints, outputs });
    const problems = (app.logger = new Problems());
    const project = await app.convert();
    if (project) {
      app.validate(project);
      await app.generateOutputs(project);
    }
    if (problems.found.length > 0) throw new Error(`TypeDoc complains:\n${problems.found.join("\n")}`);
    return entries.map(({ entry, types }) => pageOf(entry, basename(types, ".d.ts"), join(out, "pages")));
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** What a type is made of in place (`__type`) is told by the comment above it; only what has a name of its own needs one. */
const IN_A_LITERAL = /\.__type\b.*does not have any documentation/;

class Problems extends Logger {
  found = [];

  log(message, level) {
    if (level >= LogLevel.Warn && !IN_A_LITERAL.test(message)) this.found.push(message);
  }
}

/** TypeDoc calls a page by its file; here it is called by what is imported. Anchors before headings become theirs. */
function pageOf(entry, name, out) {
  const text = readFileSync(join(out, `${name}.md`), "utf8")
    .replace(/^# .*$/m, `# \`${entry}\``)
    .replace(/^<a id="([^"]+)"><\/a>\n\n(#+ .*)$/gm, "$2 {#$1}");
  return { source: `api/${name}.md`, address: `api/${name}.html`, label: entry, text };
}
