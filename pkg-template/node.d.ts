// What simulator.node.ts and results/save.ts use of Node, which every Node has. In the place of @types/node, whose globals would be taken for
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

declare module "node:fs/promises" {
  export interface FileHandle {
    read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
    write(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesWritten: number }>;
    truncate(length: number): Promise<void>;
    datasync(): Promise<void>;
    sync(): Promise<void>;
    close(): Promise<void>;
  }

  export function open(path: string, flags: "r+" | "w+"): Promise<FileHandle>;
  export function readFile(path: string, encoding: "utf8"): Promise<string>;
  export function writeFile(path: string, text: string): Promise<void>;
  export function rename(from: string, to: string): Promise<void>;
  export function rm(path: string, options: { force: true }): Promise<void>;
  export function stat(path: string): Promise<{ isDirectory(): boolean; isFile(): boolean }>;
  export function lstat(path: string): Promise<{ isDirectory(): boolean; isFile(): boolean }>;
  export function realpath(path: string): Promise<string>;
}

declare module "node:path" {
  export function basename(path: string): string;
  export function dirname(path: string): string;
  export function join(...parts: string[]): string;
  export const sep: string;
}
