// The engine in WebAssembly, typed: functions of numbers, and records and buffers in its memory. A trap ends the instance
// and all that lives in it; the next client gets a fresh one.
import { type HubSpotTaskError, taskError } from "./error.js";
import {
  ANSWER_FIELDS,
  type EventKind,
  type FaultOwner,
  OUTPUT_FIELDS,
  type OutputKind,
  PROGRESS_FIELDS,
  SETTINGS_FIELDS,
} from "./generated/names.js";
import { type Instance, discard, instance } from "./load.js";
import { attempt, soon } from "./values.js";

/** What npm/src/exports.rs exports. */
type Functions = typeof import("./generated/glue.js");
type Name = keyof Functions;
type Exports = Functions & { readonly memory: { readonly buffer: ArrayBuffer } };

/** The functions that act for a client, whose number comes first. */
type OfClient = { [Of in Name]: Parameters<Functions[Of]> extends [client: number, ...unknown[]] ? Of : never }[Name];
type AfterClient<Of extends Name> = Parameters<Functions[Of]> extends [number, ...infer Rest] ? Rest : never;

/** A record in the wasm's memory. */
type RecordOf<Fields extends readonly string[]> = { -readonly [Name in Fields[number]]: number };

export type Settings = RecordOf<typeof SETTINGS_FIELDS>;
export type Answer = RecordOf<typeof ANSWER_FIELDS>;
export type Progress = RecordOf<typeof PROGRESS_FIELDS>;
export type Output = Readonly<
  RecordOf<typeof OUTPUT_FIELDS> & { kind: OutputKind; event: EventKind; faultOf: FaultOwner }
>;

/** The functions that say where a record lies. */
type RecordName = `${string}Record` & Name;

/** Who has calls in an instance: is told when it ends. */
export interface Tenant {
  end(error: HubSpotTaskError): void;
}

/** One instance of the WebAssembly, and who has calls in it. */
class Home {
  readonly tenants = new Set<Tenant>();
  readonly settings: Settings;
  readonly answer: Answer;
  readonly progress: Progress;
  readonly output: Output;
  readonly #wasm: Exports;
  #memory: Float64Array;
  /** What broke it, and what is thrown from then on. */
  #trap: { readonly cause: unknown } | undefined;
  #error: HubSpotTaskError | undefined;

  constructor(readonly instance: Instance) {
    this.#wasm = instance.exports as Exports;
    this.#memory = new Float64Array(this.#wasm.memory.buffer);
    this.settings = this.#record("settingsRecord", SETTINGS_FIELDS);
    this.answer = this.#record("answerRecord", ANSWER_FIELDS);
    this.progress = this.#record("progressRecord", PROGRESS_FIELDS);
    const output: unknown = this.#record("outputRecord", OUTPUT_FIELDS);
    this.output = output as Output;
  }

