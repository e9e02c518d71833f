// What is answered in the place of the usual: an answer of the caller's, or changes to the usual one.
import type { Call } from "./families.js";
import { lowerCased } from "./requests.js";
import { isObject } from "./values.js";

/** What a request asks for: a call of the API, or the file behind a result's URL. */
export type SimulatedCall = Call | "download";

/** Gives the body that would come without the script. */
export type UsualBody = () => string | object | undefined;

/**
 * What a body is, by the family that is asked about (undefined where the path is no task's), the usual body, and the scopes
 * of which the request needs one.
 */
export type BodyOf = (family: string | undefined, usual: UsualBody, scopes: readonly string[]) => string | object;

/** A body that does not come whole. */
export interface BrokenBody {
  /**
   * "drop": the connection is lost. "stall": nothing more comes until the request is aborted. "cut": it ends, as though it
   * were whole.
   */
  how: "drop" | "stall" | "cut";
  /** After so many characters of it (of a file, bytes), 0 being right after the headers; half of them unless given. */
  after?: number | undefined;
}

/** An answer of one's own. */
export interface ScriptedResponse {
  /** 200 to 599. Without it, this is the normal answer with the parts given here in place of its own. */
  status?: number | undefined;
  /** Added to the usual ones; null leaves a usual one out (`{ date: null }`). */
  headers?: Record<string, string | null> | undefined;
  /**
   * An object is sent as JSON, a string and bytes as they are, nothing as an empty body. A function gives one of these, made
   * of the usual body where it likes.
   */
  body?: string | object | BodyOf | undefined;
  /** The body begins to come, and breaks off. */
  breaks?: BrokenBody | undefined;
  /** How fast the body comes, by the clock; at once unless given. */
  bytesPerSecond?: number | undefined;
  /** In place of the simulator's, in milliseconds. */
  latencyMs?: number | undefined;
}

/** A response, or none: fetch rejects with a TypeError and a server drops the connection, or nothing ever comes. */
export type ScriptedReply = ScriptedResponse | "network-error" | "hang";

/**
 * An answer for {@link Simulator.script}: a response, "network-error" (fetch rejects with a TypeError, a server drops
 * the connection), or "hang" (no answer until the request is aborted).
 *
 * With `carriedOut` the request is carried out before: the task is started or canceled, though the answer does not say so.
 * Without it, none of these but one that changes the usual answer carries anything out.
 */
export type ScriptedAnswer = ScriptedReply | { readonly carriedOut: ScriptedReply };

/** An answer that is whole. */
export type Answer = Omit<ScriptedResponse, "body"> & { status: number; body?: string | object | undefined };

/** For which requests {@link Simulator.script} gives its answers: for all unless given. */
export interface ScriptOptions {
  /** Those of one task: statuses, details, errors, cancels, and downloads of its file. */
  taskId?: string | number | bigint | undefined;
  /** Those of one kind. */
  call?: SimulatedCall | undefined;
  /** Those of one family, starts among them. */
  family?: string | undefined;
}

/** What a request asks for, as far as scripts tell requests apart. */
export interface Asked {
  taskId?: string | undefined;
  call?: SimulatedCall | undefined;
  family?: string | undefined;
}

/** The answers that wait for their requests. */
export class Script {
  /** The next one first. */
  readonly #entries: { answer: ScriptedAnswer; of: Asked }[] = [];

  /** Adds answers for some requests, or for any; none where one of them is no answer. */
  add(answers: ScriptedAnswer | readonly ScriptedAnswer[], options: ScriptOptions = {}): void {
    const { taskId, call, family } = options;
    const of = { taskId: taskId === undefined ? undefined : String(taskId), call, family };
    this.#entries.push(...[answers].flat().map((answer) => ({ answer: requireAnswer(answer), of })));
  }

  /** The answer for a request: no changes to the usual one where there is none. */
  take(asked: Asked): ScriptedAnswer {
    const names = ["taskId", "call", "family"] as const;
    const index = this.#entries.findIndex(({ of }) => names.every((name) => of[name] === undefined || of[name] === asked[name]));
    const [entry] = index < 0 ? [] : this.#entries.splice(index, 1);
    return entry?.answer ?? {};
  }
}

/** A scripted answer; without a status it is the usual one with some parts replaced. */
export function completed(
  script: ScriptedResponse,
  usualAnswer: () => Answer,
  family: string | undefined,
  scopes: readonly string[],
): Answer {
  const { status, body, ...parts } = script;
  const own = { ...parts, headers: lowerCased(script.headers ?? {}) };
  const bodyOf = (usual: UsualBody) =>
    "body" in script && { body: typeof body === "function" ? (body as BodyOf)(family, usual, scopes) : body };
  if (status !== undefined) return { ...own, ...bodyOf(() => usualAnswer().body), status };
  const usual = usualAnswer();
  const replaced = bodyOf(() => usual.body);
  return { ...usual, ...own, ...replaced, status: usual.status, headers: { ...usual.headers, ...own.headers } };
}

/** What a caller scripts, as it is; throws for what is no answer. */
function requireAnswer(answer: unknown): ScriptedAnswer {
  if (isObject(answer) && "carriedOut" in answer) {
    requireAnswer(answer.carriedOut);
    return answer as ScriptedAnswer;
  }
  const { status = 200 } = Object(answer) as ScriptedResponse;
  const isInRange = Number.isInteger(status) && status >= 200 && status <= 599;
  if ((isObject(answer) && isInRange) || answer === "network-error" || answer === "hang") return answer;
  const gots: Record<string, string> = { function: "a function: call it", object: `status ${status}` };
  const got = gots[typeof answer] ?? String(answer);
  throw new TypeError(`an answer is an object (status 200 to 599), "network-error" or "hang", not ${got}`);
}
