// The public types of one entry as one file of declarations, for scripts/assemble.mjs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

const TEMPLATE = "pkg-template";

const MAIN = "entries/index.ts";

/** The types of `.` are imported from where they are, lest two files declare them: by whichever module has them. */
const isMain = (id) => /(?:^|\/)(?:entries\/(?:index|js)|api)\.[jt]s$/.test(id);

/** What an entry of pkg-template/ exports, with the doc comment that the entry begins with. */
export async function declarations(entry) {
  const input = join(TEMPLATE, entry);
  const bundle = await rollup({
    input,
    external: (id, importer) => id.startsWith("node:") || (entry !== MAIN && importer !== undefined && isMain(id)),
    plugins: [dts({ tsconfig: join(TEMPLATE, "tsconfig.json") })],
    onwarn({ message }) {
      throw new Error(`${entry}: ${message}`);
    },
  });
  const { output } = await bundle.generate({ format: "esm", paths: (id) => (isMain(id) ? "./index.js" : id) });
  const [about] = /^\/\*\*.*?\*\/\n/s.exec(readFileSync(input, "utf8")) ?? [""];
  return `${about && `${about}\n`}${exportedInPlace(output[0].code)}`;
}

/** Rollup lists what is exported at the end; a reader looks for it at the declaration. */
function exportedInPlace(code) {
  const lists = /^export (?:type )?\{ (.*) \};\n/gm;
  const names = [...code.matchAll(lists)].flatMap(([, list]) => list.split(", "));
  const declared = names.reduce(exported, code.replace(lists, ""));
  return `${declared.replace(/ from '(.*)';$/gm, ' from "$1";').trim()}\n`;
}

function exported(code, name) {
  const declaration = new RegExp(`^(?=(?:declare )?(?:abstract )?(?:class|const|function|interface|type) ${name}\\b)`, "m");
  if (!declaration.test(code)) throw new Error(`no declaration of ${name}, which is exported`);
  return code.replace(declaration, "export ");
}
