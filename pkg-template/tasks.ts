// The tasks that somebody holds: each is one record, whoever asks for it, as long as anybody does.
import type { Engine } from "./engine.js";
import type { Family } from "./families.js";
import type { Detail, KeptStatus } from "./reading.js";
import type { FinishedTask, TaskFamilyName } from "./types.js";
import type { Watched } from "./watched.js";

/** What a task is known by. */
export interface TaskName {
  readonly family: Family;
  readonly id: string;
  readonly apiVersion: string;
}

/** What is known of a task. Small, since there may be many. */
export interface TaskRecord extends TaskName {
  /** The engine's number for it. */
  readonly key: number;
  latest: KeptStatus | undefined;
  /** What went wrong with its last poll. */
  fault: Detail | undefined;
  /** How many calls want it to be polled. */
  listening: number;
  /** Where it is asked for, after the base URL; empty before it was. */
  path: string;
  /** Its snapshots, once somebody wanted one. */
  watched: Watched | undefined;
  /** The one promise of `finished`, once somebody wanted it. */
  finished: Promise<FinishedTask<unknown>> | undefined;
  /** What its checkpoint held besides: a later version's. */
  others?: object;
}

export const familyName = ({ family }: TaskName): TaskFamilyName => family.facts.name;

/** Something that may be collected; where a host cannot tell, it never is. */
interface Weak<Value> {
  deref(): Value | undefined;
}

const weakly = <Value extends object>(value: Value): Weak<Value> =>
  typeof WeakRef === "function" ? new WeakRef(value) : { deref: () => value };

/** What is to be done since something was collected: at once, unless the entry says otherwise. */
let whenCollected = (act: () => void): void => {
  act();
};

export function onCollected(how: typeof whenCollected): void {
  whenCollected = how;
}

/** Calls `close` with what is registered for an object, when nobody holds that any more. */
export const registry = <Held>(close: (held: Held) => void): { register(target: object, held: Held): void } =>
  typeof FinalizationRegistry === "function"
    ? new FinalizationRegistry((held: Held) => {
        whenCollected(() => {
          close(held);
        });
      })
    : { register: () => undefined };

const KEPT_ENDED = 1_000;

/** What is held of a task that nobody else may hold. */
interface Known {
  readonly key: number;
  readonly task: Weak<TaskRecord>;
  /** Where it stands by its name, if others get it, too. */
  readonly place: string | undefined;
}

/** A client's tasks. */
export class Tasks {
  readonly #engine: Engine;
  readonly #byKey = new Map<number, Known>();
  /** By family, API version and id. */
  readonly #byName = new Map<string | undefined, Known>();
  readonly #collected;
  /** The newest tasks that ended, the oldest first: they answer from their last status, whoever holds them. */
  readonly #ended = new Set<TaskRecord>();

  /** `close` closes a task in the engine. */
  constructor(engine: Engine, close: (key: number) => void) {
    this.#engine = engine;
    this.#collected = registry<Known>((known) => {
      this.#byKey.delete(known.key);
      // Somebody may have asked for it anew meanwhile.
      if (this.#byName.get(known.place) === known) this.#byName.delete(known.place);
      close(known.key);
    });
  }

  /** A task that has ended is kept, until as many others have. */
  keepEnded(task: TaskRecord): void {
    if (this.#byKey.get(task.key)?.place === undefined) return;
    this.#ended.delete(task);
    this.#ended.add(task);
    if (this.#ended.size > KEPT_ENDED) for (const oldest of this.#ended) return void this.#ended.delete(oldest);
  }

  byKey(key: number): TaskRecord | undefined {
    return this.#byKey.get(key)?.task.deref();
  }

  /** The task of that name: the same for all who ask for it. */
  shared(name: TaskName): TaskRecord {
    const place = `${name.family.place}/${name.apiVersion}/${name.id}`;
    return this.#byName.get(place)?.task.deref() ?? this.#open(name, place);
  }

  /** A task that nobody else gets. */
  alone(name: TaskName): TaskRecord {
    return this.#open(name, undefined);
  }

  #open({ family, id, apiVersion }: TaskName, place: string | undefined): TaskRecord {
    const key = this.#engine.openTask(family.place, id);
    const task: TaskRecord = {
      family,
      id,
      apiVersion,
      key,
      latest: undefined,
      fault: undefined,
      listening: 0,
      path: "",
      watched: undefined,
      finished: undefined,
    };
    const known: Known = { key, task: weakly(task), place };
    this.#byKey.set(key, known);
    if (place !== undefined) this.#byName.set(place, known);
    this.#collected.register(task, known);
    return task;
  }
}
