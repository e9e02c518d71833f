// What HubSpot's host hands back, as an answer with an HTTP status. What such an answer says is read by reading.ts.
import { answerOf, readResponse } from "../reading.js";
import type { ResponseLike } from "../entries/index.js";
import { type Fields, attempt, fieldsOf, own } from "../values.js";

/** The category of our proxy's refusal of a signed POST that it has received before. */
const REPLAY = "PROXY_REPLAY";
/** The host sends a call once more where it gets no answer. What came of the first one is not known then. */
const SENT_TWICE = "HubSpot sent this call twice, and the backend refused the second: the first may have been carried out";

/** What a call of the host's brings, be it resolved or rejected. Rejects where that is no answer. */
export async function answerTo(call: () => Promise<unknown>): Promise<ResponseLike> {
  try {
    return resolved(parsed(await call())) as ResponseLike;
  } catch (thrown) {
    const value = parsed(thrown);
    const answer = attempt(() => answerOf(value) ?? rejected(value));
    if (answer !== undefined) return answer as ResponseLike;
    throw value instanceof Error ? value : new Error(attempt(() => textOf(value)));
  }
}

/** The same of a call that starts something. */
export async function answerToPost(call: () => Promise<unknown>): Promise<ResponseLike> {
  const { status, text, header } = await readResponse(await answerTo(call), undefined);
  if (status === 409 && text.includes(REPLAY)) throw new Error(SENT_TWICE);
  // A header that is undefined is absent, as one that is null is.
  return { status, headers: { get: header }, body: text } as ResponseLike;
}

/** What crosses from another context may be a text of JSON. */
const parsed = (given: unknown): unknown =>
  typeof given === "string" ? (attempt(() => JSON.parse(given) as unknown) ?? given) : given;

/** What an error that is no Error says. */
function textOf(value: unknown): string {
  const text = fieldsOf(value).message ?? value;
  return typeof text === "string" ? text : JSON.stringify(text);
}

const statusOf = ({ status, statusCode }: Fields): unknown => [status, statusCode].find((code) => typeof code === "number");

/** An answer, or what is one: a serverless function gives either, some hosts within `response`. */
function resolved(given: unknown): unknown {
  const fields = fieldsOf(given);
  if (!given || statusOf(fields) !== undefined) return given;
  if (fields.status === "ERROR") throw new Error(textOf(given));
  const inner = own(given, "response");
  return inner === undefined ? { status: 200, body: given } : resolved(parsed(inner));
}

/** An error that tells of an answer without being one: `{ status, responseJSON }`, `{ status: "error", category }`. */
function rejected(thrown: unknown): unknown {
  const fields = fieldsOf(thrown);
  const { headers, message, responseJSON, status } = fields;
  const code = statusOf(fields) ?? (status === "error" ? 200 : 0);
  // An Error's message is in no copy of it.
  return Number(code) >= 100 ? { status: code, headers, body: responseJSON ?? { ...fields, message } } : undefined;
}
