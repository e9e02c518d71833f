// What a fetch or a token function threw, as our errors carry it on: in words, and without secrets.
import { type Secrets, quoted } from "./messages.js";
import { attempt, fieldsOf, isSome, known } from "./values.js";

/** So deep a chain of causes is told: one may lead to itself. */
const DEEPEST = 4;

/**
 * An error in the place of one that others made, with the name, message and code of that and of what led to it. The rest
 * may hold what nobody is to see: a request with its headers, what a token is made of. Its stack is all of it in words:
 * Node's fetch says no more than that it failed.
 */
export const causeOf = (thrown: unknown, secrets: Secrets, depth = DEEPEST): Error | undefined =>
  attempt(() => {
    const given = fieldsOf(thrown);
    const [name, message = "", code] = [given.name, given.message ?? String(thrown), given.code].map((text) => quoted(text, secrets));
    if (!isSome(thrown) || depth === 0) return undefined;
    const cause = causeOf(given.cause, secrets, depth - 1);
    const stack = [name, message || code, cause?.stack].filter(isSome).join(": ");
    return Object.assign(new Error(message), known({ name, code, cause, stack }));
  });
