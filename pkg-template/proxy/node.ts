// toNodeHandler(): a handler with the fetch interface for node:http, Express, Fastify and the like.
import { attempt, fieldsOf } from "../values.js";
import { Refused, refusal, responseOf } from "./answers.js";
import type { NodeRequest, NodeResponse, ProxyHandler, ProxyRequest } from "./types.js";

/** Node's Request takes a stream as its body, and a signal. */
type RequestOfNode = new (
  url: string,
  init: { method: string; headers: [string, string][]; signal: HostAbortSignal; body?: unknown; duplex?: "half" },
) => ProxyRequest;

/** The body of an answer: `closed` settles when it is over, and rejects where it breaks off. */
interface Readable {
  getReader(): {
    readonly closed: Promise<void>;
    read(): Promise<{ value?: Uint8Array }>;
    cancel(): Promise<void>;
  };
}

/** Where a framework takes its mount's path off, the whole one stands in `originalUrl`. */
function addressOf(request: NodeRequest): string | undefined {
  const { url = "", originalUrl = url } = request as NodeRequest & { originalUrl?: string };
  const scheme = fieldsOf(request.socket).encrypted === true ? "https" : "http";
  const whole = attempt(() => new URL(`${scheme}://${String(request.headers.host ?? request.headers[":authority"])}${originalUrl}`));
  // Whatever would be read as another address is none: dots, slashes turned round, a host with a path.
  return whole && whole.pathname === originalUrl.replace(/\?.*/, "") ? whole.href : undefined;
}

const headersOf = ({ headers }: NodeRequest): [string, string][] =>
  Object.entries(headers).flatMap(([name, values]) =>
    name.startsWith(":") ? [] : [values ?? []].flat().map((value): [string, string] => [name, value]),
  );

/** One that is not read to its end does not end the connection: the answer goes there. */
function bodyOf(request: NodeRequest): object {
  const steps = (request as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(stream) {
      const { done, value } = (await steps.next()) as { done?: boolean; value: Uint8Array };
      if (done) stream.close();
      else stream.enqueue(value);
    },
  });
}

function requestOf(request: NodeRequest, signal: HostAbortSignal): ProxyRequest | undefined {
  const { method = "GET" } = request;
  const url = addressOf(request);
  const hasBody = method !== "GET" && method !== "HEAD";
  const isBodySent = Number(request.headers["content-length"] ?? 0) !== 0 || request.headers["transfer-encoding"] !== undefined;
  if (url === undefined || (isBodySent && !hasBody)) return undefined;
  // Where something before has read it whole, hosts keep it there.
  const { rawBody } = request as NodeRequest & { rawBody?: unknown };
  const body = rawBody instanceof Uint8Array ? rawBody : bodyOf(request);
  return new (globalThis.Request as unknown as RequestOfNode)(url, {
    method,
    headers: headersOf(request),
    signal,
    ...(hasBody && { body, duplex: "half" }),
  });
}

/** For `node:http`'s createServer, Express' `app.use`, and Fastify's raw request and reply. Mount it before bodies are parsed. */
export function toNodeHandler(handler: ProxyHandler): (request: NodeRequest, response: NodeResponse) => void {
  return (request, response) => {
    void serve(handler, request, response).catch(() => response.destroy());
  };
}

async function serve(handler: ProxyHandler, request: NodeRequest, response: NodeResponse): Promise<void> {
  const gone = new AbortController();
  let wake: (() => void) | undefined;
  const isGone = new Promise<void>((resolve) => {
    response.on("close", () => {
      gone.abort();
      resolve();
    });
  });
  response.on("drain", () => wake?.());
  // One who hangs up is no accident.
  response.on("error", () => undefined);
  const read = attempt(() => requestOf(request, gone.signal));
  const answer = (read ? await handler(read) : responseOf(refusal(new Refused("ADDRESS")), {})) as unknown as HostsResponse;
  // Nothing more is read of a body that was refused.
  const end = request.complete === false ? { connection: "close" } : {};
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...end });
  // A stream that breaks off breaks the connection off, also while that takes nothing: what came is not the whole.
  const reader = (answer.body as Readable | null)?.getReader();
  const isOver = reader?.closed;
  isOver?.catch(() => undefined);
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (!value) break;
    if (!response.write(value)) await Promise.race([isGone, isOver, new Promise<void>((resolve) => (wake = resolve))]);
    if (gone.signal.aborted) return void reader?.cancel().catch(() => undefined);
  }
  response.end();
}
