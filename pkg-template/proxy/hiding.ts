// Takes addresses out of what HubSpot says of a task that makes files: they are secrets, for whoever has one has the file.
import { type FamilyFacts, resultOf } from "../families.js";
import { attempt } from "../values.js";
import { type Answer, Refused, jsonAnswer } from "./answers.js";

/** A text in JSON, with its quotes. */
const TEXTS = /"(?:[^"\\]|\\.)*"/g;

/** Any may be that of the file, written in another way. */
const ADDRESS = /(?:^|:|%3A)(?:\/|%2F){2}/i;

/** The same JSON with `address` in the place of the result, and without other addresses. All other bytes stay. */
function hidden(json: string, result: unknown, address: string): string {
  return json.replace(TEXTS, (literal) => {
    const text = JSON.parse(literal) as string;
    if (text === result) return JSON.stringify(address);
    return ADDRESS.test(text) ? '"[url]"' : literal;
  });
}

/** An answer without secret addresses. What is no JSON is not passed on, since nobody knows what stands where in it. */
export function withoutUrls(answer: Answer, facts: FamilyFacts, address: string): Answer {
  const text = new TextDecoder().decode(answer.body as Uint8Array);
  if (text.trim() === "") return answer;
  const body = attempt(() => JSON.parse(text) as unknown);
  if (body !== undefined) return { ...answer, body: hidden(text, resultOf(facts, body), address) };
  if (answer.status < 300) throw new Refused("UPSTREAM");
  const said = { status: "error", message: `HubSpot answered with HTTP ${answer.status}, and no JSON` };
  return jsonAnswer(answer.status, JSON.stringify(said), answer.headers);
}
