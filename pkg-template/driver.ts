// The loop: tells the engine what happened, and does what it says. One driver a client.
//
// It runs from a microtask, a timer or an answer, never on a caller's stack: calls are noted, and begin soon after.
import type { Call, Calls } from "./calls.js";
import { readNow } from "./clock.js";
import { Engine, type Output, type Tenant, statusPath } from "./engine.js";
import { HubSpotTaskError } from "./error.js";
import { FAMILIES, Kept, OutputKind } from "./generated/names.js";
import { Lane } from "./lane.js";
import type { ClientGiven, TaskEventListener } from "./options.js";
import { type Detail, type Reading, unanswered, understand } from "./reading.js";
import { type Arrival, Sender } from "./requests.js";
import { checkpointOf, errorAbout, eventOf, failure, faultOf, finishedTask, isEndOfTask, pollStep } from "./results.js";
import { Signals } from "./signals.js";
import { type TaskRecord, Tasks, registry } from "./tasks.js";
import type { Checkpoint, Clock, TaskEstimate } from "./types.js";
import { Refusal, attempt, known } from "./values.js";

/** A request under way, or one that may be repeated. */
interface Request {
  readonly task: TaskRecord;
  /** The call that it is sent for; undefined: for all who wait. */
  readonly call: Call | undefined;
}

/** So many calls begin in one turn of the host's: others want to have their turns, too. */
const CALLS_A_TURN = 1_000;

/** Closes the engines of drivers that nobody holds any more. */
const collected = registry<() => void>((close) => {
  close();
});

/** Whether nothing can be done after this output, for now. */
const isLast = (kind: OutputKind): boolean =>
  kind === OutputKind.idle || kind === OutputKind.waitUntil || kind === OutputKind.newTurn;

export class Driver implements Calls, Tenant {
  readonly engine: Engine;
  readonly tasks: Tasks;
  readonly signals = new Signals();
  readonly #defaults: { readonly pace: number; readonly timeoutMs: number };
  readonly #sender: Sender;
  readonly #clock: Clock;
  readonly #onEvent: TaskEventListener | undefined;
  readonly #lane: Lane;
  /** Calls that the engine does not know yet. */
  #begins: Call[] = [];
  /** Other things that it does not know yet. */
  #inputs: (() => void)[] = [];
  /** What came of requests. One is told after the other, since outputs speak of what was kept of the last. */
  readonly #arrivals: (() => void)[] = [];
  /** By the engine's numbers. */
  readonly #calls = new Map<number, Call>();
  readonly #requests = new Map<number, Request>();
  /** Those that were told something in this turn, and do not wait for more yet. */
  readonly #toRest = new Set<Call>();
  /** What went wrong when HubSpot demanded the pause. */
  #pauseFault: Detail | undefined;
  /** Whether somebody was told something, or left, in this turn of the host's; and what is to go on in the next. */
  #isTurnOwed = false;
  readonly #afterTurn: (() => void)[] = [];
  #nowMs = 0;
  #isRunning = false;
  #isScheduled = false;

