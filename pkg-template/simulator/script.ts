// What is answered in the place of the usual: an answer of the caller's, or changes to the usual one.
import type { SimulatedFamily } from "./families.js";
import { lowerCased } from "./requests.js";
import { isObject } from "./values.js";

/** Gives the body that would come without the script. */
export type UsualBody = () => string | object | undefined;

/** What a body is, by the family that is asked about; undefined where the path is no task's. */
export type BodyOf = (family: SimulatedFamily | undefined, usual: UsualBody) => string | object;

/** A body that does not come whole. */
export interface BrokenBody {
  /** "drop": the connection is lost. "stall": nothing more comes until the request is aborted. */
  how: "drop" | "stall";
  /** After so many characters of it, 0 being right after the headers; half of them unless given. */
  after?: number | undefined;
}

/** An answer of one's own. */
export interface ScriptedResponse {
  /** 200 to 599. Without it, this is the normal answer with the parts given here in place of its own. */
  status?: number | undefined;
  /** Added to the usual ones; null leaves a usual one out (`{ date: null }`). */
  headers?: Record<string, string | null> | undefined;
  /**
   * An object is sent as JSON, a string as it is, nothing as an empty body. A function gives one of these, made of the
   * usual body where it likes.
   */
  body?: string | object | BodyOf | undefined;
  /** The body begins to come, and breaks off. */
  breaks?: BrokenBody | undefined;
  /** In place of the simulator's, in milliseconds. */
  latencyMs?: number | undefined;
}

/**
 * An answer for {@link Simulator.script}: a response, "network-error" (fetch rejects with a TypeError, a server drops
 * the connection), or "hang" (no answer until the request is aborted).
 */
export type ScriptedAnswer = ScriptedResponse | "network-error" | "hang";

/** An answer that is whole. */
export type Answer = Omit<ScriptedResponse, "body"> & { status: number; body?: string | object | undefined };

/** For which requests {@link Simulator.script} gives its answers. */
interface ScriptOptions {
  taskId?: string | number | bigint | undefined;
}

/** The answers that wait for their requests. */
export class Script {
  /** The next one first. */
  readonly #entries: { answer: ScriptedAnswer; taskId: string | undefined }[] = [];

  /** Adds answers for the requests of one task, or of any; none where one of them is no answer. */
  add(answers: ScriptedAnswer | readonly ScriptedAnswer[], { taskId }: ScriptOptions = {}): void {
    const entries = [answers].flat().map((answer) => ({
      answer: requireAnswer(answer),
      taskId: taskId === undefined ? undefined : String(taskId),
    }));
    this.#entries.push(...entries);
  }

  /** The answer for a request: no changes to the usual one where there is none. */
  take(taskId: string | undefined): ScriptedAnswer {
    const index = this.#entries.findIndex((entry) => entry.taskId === undefined || entry.taskId === taskId);
    const [entry] = index < 0 ? [] : this.#entries.splice(index, 1);
    return entry?.answer ?? {};
  }
}

/** A scripted answer to a question about a family; without a status it is the usual one with some parts replaced. */
export function completed(script: ScriptedResponse, family: SimulatedFamily | undefined, usualAnswer: () => Answer): Answer {
  const { status, body, ...parts } = script;
  const own = { ...parts, headers: lowerCased(script.headers ?? {}) };
  const bodyOf = (usual: UsualBody) =>
    "body" in script && { body: typeof body === "function" ? (body as BodyOf)(family, usual) : body };
  if (status !== undefined) return { ...own, ...bodyOf(() => usualAnswer().body), status };
  const usual = usualAnswer();
  const replaced = bodyOf(() => usual.body);
  return { ...usual, ...own, ...replaced, status: usual.status, headers: { ...usual.headers, ...own.headers } };
}

/** What a caller scripts, as it is; throws for what is no answer. */
function requireAnswer(answer: unknown): ScriptedAnswer {
  const { status = 200 } = Object(answer) as ScriptedResponse;
  const isInRange = Number.isInteger(status) && status >= 200 && status <= 599;
  if ((isObject(answer) && isInRange) || answer === "network-error" || answer === "hang") return answer;
  const gots: Record<string, string> = { function: "a function: call it", object: `status ${status}` };
  const got = gots[typeof answer] ?? String(answer);
  throw new TypeError(`an answer is an object (status 200 to 599), "network-error" or "hang", not ${got}`);
}
