// What the tests of the simulator share: a simulator on a virtual clock, and how to ask it.
import { tsImport } from "tsx/esm/api";

const inPage = await tsImport("../../pkg-template/simulator.ts", import.meta.url);
export const { createSimulator, createVirtualClock, faults } = inPage;
export const { serveSimulator } = await tsImport("../../pkg-template/simulator.node.ts", import.meta.url);

export const API = "https://api.hubapi.com";
export const START = Date.parse("2026-08-21T10:00:00.000Z");

/** Where a task of each family is started; below it is its status, and an export's details beside it. */
const STARTS = {
  fileImport: { v3: "/files/v3/files/import-from-url/async", dated: "/files/VERSION/files/import-from-url/async" },
  folderUpdate: { v3: "/files/v3/folders/update/async", dated: "/files/VERSION/folders/update/async" },
  export: { v3: "/crm/v3/exports/export/async", dated: "/crm/exports/VERSION/export/async" },
  sourceCodeExtract: { v3: "/cms/v3/source-code/extract/async", dated: "/cms/source-code/VERSION/extract/async" },
  import: { v3: "/crm/v3/imports", dated: "/crm/imports/VERSION" },
};

export const startPath = (family, version = "2026-03") => STARTS[family][version === "v3" ? "v3" : "dated"].replace("VERSION", version);

export const statusPath = (family, id, version) =>
  family === "import" ? `${startPath(family, version)}/${id}` : `${startPath(family, version)}/tasks/${id}/status`;

export const detailsPath = (id, version) => startPath("export", version).replace("async", id);

/** A request of each family that is started by JSON. */
export const REQUESTS = {
  fileImport: { access: "PRIVATE", url: "https://example.com/logo.svg", folderPath: "/library" },
  folderUpdate: { id: "7", name: "new" },
  export: { exportType: "VIEW", exportName: "All", format: "CSV", language: "EN", objectType: "CONTACT", objectProperties: ["email"] },
  sourceCodeExtract: { path: "theme.zip" },
};

/** A simulator on a virtual clock, and how to ask it. */
export function setUp(options = {}) {
  const clock = createVirtualClock({ startMs: START });
  const simulator = createSimulator({ clock, seed: 0, ...options });
  const read = async (response) => ({ http: response.status, headers: response.headers, body: await response.json() });
  const get = async (path) => read(await simulator.fetch(API + path));
  const post = async (path, body, headers = { "content-type": "application/json" }) =>
    read(await simulator.fetch(API + path, { method: "POST", headers, body: typeof body === "object" ? JSON.stringify(body) : body }));
  const start = (family, request = REQUESTS[family], version = undefined) => post(startPath(family, version), request);
  const upload = async (form, version) => read(await simulator.fetch(API + startPath("import", version), { method: "POST", body: form }));
  return { clock, simulator, get, post, start, upload };
}

/** A form that starts an import. */
export function importForm(files = { "a.csv": "email\na@example.com\n" }, request = { name: "An import" }) {
  const form = new FormData();
  form.append("importRequest", JSON.stringify(request));
  for (const [name, text] of Object.entries(files)) form.append("files", new Blob([text], { type: "text/csv" }), name);
  return form;
}
