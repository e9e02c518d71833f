// What happened in the tests of one file: for each client of a test some streams, each a list of things with instants.
import { instantsFrom, withoutTimes } from "./describe.mjs";

/** The one that fake timers replace. */
const RealDate = Date;

/** All tests of a file, in their order. */
export class Trace {
  #start;
  #isOf;
  #tests = [];
  #test;

  /** Instants count from `start`; of the streams those are kept whose names `isOf` accepts. */
  constructor(start, isOf) {
    this.#start = start;
    this.#isOf = isOf;
  }

  begin(name, isRecorded) {
    const same = this.#tests.filter((test) => test.name === name).length;
    this.#test = { name: same ? `${name} (${same + 1})` : name, isRecorded, isOpen: true, clocks: [], clients: [] };
    this.#tests.push(this.#test);
  }

  /** What happens afterwards is not recorded. */
  end() {
    this.#test.isOpen = false;
  }

  addClock(clock, now) {
    this.#test?.clocks.push({ clock, now });
  }

  /** A client of the test that runs now: counted from its `open()` on, since a constructor may throw. */
  client() {
    return new ClientTrace(this.#test, this.#start);
  }

  /** The file: a line for each stream, and one for a test that did not come to its end. */
  lines() {
    return this.#tests
      .flatMap(({ name, isRecorded, isOpen, clients }) => {
        const streams = isRecorded ? clients.flatMap((client, index) => client.streams(index + 1, this.#isOf)) : [];
        return [...(isOpen ? [{ failed: true }] : []), ...streams].map((line) => JSON.stringify({ test: name, ...line }));
      })
      .join("\n");
  }
}

/** One client of one test. */
class ClientTrace {
  #test;
  #start;
  #now;
  #streams = new Map();
  #tokens = [];
  /** What listens to a signal. */
  #watched = new WeakMap();

  constructor(test, start) {
    this.#test = test;
    this.#start = start;
  }

  open() {
    this.#test?.clients.push(this);
    return this;
  }

  /** The client reads its clock: its instants are those of the test's clock that this is, or stands on. */
  setClock(given) {
    if (given === undefined || given === null) return given;
    const { clocks } = this.#test;
    const stoodOn = clocks.find(({ clock, now }) => clock === given || now === field(given, "now")) ?? clocks.at(-1);
    this.#now = stoodOn?.now;
    return given;
  }

  /** The virtual time in milliseconds from the start, null where time is real. */
  now() {
    if (this.#now) return this.#now() - this.#start;
    return Date === RealDate ? null : Date.now() - this.#start;
  }

  /** Something happens, now. */
  add(stream, what, at = this.now()) {
    if (!this.#test?.isOpen) return;
    if (!this.#streams.has(stream)) this.#streams.set(stream, { what: new Map(), when: [] });
    const { what: known, when } = this.#streams.get(stream);
    const text = JSON.stringify(at === null ? withoutTimes(what) : instantsFrom(this.#start, what));
    if (!known.has(text)) known.set(text, known.size);
    if (when.at(-1)?.[0] !== at) when.push([at]);
    when.at(-1).push(known.get(text));
  }

  /** A request is sent; which of the client's tokens it carries is told by a number. */
  request(url, init) {
    const [, authorization] = Object.entries(init.headers).find(([name]) => /^authorization$/i.test(name)) ?? [];
    if (authorization !== undefined && !this.#tokens.includes(authorization)) this.#tokens.push(authorization);
    const token = authorization === undefined ? undefined : this.#tokens.indexOf(authorization) + 1;
    const request = { request: `${init.method} ${url}`, token };
    this.add("requests", request);
    this.#watch(init.signal, () => this.add("requests", { givenUp: request.request }));
  }

  /** A signal that serves several requests, one by one, is about the last of them. */
  #watch(signal, listener) {
    signal?.removeEventListener("abort", this.#watched.get(signal));
    signal?.addEventListener("abort", listener, { once: true });
    if (signal) this.#watched.set(signal, listener);
  }

  /** The test's observer hears something: by task, since the order of one task's events is its observer's contract. */
  event({ family, taskId, at, ...event }) {
    const now = this.now();
    const late = now === null || at - this.#start === now ? {} : { at };
    this.add(`events of ${family} ${taskId}`, { ...event, ...late }, now);
  }

  streams(client, isOf) {
    const order = [...this.#streams].filter(([name]) => isOf(name)).sort(([a], [b]) => (a < b ? -1 : 1));
    return order.map(([stream, { what, when }]) => ({ client, stream, what: [...what.keys()].map(JSON.parse), when }));
  }
}

function field(object, name) {
  try {
    return object[name];
  } catch {
    return undefined;
  }
}
