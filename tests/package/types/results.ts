// What the entry /results exports, as a user writes it. Compiled, never run; needs no type of any host.
import { HubSpotTasks, type Task } from "hubspot-async-tasks";
import {
  download,
  rows,
  saveTo,
  type ByteStream,
  type Download,
  type DownloadOptions,
  type DownloadProgress,
  type ExportClient,
  type ExportTask,
  type Row,
  type RowsOptions,
  type Saved,
} from "hubspot-async-tasks/results";

const client = new HubSpotTasks();

async function downloaded(): Promise<void> {
  const task: Task<string, "export"> = client.exports.task("7");
  const tasks: ExportTask[] = [task, "7", 7, 7n, client.resume(task.checkpoint())];
  const progress: DownloadProgress[] = [{ receivedBytes: 1 }, { receivedBytes: 1, totalBytes: 2 }];
  const options: DownloadOptions = {
    signal: null,
    onProgress: ({ receivedBytes, totalBytes }) => progress.push({ receivedBytes, ...(totalBytes && { totalBytes }) }),
    stallTimeoutMs: 5_000,
    fetch: async (url, { method, headers, signal }) => ({ status: 200, body: [url, method, headers, signal] }),
    clock: null,
  };
  const only: ExportClient = { exports: client.exports };
  const result: Download = await download(only, tasks[0]!, options);
  await download(client, task);
  const { fileName, isZipped }: { fileName: string; isZipped: boolean } = result;
  const [size, contentType]: [number | undefined, string | undefined] = [result.size, result.contentType];
  const body: ByteStream = result.body;
  const { done, value } = await body.getReader().read();
  await body.cancel();
  void [fileName, isZipped, size, contentType, done, value];

  // @ts-expect-error -- it takes a client first
  await download("7");
  // @ts-expect-error -- no such option
  await download(client, "7", { retries: 5 });
  // @ts-expect-error -- a file import's result is no file to download
  await download(client, client.fileImports.task("7"));
  // @ts-expect-error -- a span is a number
  await download(client, "7", { stallTimeoutMs: "5" });
}

async function read(): Promise<void> {
  const options: RowsOptions = { header: null, stallTimeoutMs: 1 };
  const all: Row[] = [];
  for await (const row of rows(client, "7")) all.push(row);
  for await (const row of rows(client, client.exports.task(7n), { header: true })) all.push(row);
  const lists: string[][] = [];
  for await (const row of rows(client, "7", { header: false })) lists.push(row);
  for await (const row of rows(client, "7", options)) void (Array.isArray(row) ? lists.push(row) : all.push(row));
  const email: string | undefined = all[0]?.["Email"];
  // @ts-expect-error -- a field is text
  const wrong: number | undefined = all[0]?.["Email"];
  void [email, wrong];
}

async function saved(): Promise<void> {
  const { path, size, fileName, isZipped, resumedFrom, contentType }: Saved = await saveTo(client, "7", "contacts.csv", { stallTimeoutMs: 1 });
  // @ts-expect-error -- it takes a path
  await saveTo(client, "7");
  void [path, size, fileName, isZipped, resumedFrom, contentType];
}

void [downloaded, read, saved];
