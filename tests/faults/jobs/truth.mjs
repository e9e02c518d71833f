// What is true of a task, asked of the simulator itself when all is over; and the rows of a file, read by others than the
// package.
import { unzipSync } from "fflate";
import Papa from "papaparse";

const PATHS = {
  export: (id) => `/crm/exports/2026-03/export/async/tasks/${id}/status`,
  import: (id) => `/crm/imports/2026-03/${id}`,
};

/** `{ file }` of an export that has one, `{ metadata, errors }` of an import. */
export async function truthOf(simulator, family, id) {
  if (!PATHS[family]) return {};
  const json = async (path) => (await simulator.fetch(path)).json();
  const status = await json(PATHS[family](id));
  if (family === "import") {
    const { results } = await json(`${PATHS.import(id)}/errors?limit=100000`);
    return { metadata: status.metadata, errors: results };
  }
  return status.result ? { file: new Uint8Array(await (await simulator.fetch(status.result)).arrayBuffer()) } : {};
}

const isZip = (bytes) => bytes[0] === 80 && bytes[1] === 75;
const isWorkbook = (bytes) => bytes[0] === 0xd0 && bytes[1] === 0xcf;

/** The rows of a CSV, or of those in a zip; undefined for what is none. */
export function rowsOf(bytes, hasHeader) {
  const files = isZip(bytes) ? Object.values(unzipSync(bytes)) : [bytes];
  if (files.some(isWorkbook)) return undefined;
  return files.flatMap((file) => {
    const { data } = Papa.parse(new TextDecoder().decode(file), { skipEmptyLines: true });
    if (!hasHeader) return data;
    const [header = [], ...rows] = data;
    return rows.map((row) => Object.fromEntries(header.map((name, place) => [name, row[place] ?? ""])));
  });
}
