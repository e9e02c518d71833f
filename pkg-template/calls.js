// What callers hold while the wasm is at work: a promise that settles once, or an iterator of statuses.
import { HubSpotTaskError } from "./error.js";

/** What a call rejects with when this signal aborts it. */
function abortReason(signal) {
  try {
    if (signal.reason !== undefined) return signal.reason;
  } catch (thrown) {
    return thrown;
  }
  const message = "This operation was aborted";
  if (typeof DOMException === "function") return new DOMException(message, "AbortError");
  return Object.assign(new Error(message), { name: "AbortError" });
}

/** Calls `abort` when the signal is aborted, at once if it is already; gives what stops listening. */
function onAbort(signal, abort) {
  if (!signal) return () => {};
  const told = () => abort(abortReason(signal));
  try {
    if (signal.aborted) told();
    else signal.addEventListener("abort", told);
  } catch (cause) {
    const message = "signal: got a value of type object, which cannot be listened to, takes an AbortSignal";
    abort(new HubSpotTaskError({ code: "INVALID_ARGUMENT", message, cause }));
  }
  return () => {
    try {
      signal.removeEventListener("abort", told);
    } catch {
      // A signal of the caller's own that cannot forget: the call is over all the same.
    }
  };
}

const later = (then) => Promise.resolve().then(then);

/**
 * A promise for what the wasm tells of a call. `begin` is given whom to tell, by `tell(status)` and `end(error, value)`,
 * and gives the call's number and its options; `leave` ends it in the wasm; `run` lets it work.
 */
export const promised = ({ begin, leave, run }) =>
  new Promise((resolve, reject) => {
    let isOver = false;
    let handlers = Promise.resolve();
    let unlisten;
    const settle = (how, value) => {
      if (isOver) return;
      isOver = true;
      unlisten?.();
      leave(id);
      how(value);
    };
    const fail = (error) => settle(reject, error);
    const listener = {
      // Later than wait(), and before anything that comes next.
      tell: (status) =>
        later(() => {
          if (isOver || !onStatus) return;
          handlers = Promise.all([handlers, onStatus(status)]);
          handlers.catch(fail);
        }).catch(fail),
      end: (error, value) =>
        later(() => (error ? fail(error) : handlers.then(() => settle(resolve, value), fail))),
    };
    const { id, signal, onStatus } = begin(listener);
    unlisten = onAbort(signal, fail);
    if (isOver) unlisten();
    else later(run);
  });

/** The statuses of a task, the newest ones where they come faster than they are taken. */
export function statuses({ begin, attend, rest, leave, run }) {
  let newest;
  /** What comes after the newest: nothing more, or an error once. */
  let end;
  /** The one next() that waits; others wait for it. */
  let waiting;
  let last = Promise.resolve();
  let id;
  let signal;
  /** Aborted, or told to return: what the wasm tells then comes too late. */
  let isLeft = false;
  const listener = {
    tell(status) {
      if (isLeft) return;
      newest = { value: status, done: false };
      answer();
    },
    end(error, value, isTaskOver) {
      if (isLeft) return;
      end = { error: isTaskOver ? undefined : error };
      answer();
    },
  };

  function answer() {
    if (!waiting || !(newest || end)) return;
    const { resolve, reject, unlisten } = waiting;
    waiting = undefined;
    unlisten?.();
    const { error } = end ?? {};
    if (newest) {
      resolve(newest);
      newest = undefined;
    } else if (error !== undefined) {
      end = {};
      reject(error);
    } else {
      resolve({ value: undefined, done: true });
    }
    if (!end) rest(id);
  }

  const stop = (error) => {
    isLeft = true;
    newest = undefined;
    end = { error };
    leave(id);
    answer();
  };

  const next = () =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      if (end && !newest) return answer();
      const unlisten = onAbort(isLeft ? undefined : signal, stop);
      if (newest || end) {
        unlisten();
        return answer();
      }
      attend(id);
      if (waiting) waiting.unlisten = unlisten;
      else unlisten();
      later(run);
    });

  try {
    ({ id, signal } = begin(listener));
    rest(id);
  } catch (error) {
    end = { error };
  }
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => (last = last.then(next, next)),
    return(value) {
      if (id !== undefined) stop();
      end = {};
      return Promise.resolve({ value, done: true });
    },
  };
}
