// What the command uses of Node, beside ../node.d.ts: as much of each as it uses.

declare module "node:process" {
  export interface Writable {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
    write(part: string | Uint8Array, done?: () => void): boolean;
    on(event: "error", listener: (error: Error & { readonly code?: string }) => void): void;
    on(event: "resize", listener: () => void): void;
    off(event: "resize", listener: () => void): void;
    hasColors?(): boolean;
    getWindowSize?(): [columns: number, rows: number];
  }

  const process: {
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly pid: number;
    readonly stdin: AsyncIterable<Uint8Array> & { destroy(error: Error): void };
    readonly stdout: Writable;
    readonly stderr: Writable;
    exitCode: number | undefined;
    kill(pid: number, signal: 0 | "SIGINT" | "SIGTERM"): void;
    on(event: "SIGINT" | "SIGTERM", listener: () => void): void;
    off(event: "SIGINT" | "SIGTERM", listener: () => void): void;
  };
  export default process;
}

declare module "node:fs/promises" {
  export interface FileHandle {
    writeFile(text: string | Uint8Array): Promise<void>;
  }

  export interface Stats {
    readonly mtimeMs: number;
    readonly size: number;
    isFile(): boolean;
    isDirectory(): boolean;
    isSymbolicLink(): boolean;
  }

  export function access(path: string, mode: number): Promise<void>;
  export function open(path: string, flags: "wx" | "w" | "r"): Promise<FileHandle>;
  export function readFile(path: string): Promise<Uint8Array>;
  export function stat(path: string): Promise<Stats>;
  export function lstat(path: string): Promise<Stats>;
  export function utimes(path: string, accessed: Date, modified: Date): Promise<void>;

  export const constants: { readonly W_OK: number };
}

declare module "node:fs" {
  export function createReadStream(path: string): AsyncIterable<Uint8Array>;
}

declare module "node:crypto" {
  export function createHash(name: "sha256"): { update(text: string): { digest(encoding: "hex" | "base64"): string } };
  export function randomUUID(): string;
}

declare module "node:os" {
  export function hostname(): string;
}

declare module "node:stream" {
  export const Readable: { toWeb(stream: AsyncIterable<Uint8Array>): object };
}

declare module "node:timers" {
  export interface Timer {
    readonly [Symbol.toPrimitive]: () => number;
  }
  export function setInterval(callback: () => void, milliseconds: number): Timer;
  export function clearInterval(timer: Timer | undefined): void;
}

declare module "node:timers/promises" {
  export function setTimeout(milliseconds: number): Promise<void>;
}

declare module "node:path" {
  export function extname(path: string): string;
}

declare module "node:http" {
  export interface ServerResponse {
    on(event: "drain" | "error", listener: () => void): void;
    write(part: Uint8Array): boolean;
    destroy(): void;
  }
}

declare module "node:util" {
  export interface Token {
    readonly kind: "option" | "positional" | "option-terminator";
    readonly name?: string;
    readonly rawName?: string;
    readonly value?: string;
    readonly inlineValue?: boolean;
  }

  export function parseArgs(config: {
    args: readonly string[];
    options: Readonly<Record<string, { type: "string" | "boolean"; short?: string; multiple?: boolean }>>;
    strict: false;
    allowPositionals: true;
    tokens: true;
  }): { readonly tokens: readonly Token[] };
}

/** Made by the build: createLogUpdate of log-update, which rewrites lines of a terminal. Its own types want all of Node's. */
declare module "#log-update" {
  import type { Writable } from "node:process";

  export function createLogUpdate(stream: Writable, options: { showCursor: boolean }): LogUpdate;

  export interface LogUpdate {
    (text: string): void;
    /** Erases what it wrote last. */
    clear(): void;
    /** Leaves it, and goes on below. */
    done(): void;
  }
}

/** Made by the build: that of package.json. */
declare module "#version" {
  export const version: string;
}
