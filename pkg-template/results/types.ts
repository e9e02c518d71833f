// The public types of `hubspot-async-tasks/results`.
import type { Clock, FetchLike, HubSpotTasks, Task, TaskAbortSignal, TaskId } from "../entries/index.js";

/** A client, of any copy of the package: its exports are asked for the file's URL. */
export type ExportClient = Pick<HubSpotTasks, "exports">;

/** An export: a task of any client's, or the id that HubSpot gave. */
export type ExportTask = Pick<Task<string>, "id" | "family" | "wait"> | TaskId;

/** How far a download is. */
export interface DownloadProgress {
  /** So many bytes came. */
  receivedBytes: number;
  /** Of so many, where the server said it. */
  totalBytes?: number;
}

/** Options of everything that downloads. */
export interface DownloadOptions {
  /** Ends it at once, the wait for the export included; it rejects with the signal's reason. */
  signal?: TaskAbortSignal | null | undefined;
  /** Hears of each part that came. What it throws ends the download. */
  onProgress?: ((progress: DownloadProgress) => void) | null | undefined;
  /** A connection that brings no byte for so many milliseconds is given up for another one: 30,000 if not given. */
  stallTimeoutMs?: number | null | undefined;
  /**
   * Called for the file instead of the host's fetch. Not the client's: that may add a token, which the file's server must
   * not see. Its answers have their bytes as a stream in `body`, or an `arrayBuffer()`.
   */
  fetch?: FetchLike | null | undefined;
  /** Drives pauses and time limits of the download; the host's clock and timers if not given. */
  clock?: Clock | null | undefined;
}

/** A row of a CSV by the names in its header; one that is there twice gets its number: `Email`, `Email (2)`. */
export type Row = Record<string, string>;

/** Options of {@link rows}. */
export interface RowsOptions<HasHeader extends boolean = boolean> extends DownloadOptions {
  /** Whether the first row of each file is its header: true if not given. False gives all rows as lists of their fields. */
  header?: HasHeader | null | undefined;
}

/** An export's file, as it comes. */
export interface Download {
  /** The bytes: asked for as they are read. Errors and aborts reach its reader; who cancels it closes the connection. */
  body: ByteStream;
  /** A name without folders and without characters that a file system or a terminal takes amiss. */
  fileName: string;
  /** As the server named it. */
  contentType?: string;
  /** In bytes, where the server said it. */
  size?: number;
  /** Whether it is a zip of other files: HubSpot zips what is over 2 MB. */
  isZipped: boolean;
}

/** What saveTo() wrote. */
export interface Saved {
  /** Where, as it was given. */
  path: string;
  /** In bytes. */
  size: number;
  /** What the server calls it, made safe. */
  fileName: string;
  /** As the server named it. */
  contentType?: string;
  /** Whether it is a zip of other files: HubSpot zips what is over 2 MB. */
  isZipped: boolean;
  /** So many bytes were there from an earlier call; 0 where it was begun anew. */
  resumedFrom: number;
}

/** The host's stream of bytes where its types are known, else as much of one as is needed. */
export type ByteStream = typeof globalThis extends { Response: { prototype: { readonly body: infer Body } } }
  ? NonNullable<Body>
  : {
      getReader(): {
        read(): Promise<{ done: boolean; value?: Uint8Array }>;
        cancel(reason?: unknown): Promise<void>;
        releaseLock(): void;
      };
      cancel(reason?: unknown): Promise<void>;
    };
