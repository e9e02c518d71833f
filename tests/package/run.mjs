// Scripts in a project that has the package installed, each in a process of its own.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./pack.mjs";

let scripts = 0;

/** Runs a script in the project, as `.mjs` or `.cjs`; gives what it printed, as JSON. */
export async function run(extension, script, ...flags) {
  const file = join(project, `script-${process.pid}-${++scripts}.${extension}`);
  writeFileSync(file, script);
  const { stdout } = await new Promise((resolve, reject) =>
    execFile(
      process.execPath,
      [...flags, file],
      { cwd: project, timeout: 60_000, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) =>
        error ? reject(new Error(`${extension}: ${error.message}\n${stderr}`)) : resolve({ stdout }),
    ),
  );
  return JSON.parse(stdout);
}
