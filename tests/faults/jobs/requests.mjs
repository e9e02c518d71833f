// What each job is started with: all that its family needs, and its mark, by which its task is known at the simulator.

const JSON_REQUESTS = {
  fileImport: (marker) => ({ access: "PRIVATE", url: "https://files.example/a.pdf", folderPath: "/a", marker }),
  folderUpdate: (marker) => ({ id: "7", name: "new", marker }),
  export: (marker, { simulated }) => ({ exportType: "VIEW", exportName: marker, format: simulated.file.format, objectProperties: ["email", "zoë"], marker }),
  sourceCodeExtract: (marker) => ({ path: "a/b.zip", marker }),
};

/** The request, and the bytes of its files. */
export function requestOf({ plan, random }, marker) {
  if (plan.family !== "import") return { request: JSON_REQUESTS[plan.family](marker, plan), files: [] };
  const files = Array.from({ length: plan.fileCount }, (_, place) => {
    const rows = random.list(0, 60, (row) => `${row},"Zoë, ${random.between(1, 1e9)}"\n`);
    return { name: `${marker}-${place}.csv`, bytes: new TextEncoder().encode(`id,name\n${rows.join("")}`) };
  });
  const importRequest = {
    name: marker,
    marker,
    files: files.map(({ name }) => ({ fileName: name, fileFormat: "CSV", fileImportPage: { hasHeader: true, columnMappings: [] } })),
  };
  const sources = files.map((file) => sourceOf(random, file));
  return { request: { importRequest, files: sources.length === 1 && random.chance(0.5) ? sources[0] : sources }, files };
}

/** A file in one of the forms that the package takes; not by its path, for that is read in real time. */
function sourceOf(random, { name, bytes }) {
  return random.of([() => bytes, () => bytes.slice().buffer, () => new Blob([bytes], { type: "text/csv" }), () => new File([bytes], name)])();
}

/** The mark that a sent body has. */
export async function markerIn(body) {
  const text = typeof body === "string" ? body : body.get("importRequest");
  return JSON.parse(typeof text === "string" ? text : await text.text()).marker;
}
