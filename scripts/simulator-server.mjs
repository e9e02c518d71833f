#!/usr/bin/env node
// Serves the simulator for the WebAssembly tests, which have no way to add tasks over the network: a task begins when
// it is first asked about. Prints its address, and ends when its standard input does.
import { tsImport } from "tsx/esm/api";

const { createSimulator, serveSimulator } = await tsImport("../pkg-template/simulator.node.ts", import.meta.url);

const FAMILIES = [
  [/\/import-from-url\//, "fileImport"],
  [/\/folders\/update\//, "folderUpdate"],
  [/\/exports\//, "export"],
  [/\/source-code\//, "sourceCodeExtract"],
  [/\/crm\/imports\//, "import"],
];

const simulator = createSimulator({ cors: "open" });
const known = new Set();

function beginTask({ pathname }) {
  const id = decodeURIComponent(pathname.match(/\/(?:tasks|imports\/[^/]+)\/([^/]+)(?:\/status)?$/)?.[1] ?? "");
  const [, family] = FAMILIES.find(([path]) => path.test(pathname)) ?? [];
  if (!id || !family || known.has(id)) return;
  known.add(id);
  simulator.addTask(family, { id, pendingMs: 50, processingMs: 100 });
}

const beginning = {
  fetch(url, init) {
    beginTask(new URL(url, "http://localhost"));
    return simulator.fetch(url, init);
  },
};

const server = await serveSimulator(beginning, { port: 0 });
console.log(server.url);
process.stdin.resume().on("end", () => server.close());
