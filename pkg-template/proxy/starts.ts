// What a start may send: JSON, or the parts of a form where the family starts so.
import { attempt } from "../values.js";
import { Refused } from "./answers.js";
import type { Route } from "./routes.js";

const JSON_TYPE = /^application\/json(\s*;\s*charset="?utf-8"?)?$/i;
/** With the boundary that parts the form: of characters that stand in no other header's way. */
const FORM_TYPE = /^multipart\/form-data\s*;\s*boundary="?[\w'()+,./:=?-]{1,70}"?$/i;

/** What is sent to HubSpot. */
interface Sent {
  readonly body: unknown;
  readonly contentType: string;
  /** The same, read: of JSON alone. */
  readonly json?: object;
}

/** Reads the body of a start, by its content type. A form's bytes are passed on as they are. */
export function startOf({ facts }: Route, type: string | null): (body: Uint8Array) => Sent {
  const isForm = facts.start.sends === "multipart";
  if (!(isForm ? FORM_TYPE : JSON_TYPE).test(type ?? "")) throw new Refused("TYPE");
  return (body) => (isForm ? { body, contentType: type ?? "" } : { ...jsonIn(body), contentType: "application/json" });
}

/** The text of an object, which is passed on as it is. */
function jsonIn(body: Uint8Array): { readonly body: string; readonly json: object } {
  const text = new TextDecoder().decode(body);
  const value = attempt(() => JSON.parse(text) as unknown);
  // What is not UTF-8 would reach HubSpot as something else.
  const isText = new TextEncoder().encode(text).length === body.length;
  if (typeof value !== "object" || !value || Array.isArray(value) || !isText) throw new Refused("BODY");
  return { body: text, json: value };
}
