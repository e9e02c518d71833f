// The package's reader, from its source, and its readings as the files of this folder write them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const template = fileURLToPath(new URL("../../pkg-template/", import.meta.url));

/** What the TypeScript modules export. */
async function imported(...modules) {
  const contents = modules.map((name) => `export * from "./${name}";`).join("\n");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: template },
    bundle: true,
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

export const reader = await imported("reading.ts", "results.ts", "families.ts", "generated/names.ts");
const { AnswerKind, BodyKind, BUILT_IN, LimitKind, STANDINGS, readResponse, understand } = reader;

/** The answers of a file, and when they came. */
export const contentOf = (file) => JSON.parse(readFileSync(new URL(`${file}.json`, import.meta.url), "utf8"));

/** The name of a number of one of the enumerations. */
const nameOf = (enumeration, number) => Object.keys(enumeration).find((name) => enumeration[name] === number);

/** NaN, and an instant before 1970, cross to Rust as none. */
const isNone = (number) => Number.isNaN(number) || number < 0;
const isKnown = (value) => value !== undefined && !(typeof value === "number" && isNone(value));
export const known = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => isKnown(value)));
const yesOrNo = (number) => (isKnown(number) ? number === 1 : undefined);

/** The counts of headers: they cross in 32 bits, and one that is higher as none. */
const COUNTS = ["limit", "remaining", "windowMs"];

/** As a number crosses to Rust: without its fraction. */
function crossing(name, number) {
  if (COUNTS.includes(name) && number > 2 ** 32 - 1) return undefined;
  return Math.floor(number);
}

/** A reading as the files write it. */
export function written({ answer, status, detail }) {
  const { word, problem, envelope } = status ?? {};
  const { kind, body, state, hasErrors, hasResult, limitKind, ...numbers } = { ...answer, ...envelope };
  const named = {
    kind: nameOf(AnswerKind, kind),
    body: nameOf(BodyKind, body),
    state: STANDINGS[state],
    hasErrors: yesOrNo(hasErrors),
    hasResult: yesOrNo(hasResult),
    isDailyLimit: kind === AnswerKind.http ? limitKind === LimitKind.daily : undefined,
    isOtherLimit: limitKind === LimitKind.other || undefined,
  };
  const crossed = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, crossing(name, number)]));
  return known({ answer: known({ ...crossed, ...named }), word, problem, detail: detail && known(detail) });
}

/** Reads an answer as the package does. */
export async function readingOf(response, { family, secret }, nowMs) {
  const facts = BUILT_IN.find(({ name }) => name === family);
  return understand(await readResponse(response), { family: facts, nowMs, secrets: secret ? [secret] : [] });
}
