// A signal that is given, and who listens to it: one listener for each signal and client, however many calls share it.
import { taskError } from "./error.js";
import { withRoom } from "./stack.js";
import type { TaskAbortSignal } from "./types.js";
import { attempt, fieldsOf, has, refusalOfKind } from "./values.js";

/** Who leaves when a signal is aborted. */
export interface Abortable {
  /** Is called with what the call rejects with. */
  abort(reason: unknown): void;
}

interface Listening {
  readonly calls: Set<Abortable>;
  readonly listener: () => void;
}

/** The signals of a client's calls. */
export class Signals {
  readonly #listening = new WeakMap<TaskAbortSignal, Listening>();

  /** The call leaves when the signal is aborted, at once if it is already; it has to be forgotten when it is over. */
  listen(signal: TaskAbortSignal | undefined, call: Abortable): void {
    if (!signal) return;
    try {
      if (signal.aborted) call.abort(abortReason(signal));
      else this.#of(signal).calls.add(call);
    } catch (cause) {
      const message = "signal: got one that throws, takes an AbortSignal";
      call.abort(taskError({ code: "INVALID_ARGUMENT", message, cause }));
    }
  }

  forget(signal: TaskAbortSignal | undefined, call: Abortable): void {
    if (!signal) return;
    const listening = this.#listening.get(signal);
    if (!listening?.calls.delete(call) || listening.calls.size > 0) return;
    this.#listening.delete(signal);
    // A signal of the caller's own that cannot forget: nobody is left to hear of it all the same.
    attempt(() => {
      signal.removeEventListener("abort", listening.listener);
    });
  }

  #of(signal: TaskAbortSignal): Listening {
    const known = this.#listening.get(signal);
    if (known) return known;
    const calls = new Set<Abortable>();
    const abortAll = () => {
      const reason = abortReason(signal);
      // Each of them is forgotten meanwhile.
      for (const call of [...calls]) call.abort(reason);
    };
    const listener = () => {
      withRoom(abortAll);
    };
    signal.addEventListener("abort", listener);
    const listening = { calls, listener };
    this.#listening.set(signal, listening);
    return listening;
  }
}

/** What a call rejects with when this signal aborts it. */
export function abortReason(signal: TaskAbortSignal): unknown {
  try {
    if (signal.reason !== undefined) return signal.reason;
  } catch (thrown) {
    return thrown;
  }
  const message = "This operation was aborted";
  if (typeof DOMException === "function") return new DOMException(message, "AbortError");
  return Object.assign(new Error(message), { name: "AbortError" });
}

/** A signal of the caller's. */
export function readSignal(signal: unknown): TaskAbortSignal {
  const isSignal = attempt(() => {
    const given = fieldsOf(signal);
    return typeof given.aborted === "boolean" && has(given, "addEventListener") && has(given, "removeEventListener");
  });
  if (typeof signal !== "object" || !isSignal) throw refusalOfKind("signal", signal, "an AbortSignal");
  return signal as TaskAbortSignal;
}
