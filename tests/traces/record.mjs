// Records what the package does in each test: its requests, its events, what onStatus hears, how its promises settle.
//
// tests/package/support.mjs uses it when TRACES names a folder, and hands its tests the class that `recorded()` gives.
// A test sees no difference: methods are replaced where they stand, options are read through, nothing is awaited.
// A client without an observer gets none, since an observer may change when things are sent: it may leave when it hears
// of something, and the engine gives it the time to. With TRACES_OF=events each client has one, and events alone are kept.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Trace } from "./trace.mjs";
import { described, finished, settled, step, taken, wordOf } from "./describe.mjs";

const OF_EVENTS = process.env.TRACES_OF === "events";

/** Tests of which nothing is recorded, and why. */
const LEFT_OUT = {
  "clock: a clock may come back into the client whenever it is called":
    "it calls the client 20 times from within its clock: how often a clock is read is nobody's contract",
};

const FAMILIES = ["fileImports", "folderUpdates", "exports", "sourceCodeExtracts"];

/** A recorder that writes `folder/NAME.jsonl` for the test file that this process runs; instants count from `start`. */
export function createRecorder(folder, start) {
  const file = basename(process.argv[1], ".test.mjs");
  const trace = new Trace(start, (stream) => !OF_EVENTS || stream.startsWith("events "));
  process.on("exit", () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${file}.jsonl`), trace.lines());
  });
  return {
    /** A test begins. */
    begin: (name) => trace.begin(name, !(`${file}: ${name}` in LEFT_OUT)),
    /** It has ended. */
    end: () => trace.end(),
    /** The test has made a clock: what reads it now still reads it when the test breaks its `now`. */
    addClock: (clock) => trace.addClock(clock, clock.now),
    /** The class in whose place it stands, with clients that are recorded. */
    recorded: (HubSpotTasks) => recorded(HubSpotTasks, trace),
  };
}

function recorded(HubSpotTasks, trace) {
  /** Which client's trace a family, a task or an iterator belongs to, and what it is called there. */
  const owners = new WeakMap();
  /** How many calls of the package's own code are on the stack: what they call in turn is no call of the test's. */
  let depth = 0;

  const own = (object, client, about) => {
    if (!owners.has(object)) owners.set(object, { client, about });
    return object;
  };

  /** Records how a call's promise settles; a handler that does nothing more delays nobody. */
  function follow(promise, { client, about }, call, tell) {
    if (!(promise instanceof Promise) || depth > 0) return promise;
    const settle = (outcome) => client.add("settled", { call, ...about, ...outcome });
    promise.then(
      (value) => settle(tell(value)),
      (error) => settle({ rejected: described(error, about) }),
    );
    return promise;
  }

  /** Calls what calls other methods in turn. */
  function nested(call) {
    depth++;
    try {
      return call();
    } finally {
      depth--;
    }
  }

  function watchClient(client, families) {
    replace(client, "poll", (original) => function (...args) {
      const promise = nested(() => Reflect.apply(original, this, args));
      return owners.has(this) ? follow(promise, owners.get(this), "poll", step) : promise;
    });
    replace(client, "resume", (original) => function (...args) {
      return watchTask(Reflect.apply(original, this, args), owners.get(this));
    });
    for (const family of families) watchFamily(family);
  }

  function watchFamily(family) {
    replace(family, "task", (original) => function (...args) {
      return watchTask(Reflect.apply(original, this, args), owners.get(this));
    });
    replace(family, "status", (original) => function (...args) {
      const promise = nested(() => Reflect.apply(original, this, args));
      if (!owners.has(this)) return promise;
      const { client, about } = owners.get(this);
      return follow(promise, { client, about: { ...about, id: idText(args[0]) } }, "status", settled);
    });
  }

  function watchTask(task, owner) {
    if (!owner) return task;
    own(task, owner.client, { family: task.family, id: task.id });
    replace(task, "status", (original) => function (...args) {
      const promise = Reflect.apply(original, this, args);
      return owners.has(this) ? follow(promise, owners.get(this), "status", settled) : promise;
    });
    replace(task, "wait", (original) => function (options, ...more) {
      if (!owners.has(this)) return Reflect.apply(original, this, [options, ...more]);
      const owner = owners.get(this);
      const promise = Reflect.apply(original, this, [hearing(options, owner), ...more]);
      return follow(promise, owner, "wait", finished);
    });
    for (const name of ["statuses", Symbol.asyncIterator]) {
      replace(task, name, (original) => function (...args) {
        const iterator = Reflect.apply(original, this, args);
        return owners.has(this) ? watchIterator(iterator, owners.get(this)) : iterator;
      });
    }
    return task;
  }

  function watchIterator(iterator, { client, about }) {
    if (owners.has(iterator)) return iterator;
    own(iterator, client, about);
    replace(iterator, "next", (original) => function (...args) {
      const promise = Reflect.apply(original, this, args);
      return owners.has(this) ? follow(promise, owners.get(this), "next", taken) : promise;
    });
    return iterator;
  }

  return new Proxy(HubSpotTasks, {
    construct(target, [options, ...more], newTarget) {
      const client = trace.client();
      const made = Reflect.construct(target, [observing(options, client), ...more], newTarget);
      own(made, client.open());
      for (const name of FAMILIES) own(made[name], client, { family: name.slice(0, -1) });
      watchClient(made, FAMILIES.map((name) => made[name]));
      return made;
    },
  });
}

/** Methods that were replaced already: most stand on a prototype. */
const replaced = new WeakSet();

/** Replaces a method where it stands, on the object or on a prototype, with all that can be seen of it. */
function replace(object, name, wrap) {
  let holder = object;
  while (holder && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder);
  const descriptor = Object.getOwnPropertyDescriptor(holder, name);
  const original = descriptor.value;
  if (replaced.has(original)) return;
  const method = wrap(original);
  replaced.add(method);
  for (const property of ["name", "length"]) {
    Object.defineProperty(method, property, Object.getOwnPropertyDescriptor(original, property));
  }
  Object.defineProperty(holder, name, { ...descriptor, value: method });
}

/** An id as it is shown, without calling anything of the caller's. */
const idText = (id) => (["string", "number", "bigint"].includes(typeof id) ? String(id) : `(${typeof id})`);

/** An object in whose fields some functions are replaced as they are read; all else is read as it is. */
function through(object, wrappers) {
  if (typeof object !== "object" || object === null) return object;
  return new Proxy(object, {
    get(target, name) {
      const value = target[name];
      return Object.hasOwn(wrappers, name) ? wrappers[name](value) : value;
    },
  });
}

/** Options of a wait whose onStatus is recorded. */
const hearing = (options, { client, about }) =>
  through(options, {
    onStatus: (onStatus) =>
      typeof onStatus !== "function"
        ? onStatus
        : function (...args) {
            client.add("heard", { ...about, status: wordOf(args[0]) });
            return Reflect.apply(onStatus, this, args);
          },
  });

/** Options of a client whose fetch and onEvent are recorded, where it has them, by the clock that it has. */
const observing = (options, client) =>
  through(options, {
    clock: (clock) => client.setClock(clock),
    fetch: (fetch) =>
      typeof fetch !== "function"
        ? fetch
        : function (...args) {
            client.request(...args);
            return Reflect.apply(fetch, this, args);
          },
    onEvent: (onEvent) => {
      if (OF_EVENTS && (onEvent ?? undefined) === undefined) return (event) => client.event(event);
      if (typeof onEvent !== "function") return onEvent;
      return function (...args) {
        client.event(args[0]);
        return Reflect.apply(onEvent, this, args);
      };
    },
  });