  constructor({ settings, durations, sender, clock, onEvent }: ClientGiven) {
    this.engine = new Engine(settings);
    this.tasks = new Tasks(this.engine, (key) => {
      this.#note(() => {
        this.engine.call("closeTask", key, this.#nowMs);
      });
    });
    this.#defaults = settings;
    this.#sender = new Sender(sender);
    this.#clock = clock;
    this.#onEvent = onEvent;
    const turn = () => {
      this.#isTurnOwed = false;
      for (const goOn of this.#afterTurn.splice(0)) goOn();
      this.#inputs.push(() => {
        this.#turn();
      });
      this.#run();
    };
    const wake = () => {
      this.#note(() => {
        this.engine.call("wake", this.#nowMs);
      });
    };
    // The timer rings in a new task of the host's, too.
    this.#lane = new Lane(clock, { ring: turn, turn, wake });
    durations.forEach((phases, family) => {
      phases.forEach((seconds, phase) => {
        if (seconds.length > 0) this.engine.remember(family, phase, seconds);
      });
    });
    collected.register(this, this.engine.closer);
  }

  /** The engine's time. Throws what is wrong with the clock. */
  timeMs(): number {
    const nowMs = readNow(this.#clock);
    return this.engine.call("time", nowMs);
  }

  /** Where a task's polling stands. `pace` says when its next poll is due if nobody waits. */
  checkpoint(task: TaskRecord, pace: number | undefined, deadlineMs: number | undefined): Checkpoint {
    return checkpointOf(task, this.engine.progressOf(task.key, pace ?? this.#defaults.pace), deadlineMs);
  }

  /** How long a task is likely still to take. Throws what is wrong with the clock. */
  estimate({ key }: TaskRecord): TaskEstimate | undefined {
    const [medianMs, ninetyPercentMs] = this.engine.estimate(key, readNow(this.#clock));
    return medianMs === undefined || ninetyPercentMs === undefined ? undefined : { medianMs, ninetyPercentMs };
  }

  // What calls want.

  begin(call: Call): void {
    this.engine.enter(this);
    this.#schedule();
    // Where the stack is full it has failed before this.
    this.#begins.push(call);
    if (!call.rests) call.task.listening++;
  }

  leave(call: Call): void {
    if (!this.#end(call)) return;
    this.#isTurnOwed = true;
    this.#note(() => {
      if (this.#calls.delete(call.number)) this.engine.call("leave", call.number, this.#nowMs);
    });
  }

  /** From the next turn on: most attend again before, and a poll under way is not broken off for that. */
  rest(call: Call): void {
    if (call.isOver || call.rests) return;
    this.#toRest.add(call);
    this.#note(() => {
      this.#lane.takeTurn();
    });
  }

  attend(call: Call): void {
    if (this.#toRest.delete(call) || call.isOver || !call.rests) return;
    call.rests = false;
    call.task.listening++;
    this.#note(() => {
      // One that has not begun begins as it is then.
      if (this.#calls.has(call.number)) this.engine.call("attend", call.number, this.#nowMs);
    });
  }

  /** A new task of the host's began. */
  #turn(): void {
    for (const call of this.#toRest) {
      if (call.isOver) continue;
      call.rests = true;
      call.task.listening--;
      this.engine.call("rest", call.number, this.#nowMs);
    }
    this.#toRest.clear();
    this.engine.call("turn");
  }

  /** The call is over, from now on; false where it was. */
  #end(call: Call): boolean {
    if (call.isOver) return false;
    call.isOver = true;
    if (!call.rests) call.task.listening--;
    return true;
  }

  // The loop.

  /** The engine is to be told this, soon. */
  #note(input: () => void): void {
    this.#schedule();
    this.#inputs.push(input);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isRunning) return;
    void Promise.resolve().then(() => {
      this.#isScheduled = false;
      this.#run();
    });
    this.#isScheduled = true;
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      this.#work();
    } catch (thrown) {
      this.end(thrown);
    }
    this.#isRunning = false;
    if (this.#inputs.length + this.#arrivals.length > 0) this.#schedule();
    if (this.#calls.size + this.#begins.length === 0) this.engine.leave(this);
  }

  #work(): void {
    let left = CALLS_A_TURN;
    // Nobody took outputs meanwhile: those of the last reply are all done.
    let isDone = true;
    for (;;) {
      this.#nowMs = readNow(this.#clock);
      // Before anything is decided for this instant: a reply may demand a pause.
      if (isDone) this.#arrivals.shift()?.();
      left = this.#takeInputs(left);
      const output = this.engine.next(this.#nowMs);
      isDone = isLast(output.kind);
      if (isDone && this.#arrivals.length > 0) continue;
      if (!this.#does(output)) return;
    }
  }

  /**
   * Tells the engine what it does not know yet, up to so many new calls; gives how many more may begin. Calls begin before
   * others leave: what is under way for those who leave may be what the new ones want.
   */
  #takeInputs(left: number): number {
    if (this.#begins.length > 0) left -= this.#enterSome(left);
    const inputs = this.#inputs;
    if (inputs.length > 0) {
      this.#inputs = [];
      for (const input of inputs) input();
    }
    return left;
  }

  /** Gives how many calls began. */
  #enterSome(most: number): number {
    const begins = this.#begins.slice(0, most);
    for (const call of begins) if (!call.isOver) this.#enter(call);
    // Not before, so that none is lost where the engine fails.
    this.#begins = this.#begins.slice(begins.length);
    return begins.length;
  }

  /** The engine gets to know a call. */
  #enter(call: Call): void {
    call.number = this.#numberFor(call);
    this.#calls.set(call.number, call);
    if (call.rests) this.engine.call("rest", call.number, this.#nowMs);
  }

  #numberFor({ task: { key }, wanted }: Call): number {
    const { engine } = this;
    const nowMs = this.#nowMs;
    if (wanted.kind === "look") return engine.call("look", key, nowMs);
    const { deadlineMs } = wanted;
    if (wanted.kind === "pollOnce") return engine.call("pollOnce", key, nowMs, deadlineMs ?? NaN);
    const leftMs = deadlineMs === undefined ? undefined : Math.max(0, deadlineMs - engine.call("time", nowMs));
    const { pace = this.#defaults.pace, timeoutMs = leftMs ?? this.#defaults.timeoutMs } = wanted;
    return engine.call("wait", key, nowMs, pace, timeoutMs);
  }

  /** Does what an output says; false for one after which nothing can be done for now. */
  #does(output: Output): boolean {
    switch (output.kind) {
      case OutputKind.send:
        this.#send(output.request, output.isRepeat > 0, this.#requestOf(output));
        return true;
      case OutputKind.giveUp:
        this.#requests.delete(output.request);
        this.#sender.giveUp(output.request);
        return true;
      case OutputKind.late:
        this.#reply(output.request, this.#sender.late(output.request));
        return true;
      case OutputKind.happened:
        this.#notify(output);
        return true;
      case OutputKind.idle:
        this.#lane.rest();
        break;
      case OutputKind.waitUntil:
        this.#lane.ringAt(output.untilMs, output.nowMs);
        break;
      case OutputKind.newTurn:
        this.#lane.takeTurn();
        break;
      default:
        this.#tell(output);
        return true;
    }
    if (this.#begins.length > 0) this.#lane.takeTurn();
    return false;
  }

  #requestOf({ request, task, call }: Output): Request | undefined {
    const known = this.#requests.get(request);
    if (known) return known;
    const record = this.tasks.byKey(task);
    return record && { task: record, call: this.#calls.get(call) };
  }

  #send(id: number, isRepeat: boolean, request: Request | undefined): void {
    // A task that nobody holds has nobody who waits.
    if (!request) return;
    this.#requests.set(id, request);
    const { task, call } = request;
    task.path ||= statusPath(task.family, task.apiVersion, task.id);
    const isWanted = () => (call ? !call.isOver : task.listening > 0);
    const nextTurn = () => (this.#isTurnOwed ? this.#nextTurn() : undefined);
    this.#sender.send(id, task.path, isRepeat, { isWanted, nextTurn }, (arrival) => {
      this.#arrivals.push(() => {
        // It may have been given up while others were told.
        if (this.#requests.get(id) === request) this.#reply(id, arrival);
      });
      this.#run();
    });
  }

  /** Begins after those who were told something, or left, had their turn. */
  #nextTurn(): Promise<void> {
    this.#note(() => {
      this.#lane.takeTurn();
    });
    return new Promise((resolve) => this.#afterTurn.push(resolve));
  }

  #reply(id: number, arrival: Arrival): void {
    const request = this.#requests.get(id);
    if (!request) return;
    const { task, call } = request;
    const { isRepeatable } = arrival;
    const { answer, status, detail } = this.#read(arrival, task);
    const isSame = status !== undefined && status.text === task.latest?.text;
    if (!isRepeatable) this.#requests.delete(id);
    const kept = this.engine.reply(id, this.#nowMs, {
      ...answer,
      isRepeatable: Number(isRepeatable),
      isSame: Number(isSame),
    });
    const keeps = (what: number) => ((kept >> what) & 1) === 1;
    if (keeps(Kept.status)) task.latest = status;
    if (keeps(Kept.fault)) task.fault = detail;
    if (keeps(Kept.pause)) this.#pauseFault = detail;
    if (call) call.fault = detail;
  }

  #read(arrival: Arrival, task: TaskRecord): Reading {
    if ("detail" in arrival) return unanswered(arrival.kind, arrival.detail);
    const scopes = FAMILIES[task.family]?.scopes ?? [];
    return understand(arrival.received, { scopes, nowMs: this.#nowMs, secret: arrival.secret });
  }

  #notify(output: Output): void {
    const task = this.tasks.byKey(output.task);
    const onEvent = this.#onEvent;
    if (!task || !onEvent) return;
    const event = eventOf(output, task);
    // What it throws, or rejects with, harms nothing.
    void (async () => {
      await onEvent(event);
    })().catch(() => undefined);
  }

  /** Tells a call something. */
  #tell(output: Output): void {
    const call = this.#calls.get(output.call);
    if (!call) return;
    this.#isTurnOwed = true;
    const { task } = call;
    const status = task.latest?.object;
    if (output.kind === OutputKind.status) {
      if (status) call.tell(status);
      return;
    }
    const value = this.#valueOf(output, call);
    this.#calls.delete(call.number);
    if (!this.#end(call)) return;
    if (output.kind === OutputKind.failed) call.end(value, undefined, isEndOfTask(output));
    else call.end(undefined, value, output.kind === OutputKind.finished);
  }

  /** What a call ends with: a value, or an error. */
  #valueOf(output: Output, call: Call): unknown {
    const { task, wanted } = call;
    // Made by us before HubSpot said anything of it.
    const status = task.latest?.object ?? { status: "PENDING" };
    const fault = faultOf(output, call, this.#pauseFault);
    switch (output.kind) {
      case OutputKind.finished:
        return finishedTask(output, status);
      case OutputKind.seen:
        return status;
      case OutputKind.stepped: {
        const checkpoint = checkpointOf(task, this.engine.progress, wanted.deadlineMs);
        return pollStep(output, task, checkpoint, fault && failure(output, task, fault, undefined));
      }
      default:
        return failure(output, task, fault, () => this.checkpoint(task, wanted.pace, undefined));
    }
  }

  // What ends all calls.

  /** Something of the caller's does not work, or something of ours. */
  end(thrown: unknown): void {
    const code = thrown instanceof Refusal ? "INVALID_ARGUMENT" : "INTERNAL";
    const isKnown = thrown instanceof Refusal || thrown instanceof HubSpotTaskError;
    const { message, cause } = isKnown ? thrown : { message: "the package failed inside", cause: thrown };
    this.#endAll((task) => {
      const polls = attempt(() => this.engine.progressOf(task.key, this.#defaults.pace).polls);
      return errorAbout(task, code, { message, ...known({ cause, polls, lastStatus: task.latest?.object }) });
    });
    // The engine may be what failed.
    attempt(() => {
      this.engine.call("abandon");
      while (!isLast(this.engine.next(this.#nowMs).kind));
    });
  }

  #endAll(errorFor: (task: TaskRecord) => unknown): void {
    const calls = [...this.#calls.values(), ...this.#begins];
    const requests = [...this.#requests.keys()];
    this.#calls.clear();
    this.#requests.clear();
    this.#toRest.clear();
    this.#begins = [];
    this.#inputs = [];
    this.#arrivals.length = 0;
    this.#lane.stop();
    for (const request of requests) this.#sender.giveUp(request);
    for (const goOn of this.#afterTurn.splice(0)) goOn();
    for (const call of calls) if (this.#end(call)) call.end(errorFor(call.task));
  }
}
