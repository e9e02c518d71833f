// The loop: tells the engine what happened, and does what it says. One driver a client.
//
// It runs from a microtask, a timer or an answer, never on a caller's stack: calls are noted, and begin soon after.
import type { Address } from "./base-url.js";
import type { Call, Wanted } from "./calls.js";
import { readNow } from "./clock.js";
import { Engine, type Output, type Tenant } from "./engine.js";
import { HubSpotTaskError } from "./error.js";
import { BUILT_IN, type Family, type FamilyFacts } from "./families.js";
import { DEFAULTS, Kept, OutputKind } from "./generated/names.js";
import { type HostLane, type LaneDriver, makeHost } from "./lane.js";
import { type ClientGiven, type Remembered, type TaskEventListener, durationsOf } from "./options.js";
import { type Detail, type Reading, unanswered, understand, understandDetails } from "./reading.js";
import { type Arrival, Request, type Requests } from "./requests.js";
import { checkpointOf, errorAbout, eventOf, failure, faultOf, finishedTask, given, isEndOfTask, pollStep } from "./results.js";
import { Signals } from "./signals.js";
import { type TaskRecord, Tasks, registry } from "./tasks.js";
import type { Checkpoint, Clock, TaskEstimate } from "./types.js";
import { Refusal, attempt } from "./values.js";
import type { Watching } from "./watched.js";

/** So many calls begin in one turn of the host's: others want to have their turns, too. */
const CALLS_A_TURN = 1_000;

/** Closes the engines of drivers that nobody holds any more. */
const collected = registry<() => void>((close) => {
  close();
});

/** Whether nothing can be done after this output, for now. */
const isLast = (kind: OutputKind): boolean =>
  kind === OutputKind.idle || kind === OutputKind.waitUntil || kind === OutputKind.newTurn;

export class Driver implements Watching, LaneDriver, Tenant {
  readonly engine: Engine;
  readonly tasks: Tasks;
  /** The families that are known: the built-in ones first. */
  readonly families: Family[];
  readonly signals = new Signals();
  readonly #learned: Remembered;
  readonly #defaults: { readonly pace: number; readonly timeoutMs: number };
  readonly address: Address;
  readonly #sender: Requests;
  readonly #clock: Clock;
  readonly #onEvent: TaskEventListener | undefined;
  readonly #lane: HostLane;
  /** Calls that the engine does not know yet. */
  #begins: Call[] = [];
  /** Other things that it does not know yet. */
  #inputs: (() => void)[] = [];
  /** What came of requests. One is told after the other, since outputs speak of what was kept of the last. */
  #arrivals: (() => void)[] = [];
  /** By the engine's numbers. */
  readonly #calls = new Map<number, Call>();
  readonly #requests = new Map<number, Request>();
  /** Those that were told something in this turn, and do not wait for more yet. */
  readonly #toRest = new Set<Call>();
  /** What went wrong when HubSpot demanded the pause. */
  #pauseFault: Detail | undefined;
  /** Whether somebody was told something, or left, in this turn of the host's. */
  #isTurnOwed = false;
  #nowMs = 0;
  #isRunning = false;

  constructor({ settings, learned, sender, clock, onEvent }: ClientGiven) {
    this.engine = new Engine(settings);
    this.tasks = new Tasks(this.engine, (key) => {
      this.#note(() => {
        this.engine.call("closeTask", key, this.#nowMs);
      });
    });
    this.#defaults = settings;
    this.address = sender.address;
    this.#clock = clock;
    this.#onEvent = onEvent;
    if (onEvent) this.observe();
    ({ lane: this.#lane, sender: this.#sender } = makeHost(clock, this, sender));
    this.#learned = learned;
    this.families = BUILT_IN.map((facts, place) => this.#remembered({ facts, place }));
    collected.register(this, this.engine.closer);
  }

  /** This client started the task just now. */
  started({ key }: TaskRecord): void {
    this.engine.call("startedTask", key, readNow(this.#clock));
  }

  /** Gets to know a family. */
  define(facts: FamilyFacts): Family {
    const { result, isQueued, details, paths } = facts;
    const hasDetails = Number(!!details && !!paths.details);
    const place = this.engine.call("define", Number(!!result), Number(!!result?.livesMs), Number(isQueued), hasDetails);
    const family = this.#remembered({ facts, place });
    this.families.push(family);
    return family;
  }

  /** What earlier tasks of the family took, where that is known. */
  #remembered(family: Family): Family {
    durationsOf(this.#learned, family.facts.name).forEach((seconds, phase) => {
      if (seconds.length > 0) this.engine.remember(family.place, phase, seconds);
    });
    return family;
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

  observe(): void {
    this.engine.call("observe");
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
    if (!call.rests) this.#join(call);
  }

  /** Something is to be sent for it. */
  #join(call: Call): void {
    call.isListening = true;
    call.task.listening++;
    this.#lane.join?.(call);
  }

  /** Nothing is to be sent for it any more, or for now. */
  #part(call: Call): void {
    if (call.isListening) call.task.listening--;
    call.isListening = false;
  }

  leave(call: Call): void {
    if (this.#end(call)) this.suspend(call);
  }

  suspend(call: Call): void {
    this.#part(call);
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
    this.#join(call);
    this.#note(() => {
      // One that has not begun begins as it is then.
      if (this.#calls.has(call.number)) this.engine.call("attend", call.number, this.#nowMs);
    });
  }

  atDeadline({ endsMs, isPatient }: Call, act: () => void): () => void {
    const leftMs = endsMs - this.timeMs();
    return this.#lane.after(isPatient && leftMs <= 0 ? DEFAULTS.timeoutMs : leftMs, act);
  }

  // What lanes tell.

  wake(): void {
    this.#note(() => {
      this.engine.call("wake", this.#nowMs);
    });
  }

