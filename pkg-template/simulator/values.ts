// What the simulator's parts share about values: what a value must be, and dates.

export const DAY_MS = 86_400_000;

export const JSON_TYPE = "application/json;charset=utf-8";
export const HTML_TYPE = "text/html;charset=utf-8";

export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

export const isoDate = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The table's entry of that name. */
export function requireOneOf<Value>(what: string, name: unknown, table: Readonly<Record<string, Value>>): Value {
  for (const [known, value] of Object.entries(table)) if (known === name) return value;
  throw new TypeError(`${what} must be one of ${Object.keys(table).join(", ")}, not ${String(name)}`);
}

export function requireDuration(what: string, value: unknown): number {
  if (typeof value === "number" && value >= 0) return value;
  throw new TypeError(`${what} must be a number of milliseconds, not ${String(value)}`);
}

export function requireWhole(what: string, value: unknown, least = 0): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
  throw new TypeError(`${what} must be a whole number from ${least}, not ${String(value)}`);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