  /** Calls a function. Throws INTERNAL from the first trap on, whatever that was: a stack that is full, too. */
  call<Of extends Name>(name: Of, ...values: Parameters<Functions[Of]>): ReturnType<Functions[Of]> {
    if (this.#trap) throw this.#error ?? this.#end(this.#trap);
    try {
      return (this.#wasm[name] as (...values: unknown[]) => ReturnType<Functions[Of]>)(...values);
    } catch (cause) {
      // First of all, for the rest may find no room on the stack.
      this.#trap = { cause };
      throw this.#end(this.#trap);
    }
  }

  /** Writes a text where the wasm reads it. */
  write(text: string): void {
    const characters = utf8(text);
    const { length } = characters;
    const start = this.call("textBuffer", length);
    const bytes = new Uint8Array(this.#wasm.memory.buffer, start, length);
    for (let at = 0; at < length; at++) bytes[at] = characters.charCodeAt(at);
  }

  /** The buffer of so many numbers. */
  numbers(length: number): Float64Array {
    const at = this.call("numberBuffer", length);
    return new Float64Array(this.#wasm.memory.buffer, at, length);
  }

  /** The memory, which moves when it grows. */
  #numbers(): Float64Array {
    const { buffer } = this.#wasm.memory;
    if (this.#memory.buffer !== buffer) this.#memory = new Float64Array(buffer);
    return this.#memory;
  }

  /** A record as it is at the moment: what is read of it is read there, and what is assigned to it is written there. */
  #record<Fields extends readonly string[]>(name: RecordName, fields: Fields): RecordOf<Fields> {
    const start = this.call(name) / Float64Array.BYTES_PER_ELEMENT;
    const record = {};
    fields.forEach((field, at) => {
      Object.defineProperty(record, field, {
        get: () => this.#numbers()[start + at],
        set: (value: number) => {
          this.#numbers()[start + at] = value;
        },
      });
    });
    return record as RecordOf<Fields>;
  }

  /** Tells all who have calls here that it ended: on a stack of their own, which has room. */
  #end({ cause }: { readonly cause: unknown }): HubSpotTaskError {
    discard(this.instance);
    const message =
      "the package failed inside: make a new client";
    const error = taskError({ code: "INTERNAL", message, cause });
    soon(() => {
      for (const tenant of this.tenants) tenant.end(error);
      this.tenants.clear();
    });
    this.#error = error;
    return error;
  }
}

/** A text in UTF-8: a character for each byte. (Not each host has a `TextEncoder`: Jest's jsdom has none.) */
function utf8(text: string): string {
  const [start = "", ...escapes] = encodeURIComponent(text).split("%");
  const unescaped = escapes.map((part) => String.fromCharCode(parseInt(part.slice(0, 2), 16)) + part.slice(2));
  return start + unescaped.join("");
}

let latest: Home | undefined;

/** That of the instance in use. */
function home(): Home {
  const made = instance();
  if (latest?.instance !== made) latest = new Home(made);
  return latest;
}

// What Rust knows of names and statuses, which needs no client.

export function isApiVersion(text: string): boolean {
  const here = home();
  here.write(text);
  return here.call("isApiVersion") !== 0;
}

/** Whether a text is an id of a form: its place in `ID_FORMS`. */
export function isTaskId(form: number, text: string): boolean {
  const here = home();
  here.write(text);
  return here.call("isTaskId", form) !== 0;
}

/** The place in `OUTCOMES` of what a status says of a task whose family has a result or not. */
export function outcomeOf(answer: Partial<Answer>, hasResult: boolean): number {
  const here = home();
  Object.assign(here.answer, answer);
  return here.call("outcomeOf", Number(hasResult));
}

/** The engine of one client. */
export class Engine {
  readonly #home = home();
  readonly #client: number;

  constructor(settings: Settings) {
    Object.assign(this.#home.settings, settings);
    this.#client = this.#home.call("openClient");
  }

  /** What closes it; it holds nothing of this. */
  get closer(): () => void {
    const [here, client] = [this.#home, this.#client];
    return () => {
      // In an instance that ended nothing is left to close.
      attempt(() => {
        here.call("closeClient", client);
      });
    };
  }

  /** Calls a function for this client. */
  call<Of extends OfClient>(name: Of, ...values: AfterClient<Of>): ReturnType<Functions[Of]> {
    return this.#home.call(name, ...([this.#client, ...values] as unknown as Parameters<Functions[Of]>));
  }

  /** The next thing to do: good until the next one is asked for. */
  next(nowMs: number): Output {
    this.call("next", nowMs);
    return this.#home.output;
  }

  /** A reply to a request, in parts: what to keep of it, bit by bit. */
  reply(request: number, nowMs: number, ...parts: (Partial<Record<keyof Answer, number | boolean>> | undefined)[]): number {
    Object.assign(this.#home.answer, ...parts);
    return this.call("reply", request, nowMs);
  }

  /** A task's key. */
  openTask(family: number, id: string): number {
    this.#home.write(id);
    return this.call("openTask", family);
  }

  resumeTask(task: number, progress: { readonly [Name in keyof Progress]: number | undefined }): void {
    Object.assign(this.#home.progress, progress);
    this.call("resumeTask", task);
  }

  /** Where a task's polling stands. */
  progressOf(task: number, pace: number): Progress {
    this.call("progress", task, pace);
    return this.#home.progress;
  }

  /** That of the step that came last. */
  get progress(): Progress {
    return this.#home.progress;
  }

  /** What a client of earlier learned. `family` is the engine's number for one, `phase` a place in `PHASES`. */
  remember(family: number, phase: number, seconds: readonly number[]): void {
    this.#home.numbers(seconds.length).set(seconds);
    this.call("remember", family, phase);
  }

  learned(family: number, phase: number): Iterable<number> {
    return this.#home.numbers(this.call("learned", family, phase));
  }

  /** How long a task is likely still to take: half of such tasks, and nine in ten; nothing where that is not known. */
  estimate(task: number, nowMs: number): Iterable<number> {
    return this.#home.numbers(this.call("estimate", task, nowMs));
  }

  /** Somebody has calls here, and hears if this ends. */
  enter(tenant: Tenant): void {
    this.#home.tenants.add(tenant);
  }

  leave(tenant: Tenant): void {
    this.#home.tenants.delete(tenant);
  }
}
