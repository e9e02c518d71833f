// What simulator.node.ts uses of Node, which every Node has. In the place of @types/node, whose globals would be taken for
// every host's.

declare module "node:http" {
  export interface IncomingMessage extends AsyncIterable<Uint8Array> {
    readonly url: string;
    readonly method: string;
    readonly headers: Record<string, string | string[] | undefined>;
    readonly socket: { destroy(): void };
  }

  export interface ServerResponse {
    sendDate: boolean;
    on(event: "close", listener: () => void): void;
    writeHead(status: number, headers: Record<string, string>): ServerResponse;
    flushHeaders(): void;
    write(part: Uint8Array, done: () => void): void;
    end(): void;
  }

  export interface Server {
    once(event: "error", listener: (error: Error) => void): void;
    listen(port: number, host: string, listener: () => void): void;
    address(): { readonly port: number };
    close(listener: () => void): void;
    closeAllConnections(): void;
  }

  export function createServer(listener: (request: IncomingMessage, response: ServerResponse) => void): Server;
}
