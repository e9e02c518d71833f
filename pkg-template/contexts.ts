// Clients in Cloudflare's workers. There, timers, requests and promises belong to the context (the visitor's request) that made
// them: they end with it, and code of another context can neither wait for them nor settle them. So each call has a lane of
// its own, with its own timers and requests; calls that begin together share one, since their context is the same. The engine
// is data, which may be touched from everywhere.
//
// Nobody hears that a context ended. A lane with calls shows by a timer that it lives, and then takes what others left for it.
// One that is not seen any more has lapsed: its calls leave, and the requests that others wait for are sent again.
import type { Call, Calls } from "./calls.js";
import { readNow } from "./clock.js";
import { AnswerKind } from "./generated/names.js";
import { type HostLane, Lane, type LaneDriver } from "./lane.js";
import { type Arrival, type NextTurn, Request, type Requests, Sender, type SenderParts } from "./requests.js";
import type { TaskRecord } from "./tasks.js";
import type { Clock } from "./types.js";
import { attempt, soon } from "./values.js";

/** So often at least a lane with calls has a turn: what others left for it waits no longer. */
const TICK_MS = 500;

/** A lane that had no turn for so long has lapsed. */
const LAPSE_MS = 3_000;

/** What comes of a request whose lane has lapsed: it is to be sent again. */
const LOST: Arrival = {
  kind: AnswerKind.noAnswer,
  detail: { message: "the worker's context that asked has ended" },
  isRepeatable: true,
};

/** What is to be done since something was collected: the machine says so outside of all contexts. */
const collected: (() => void)[] = [];

/** Whether it starts a task: that is not sent again, and goes on until its answer comes, or requestTimeoutMs. */
const isStart = (call: Call | undefined): boolean => call?.wanted.errand?.isStart === true;

/** Keeps it until some lane has its turn. */
export function keepCollected(act: () => void): void {
  collected.push(act);
}

/** The lanes of a client, as its driver sees them: the one whose turn it is. */
export class Contexts implements HostLane, Requests {
  /** Those with calls, or with requests under way. */
  readonly all = new Set<ContextLane>();
  readonly #laneOf = new WeakMap<Call, ContextLane>();
  readonly #sender: Sender;
  #here: ContextLane | undefined;
  #judgedMs = 0;

  constructor(
    readonly clock: Clock,
    readonly driver: LaneDriver & Calls,
    readonly parts: SenderParts,
  ) {
    this.#sender = new Sender(parts);
  }

  /** Whose turn it is: a new one where that is not known, since contexts have no names. It is known until this turn ends. */
  get #lane(): ContextLane {
    if (this.#here) return this.#here;
    const lane = new ContextLane(this);
    this.#here = lane;
    soon(() => {
      if (this.#here === lane) this.#here = undefined;
    });
    return lane;
  }

  isHere(lane: ContextLane): boolean {
    return this.#here === lane;
  }

  /** Acts in a lane, whose turn it is. */
  enter<Value>(lane: ContextLane, act: () => Value): Value {
    const before = this.#here;
    this.#here = lane;
    try {
      this.#see(lane);
      for (const close of collected.splice(0)) close();
      return act();
    } finally {
      this.#here = before;
    }
  }

  /** This lane lives. If it had its turn in time, so could the others; after a halt of the whole worker it tells nothing. */
  #see(lane: ContextLane): void {
    const nowMs = this.nowMs();
    const restedMs = nowMs - lane.seenMs;
    lane.seenMs = nowMs;
    if (restedMs < TICK_MS / 2 || restedMs > LAPSE_MS || nowMs - this.#judgedMs < TICK_MS) return;
    this.#judgedMs = nowMs;
    for (const other of this.all) if (nowMs - other.seenMs > LAPSE_MS) other.lapse();
  }

  /** A clock that does not work is the loop's affair. */
  nowMs(): number {
    return attempt(() => readNow(this.clock)) ?? 0;
  }

  join(call: Call): void {
    this.#laneOf.get(call)?.part(call);
    this.#laneOf.set(call, this.#lane);
    this.#lane.join(call);
  }

  send(request: Request, nextTurn: NextTurn, done: (arrival: Arrival) => void): void {
    const { call, task } = request;
    const lane = (call && this.#laneOf.get(call)) ?? this.#waitingFor(task);
    lane.send(request, nextTurn, done);
  }

  /** The lane of one who waits for a task: if not this one, that which was seen last. */
  #waitingFor(task: TaskRecord): ContextLane {
    const here = this.#lane;
    if (here.waitsFor(task)) return here;
    const waiting = [...this.all].filter((lane) => lane.waitsFor(task));
    return waiting.sort((one, other) => other.seenMs - one.seenMs)[0] ?? here;
  }

  giveUp(request: Request): Arrival {
    return this.#sender.giveUp(request);
  }

  wantRun(): void {
    this.#lane.timers.wantRun();
  }

  ringAt(untilMs: number, nowMs: number, clockMs: number): void {
    this.#lane.ringAt(untilMs, nowMs, clockMs);
  }

  rest(): void {
    this.#lane.rest();
  }

  takeTurn(): void {
    this.#lane.timers.takeTurn();
  }

  nextTurn(): Promise<void> {
    return this.#lane.timers.nextTurn();
  }

  after(ms: number, callback: () => void): () => void {
    return this.#lane.timers.after(ms, callback);
  }

  /** The others hear in their next turn that their calls are over. */
  stop(): void {
    this.#lane.timers.stop();
  }
}

/** No page is shown here, and no network comes back. */
class Timers extends Lane {
  protected override listen(): () => void {
    return () => undefined;
  }
}

/** What belongs to one context. */
class ContextLane {
  readonly timers: Lane;
  /** When it had its last turn. */
  seenMs: number;
  readonly #contexts: Contexts;
  readonly #sender: Sender;
  readonly #calls = new Set<Call>();
  /** Its requests under way, and who is to hear what comes of them. */
  readonly #requests = new Map<Request, (arrival: Arrival) => void>();
  /** What is to be done in its next turn. */
  readonly #mail: (() => void)[] = [];
  #hasLapsed = false;

