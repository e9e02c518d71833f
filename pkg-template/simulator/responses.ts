// What fetch gives: the host's Response, or so much of one as clients read.

/** An answer where the host has no Response. */
export interface SimulatorResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  json(): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as Response has it
}

/** The host's Response, where its types are loaded. */
export type HostResponse = typeof globalThis extends { Response: { prototype: infer HostsOwn } }
  ? HostsOwn
  : SimulatorResponse;

/** Statuses whose answer has no body: `new Response` refuses even an empty string for them. */
const BODILESS = [204, 205, 304];

export function responseOf(status: number, headers: Record<string, string>, text: string): HostResponse {
  if (globalThis.Response) {
    return new globalThis.Response(BODILESS.includes(status) ? null : text, { status, headers });
  }
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    text: () => Promise.resolve(text),
    json: async () => JSON.parse(await Promise.resolve(text)) as unknown,
  };
}
