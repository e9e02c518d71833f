// What the simulator uses of a host beyond what the package uses (../host.d.ts).
/* eslint-disable no-var -- only `var` declares a property of globalThis */

interface HostsResponse {
  formData(): Promise<HostFormData>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface HostFormData {
  get(name: string): string | HostFile | null;
  getAll(name: string): (string | HostFile)[];
}

interface HostFile {
  readonly name?: string;
  readonly type: string;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface HostUrl {
  readonly search: string;
}

/** Node's, which calls back in a task of its own, too. */
declare var setImmediate: ((callback: () => void) => unknown) | undefined;

/** Of browsers and Node: calls back in a task of its own, which no fake timer holds up. */
declare var MessageChannel:
  | (new () => {
      readonly port1: { onmessage: (() => void) | null; close(): void };
      readonly port2: { postMessage(message: unknown): void };
    })
  | undefined;