  constructor(contexts: Contexts) {
    const { clock, driver, parts } = contexts;
    this.#contexts = contexts;
    this.#sender = new Sender(parts);
    this.seenMs = contexts.nowMs();
    this.timers = new Timers(clock, {
      run: () => {
        this.enter(() => {
          driver.run();
        });
      },
      turn: (rangMs) => {
        this.enter(() => {
          driver.turn(rangMs);
        });
      },
      wake: () => undefined,
    });
  }

  /** Its turn has come. */
  enter(act: () => void): void {
    this.#contexts.enter(this, () => {
      if (this.#hasLapsed) this.#return();
      for (const letter of this.#mail.splice(0)) letter();
      act();
    });
  }

  /** Acts in its turn: now, or in the next one. */
  #do(act: () => void): void {
    if (this.#contexts.isHere(this)) act();
    else this.#mail.push(act);
  }

  /** What the driver tells the call waits for this lane's turn, unless the call rests: then it only takes note. */
  join(call: Call): void {
    const plain = Object.getPrototypeOf(call) as Call;
    const hear = (act: () => void) => {
      if (call.rests) act();
      else this.#do(act);
    };
    call.tell = (...told) => {
      hear(() => {
        plain.tell.apply(call, told);
      });
    };
    call.end = (...told) => {
      hear(() => {
        plain.end.apply(call, told);
      });
    };
    this.#calls.add(call);
    this.#contexts.all.add(this);
  }

  part(call: Call): void {
    this.#calls.delete(call);
  }

  waitsFor(task: TaskRecord): boolean {
    return [...this.#calls].some((call) => call.task === task && !call.rests && !call.isOver);
  }

  /** Sends it as a request of its own: another lane may be about to send the same. */
  send(request: Request, nextTurn: NextTurn, done: (arrival: Arrival) => void): void {
    const { task, call, token, isFresh, secrets } = request;
    const own = Object.assign(new Request(task, call, request.asksForDetails), { token, isFresh, secrets });
    this.#requests.set(own, (arrival) => {
      request.token = own.token;
      request.isFresh = own.isFresh;
      request.secrets = own.secrets;
      done(arrival);
    });
    this.#contexts.all.add(this);
    request.stop = () => {
      request.waitsFor = own.waitsFor;
      own.isOver = true;
      this.#do(() => {
        this.#sender.giveUp(own);
      });
    };
    this.#do(() => {
      this.#sender.send(own, () => this.#contexts.enter(this, nextTurn), (arrival) => {
        this.#arrived(own, arrival);
      });
    });
  }

  #arrived(own: Request, arrival: Arrival): void {
    const done = this.#requests.get(own);
    this.#requests.delete(own);
    this.enter(() => done?.(arrival));
  }

  ringAt(untilMs: number, nowMs: number, clockMs: number): void {
    this.#forgetIdle();
    for (const own of this.#requests.keys()) if (own.isOver) this.#requests.delete(own);
    if (this.#calls.size + this.#requests.size === 0) this.rest();
    else this.timers.ringAt(Math.min(untilMs, nowMs + TICK_MS), nowMs, clockMs);
  }

  rest(): void {
    this.timers.rest();
    this.#contexts.all.delete(this);
  }

  #forgetIdle(): void {
    for (const call of this.#calls) if (call.isOver || call.rests) this.#calls.delete(call);
  }

  /** Its context seems to have ended. */
  lapse(): void {
    this.#hasLapsed = true;
    this.#contexts.all.delete(this);
    this.#forgetIdle();
    for (const call of this.#calls) if (!isStart(call)) this.#contexts.driver.suspend(call);
    for (const [own, done] of [...this.#requests]) {
      if (isStart(own.call)) continue;
      this.#requests.delete(own);
      own.isOver = true;
      done(LOST);
    }
  }

  /** It was only late: its calls begin anew, with what is left of their time. */
  #return(): void {
    this.#hasLapsed = false;
    // Who left meanwhile stays away.
    this.#forgetIdle();
    // It joins anew.
    for (const call of [...this.#calls].filter((call) => !isStart(call))) {
      if (call.wanted.kind === "wait") call.wanted = { ...call.wanted, timeoutMs: undefined, deadlineMs: call.endsMs };
      this.#contexts.driver.begin(call);
    }
  }
}
