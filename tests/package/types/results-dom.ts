// The entry /results with the DOM library: the host's fetch and signals fit, and its streams come out.
import { HubSpotTasks } from "hubspot-async-tasks";
import { download } from "hubspot-async-tasks/results";

const client = new HubSpotTasks();

async function downloaded(): Promise<void> {
  const { signal } = new AbortController();
  const { body } = await download(client, "7", { fetch, signal });
  const stream: ReadableStream<Uint8Array> = body;
  const text: string = await new Response(body).text();
  await body.pipeTo(new WritableStream<Uint8Array>());
  const reader = stream.getReader();
  const value: Uint8Array | undefined = (await reader.read()).value;
  void [text, value];
}

void downloaded;
