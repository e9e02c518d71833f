// The programs of docs/start/ that need other tools than Node: run as their pages say.
import { printedAs } from "../../walk/snippets.mjs";

const TYPESCRIPT = { module: "esnext", moduleResolution: "bundler", skipLibCheck: true };

/** On the simulator, and then with it in the place of HubSpot. */
const program = (page, first, exporting) => async (c) => {
  const run = async (file, [name, ...args]) => {
    const { output } = await c.snippets(`start/${page}`, [file], TYPESCRIPT);
    const printed = await c.tool(name, [...args, file]);
    return printedAs(output).test(printed) || printed;
  };
  // What makes their projects says so, too.
  c.write("package.json", '{ "type": "module" }\n');
  return { first: await run("first.ts", first), export: await run("export.ts", exporting) };
};

const RUN = { first: true, export: true };

async function cloudflare(c) {
  await c.snippets("start/cloudflare-workers.md", ["first.ts"], TYPESCRIPT);
  const env = { XDG_CONFIG_HOME: c.folder, TMPDIR: c.folder, CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  const flags = ["--compatibility-date", "2026-01-01", "--ip=127.0.0.1", "--port=0", "--inspector-port=0"];
  const { match } = await c.startTool("wrangler", ["dev", "first.ts", ...flags], { env, ready: /Ready on (http\S+)/ });
  const { outcome } = await (await fetch(match[1], { signal: c.signal })).json();
  return { outcome };
}

async function next(c) {
  c.project("next-recipe");
  // Where Next finds TypeScript, it wants to install a compiler.
  await c.snippets("start/next.md", ["app/try/route.ts"], { ...TYPESCRIPT, hasSources: false });
  await c.tool("next", ["build"]);
  const { match } = await c.startTool("next", ["start", "--hostname=127.0.0.1", "--port=0"], { ready: /(http:\/\/127\.0\.0\.1:\d+)/ });
  const { outcome } = await (await fetch(`${match[1]}/try`, { signal: c.signal })).json();
  return { outcome };
}

const SUCCEEDED = { outcome: "succeeded" };

export const starts = [
  {
    name: "start: Deno",
    quick: true,
    expected: RUN,
    run: program("deno.md", ["deno", "run", "--no-lock"], ["deno", "run", "--no-lock", "--allow-env", "--preload=hosts/hubspot.mjs"]),
  },
  { name: "start: Bun", quick: true, expected: RUN, run: program("bun.md", ["bun"], ["bun", "--preload", "./hosts/hubspot.mjs"]) },
  { name: "start: Cloudflare's workers", expected: SUCCEEDED, run: cloudflare },
  { name: "start: Next", limitS: 300, expected: SUCCEEDED, run: next },
];
