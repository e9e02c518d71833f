// Reading what callers and hosts hand over: values of any shape, caught where they throw, refused by the option's name.

/** Why something of the caller's is refused: INVALID_ARGUMENT, once it reaches the caller. */
export class Refusal extends Error {
  constructor(message: string, cause?: unknown) {
    super(message);
    this.cause = cause;
  }
}

/** What an action gives; undefined where it throws: a host need not be a page, nor a page a whole one. */
export function attempt<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** In a microtask, on a stack of its own. */
export const soon = (act: () => void): void => void Promise.resolve().then(act);

/** Whether there is a value. */
export const isSome = <Value>(value: Value): value is NonNullable<Value> => value !== undefined && value !== null;

/** The fields of an object that may be absent where their type has undefined. */
export type Known<Fields> = { [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name] } & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
};

/** An object of the fields that have a value: neither undefined nor NaN. */
export const known = <Fields extends object>(fields: Fields): Known<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !Number.isNaN(value)),
  ) as Known<Fields>;

/** What an object of the host's, a caller's or a server's may have. */
export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields => (value ?? {}) as Fields;

/**
 * A field that a parsed object has itself: what a page or a dependency hangs on `Object.prototype` is nothing that a server
 * said.
 */
export const own = (object: unknown, name: string): unknown =>
  isSome(object) && Object.prototype.hasOwnProperty.call(object, name) ? (object as Fields)[name] : undefined;

export type Method = (...values: unknown[]) => unknown;

/** Whether that can be called of it. */
export const has = <Name extends string>(object: Fields, name: Name): object is Fields & Record<Name, Method> =>
  typeof object[name] === "function";

/** Whether it is a text without half a surrogate pair, which UTF-8 does not know. */
export const isWellFormed = (text: unknown): text is string => typeof text === "string" && !/[\ud800-\udfff]/u.test(text);

/** One sentence after another, whatever the first ends with. */
export const sentences = (first: string, second: string): string => `${first}${/[.?!]$/.test(first) ? "" : "."} ${second}`;

/** What a value is, where it must not be shown. */
export const kind = (value: unknown): string => `a value of type ${typeof value}`;

/** So much of a wrong text is shown, in characters. */
const SHOWN = 60;

/** A wrong value: the beginning of a text, a number, of anything else the type alone. */
function shown(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return kind(value);
  return `"${value.slice(0, SHOWN)}${value.length > SHOWN ? "…" : ""}"`;
}

/** A copy without getters. JSON knows no bigint, and has no text for some of what is none of it. */
export const plain = (value: unknown): unknown => {
  const text: unknown = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
  return JSON.parse(typeof text === "string" ? text : "null");
};

/** `got` in words. */
export const refused = (name: string, got: string, takes: string): Refusal =>
  new Refusal(`${name}: got ${got}, takes ${takes}`);

export const refusal = (name: string, value: unknown, takes: string): Refusal => refused(name, shown(value), takes);

/** The same without showing the value: it may be a secret. */
export const refusalOfKind = (name: string, value: unknown, takes: string): Refusal =>
  refused(name, kind(value), takes);

/** What `read` gives; refused where it throws. */
export function reading<Value>(name: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw new Refusal(`${name}: it threw`, cause);
  }
}

/** What a field takes: in words, and a function that gives the value as it is used, undefined where it does not fit. */
export type Takes<Value> = readonly [inWords: string, read: (value: unknown) => Value | undefined];

/** What is refused by `read` itself, in words of its own. */
export const checkedBy = <Value>(read: (value: unknown) => Value): Takes<Value> => ["", read];

export const aFunction = <Callback>(): Takes<Callback> => [
  "a function",
  (value) => (typeof value === "function" ? (value as Callback) : undefined),
];

/** A number that fits, as `use` has it. */
export const aNumber = (
  inWords: string,
  fits: (value: number) => boolean,
  use = (value: number) => value,
): Takes<number> => [inWords, (value) => (typeof value === "number" && fits(value) ? use(value) : undefined)];

export const INSTANT = aNumber("milliseconds since the Unix epoch", (ms) => ms >= 0 && ms < Infinity, Math.floor);

/** Whether it is a whole number above 0, of 32 bits. */
export const isCount = (value: number): boolean => value > 0 && value >>> 0 === value;

/** A number, or a whole one that is written as a text; else NaN. */
export function count(value: unknown): number {
  const isCount = typeof value === "string" ? /^\s*\d+\s*$/.test(value) : typeof value === "number";
  return isCount ? Number(value) : NaN;
}

/** A text that is not empty. */
export const TEXT: Takes<string> = ["a text", (value) => (typeof value === "string" && value !== "" ? value : undefined)];

/** What is read by a table. */
export type Read<Table> = {
  [Name in keyof Table]: (Table[Name] extends Takes<infer Value> ? Value : never) | undefined;
};

/**
 * The fields of a table, each checked. What is not given, or null, is undefined, unless it is one of those needed; fields
 * that are not in the table are ignored.
 */
export function fields<Table extends Record<string, Takes<unknown>>>(
  object: unknown,
  table: Table,
  place = "",
  needed: object = {},
): Read<Table> {
  const entries = Object.entries(table).map(([name, [takes, read]]) => {
    const given = reading(place + name, () => (object as Record<string, unknown> | null | undefined)?.[name]);
    const value = isSome(given) ? read(given) : undefined;
    if ((isSome(given) || name in needed) && value === undefined) throw refusal(place + name, given, takes);
    return [name, value];
  });
  return Object.fromEntries(entries) as Read<Table>;
}

/** An object of options, by a table. */
export function readOptions<Table extends Record<string, Takes<unknown>>>(options: unknown, table: Table): Read<Table> {
  if (isSome(options) && typeof options !== "object") throw refusalOfKind("options", options, "an object");
  return fields(options, table);
}