  turn(rangMs: number): void {
    this.#isTurnOwed = false;
    this.#inputs.push(() => {
      this.#beginTurn(rangMs);
    });
    this.run();
  }

  #beginTurn(rangMs: number): void {
    for (const call of this.#toRest) {
      if (call.isOver) continue;
      call.rests = true;
      this.#part(call);
      this.engine.call("rest", call.number, this.#nowMs);
    }
    this.#toRest.clear();
    this.engine.call("turn", rangMs);
  }

  /** The call is over, from now on; false where it was. */
  #end(call: Call): boolean {
    if (call.isOver) return false;
    call.isOver = true;
    this.#part(call);
    return true;
  }

  // The loop.

  /** The engine is to be told this, soon. */
  #note(input: () => void): void {
    this.#schedule();
    this.#inputs.push(input);
  }

  #schedule(): void {
    if (!this.#isRunning) this.#lane.wantRun();
  }

  run(): void {
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
      this.#do(output);
      if (isDone) break;
    }
    if (this.#begins.length > 0) this.#lane.takeTurn();
  }

  /**
   * Tells the engine what it does not know yet, up to so many new calls; gives how many more may begin. Calls begin before
   * others leave: what is under way for those who leave may be what the new ones want.
   */
  #takeInputs(left: number): number {
    const begins = this.#begins.slice(0, left);
    for (const call of begins) if (!call.isOver) this.#enter(call);
    // Not before, so that none is lost where the engine fails.
    if (begins.length > 0) this.#begins = this.#begins.slice(begins.length);
    const inputs = this.#inputs;
    this.#inputs = [];
    for (const input of inputs) input();
    return left - begins.length;
  }

  /** The engine gets to know a call. */
  #enter(call: Call): void {
    call.number = this.#numberFor(call);
    this.#calls.set(call.number, call);
    if (call.rests) this.engine.call("rest", call.number, this.#nowMs);
  }

  #numberFor(call: Call): number {
    const { task: { key }, wanted } = call;
    const { engine } = this;
    const nowMs = this.#nowMs;
    if (wanted.kind === "look") return engine.call("look", key, nowMs);
    const { deadlineMs, errand } = wanted;
    if (errand) return engine.call("errand", key, nowMs, Number(errand.isStart ?? false));
    if (wanted.kind === "pollOnce") return engine.call("pollOnce", key, nowMs, deadlineMs ?? NaN);
    const timeMs = engine.call("time", nowMs);
    const leftMs = deadlineMs === undefined ? undefined : Math.max(0, deadlineMs - timeMs);
    const { pace = this.#defaults.pace, timeoutMs = leftMs ?? this.#defaults.timeoutMs } = wanted;
    // Of a family that queues, where nobody gave a limit, only the engine knows how much later the time in the queue lets it end.
    call.isPatient = Number.isNaN(timeoutMs);
    call.endsMs = timeMs + (call.isPatient ? DEFAULTS.timeoutMs : timeoutMs);
    return engine.call("wait", key, nowMs, pace, timeoutMs);
  }

  /** Does what an output says. */
  #do(output: Output): void {
    switch (output.kind) {
      case OutputKind.idle:
        this.#lane.rest();
        break;
      case OutputKind.waitUntil:
        this.#lane.ringAt(output.untilMs, output.nowMs, this.#nowMs);
        break;
      case OutputKind.newTurn:
        this.#lane.takeTurn();
        break;
      case OutputKind.send:
        this.#send(output);
        break;
      case OutputKind.giveUp:
      case OutputKind.late:
        this.#giveUp(output);
        break;
      case OutputKind.happened:
        this.#notify(output);
        break;
      default:
        this.#tell(output);
    }
  }

  #send({ request: id, task: key, call, asksForDetails }: Output): void {
    const record = this.tasks.byKey(key);
    // A task that nobody holds has nobody who waits.
    const request = this.#requests.get(id) ?? (record && new Request(record, this.#calls.get(call), asksForDetails > 0));
    if (!request) return;
    this.#requests.set(id, request);
    const nextTurn = () => this.#nextTurn();
    this.#sender.send(request, nextTurn, (arrival) => {
      this.#arrivals.push(() => {
        // It may have been given up while others were told.
        if (!request.isOver) this.#reply(id, request, arrival);
      });
      this.run();
    });
  }

  /** Begins after those who were told something, or left, had their turn. */
  #nextTurn(): Promise<void> | undefined {
    if (!this.#isTurnOwed) return undefined;
    this.#note(() => {
      this.#lane.takeTurn();
    });
    return this.#lane.nextTurn();
  }

  /** Nobody wants the request any more, or it took too long: that is its reply, then. */
  #giveUp({ kind, request: id }: Output): void {
    const request = this.#requests.get(id);
    if (!request) return;
    this.#requests.delete(id);
    const arrival = this.#sender.giveUp(request);
    if (kind === OutputKind.late) this.#reply(id, request, arrival);
  }

  #reply(id: number, request: Request, arrival: Arrival): void {
    const { task, call } = request;
    const { isRepeatable } = arrival;
    const { answer, status, detail, value } = this.#read(arrival, request);
    if (!isRepeatable) this.#requests.delete(id);
    const isSame = status === task.latest;
    const kept = this.engine.reply(id, this.#nowMs, answer, status?.envelope, {
      isRepeatable,
      isSame,
    });
    const keeps = (what: number) => ((kept >> what) & 1) === 1;
    if (keeps(Kept.status)) task.latest = status;
    if (keeps(Kept.fault)) task.fault = detail;
    if (keeps(Kept.pause)) this.#pauseFault = detail;
    if (keeps(Kept.end)) this.tasks.keepEnded(task);
    if (call) [call.fault, call.answer] = [detail, value];
  }

  #read(arrival: Arrival, { task, call, asksForDetails }: Request): Reading {
    if ("detail" in arrival) return unanswered(arrival.kind, arrival.detail);
    const { received, secrets } = arrival;
    const { family, latest } = task;
    const asked = { family: family.facts, nowMs: this.#nowMs, secrets, latest, read: call?.wanted.errand?.read };
    return asksForDetails ? understandDetails(received, asked) : understand(received, asked);
  }

  #notify(output: Output): void {
    const task = this.tasks.byKey(output.task);
    task?.watched?.hear(output, this.#pauseFault);
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
    if (output.kind === OutputKind.status) {
      if (task.latest) call.tell(task.latest);
      return;
    }
    const value = this.#valueOf(output, call);
    this.#calls.delete(call.number);
    if (!this.#end(call)) return;
    if (output.kind === OutputKind.failed) call.end(value, undefined, isEndOfTask(output));
    else call.end(undefined, value, output.kind === OutputKind.finished);
  }

  /** How long a call waits at most, where a time was given for it, and not an instant. */
  #timeoutOf({ timeoutMs, deadlineMs }: Wanted): number | undefined {
    return timeoutMs ?? (deadlineMs === undefined ? this.#defaults.timeoutMs : undefined);
  }

  /** What a call ends with: a value, or an error. */
  #valueOf(output: Output, call: Call): unknown {
    const { task, wanted } = call;
    // Made by us before HubSpot said anything of it.
    const status = () => (task.latest ? given(task.latest) : { status: "PENDING" });
    const fault = faultOf(output, call, this.#pauseFault);
    switch (output.kind) {
      case OutputKind.finished:
        return finishedTask(output, task, status());
      case OutputKind.seen:
        return status();
      case OutputKind.replied:
        return call.answer;
      case OutputKind.stepped: {
        const checkpoint = checkpointOf(task, this.engine.progress, wanted.deadlineMs);
        return pollStep(output, task, checkpoint, fault && failure(output, task, fault, undefined));
      }
      default:
        return failure(output, task, fault, () => this.checkpoint(task, wanted.pace, undefined), this.#timeoutOf(wanted));
    }
  }

  // What ends all calls.

  /** Something of the caller's does not work, or something of ours. */
  end(thrown: unknown): void {
    const code = thrown instanceof Refusal ? "INVALID_ARGUMENT" : "INTERNAL";
    const isKnown = thrown instanceof Refusal || thrown instanceof HubSpotTaskError;
    const { message, cause } = isKnown ? thrown : { message: "the package failed inside", cause: thrown };
    const calls = [...this.#calls.values(), ...this.#begins];
    const requests = [...this.#requests.values()];
    this.#calls.clear();
    this.#requests.clear();
    this.#toRest.clear();
    this.#begins = [];
    this.#inputs = [];
    this.#arrivals = [];
    this.#lane.stop();
    for (const request of requests) this.#sender.giveUp(request);
    for (const call of calls) {
      if (!this.#end(call)) continue;
      const { task } = call;
      const polls = attempt(() => this.engine.progressOf(task.key, this.#defaults.pace).polls);
      call.end(errorAbout(task, code, { message, cause, polls, lastStatus: task.latest && given(task.latest) }));
    }
    // The engine may be what failed.
    attempt(() => {
      this.engine.call("abandon");
      while (!isLast(this.engine.next(this.#nowMs).kind));
    });
  }
}
