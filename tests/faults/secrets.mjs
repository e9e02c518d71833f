// What may not come out: tokens, in whatever escapes, and the URLs of exports, outside of results.

/** Each token begins and ends with these, so that a part of one is found, too. */
const MARKS = ["S3CR3T", "T0K3N"];
const EXPORT_URL = /exports\.hubspot\.example|signature=/;

/** A token with what has to be escaped in texts of several kinds. */
export const newToken = (number) => `pat-na1-${MARKS[0]}/"${number}\\+x=${MARKS[1]}`;

const inUnicodeEscapes = (text) => Array.from(text, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

/** Ways in which a server, or what stands before it, shows what it was sent. */
const FORMS = [
  (text) => text,
  (text) => JSON.stringify(text),
  (text) => JSON.stringify(JSON.stringify(text)),
  (text) => JSON.stringify(text).replaceAll("/", "\\/"),
  (text) => encodeURIComponent(text),
  (text) => encodeURIComponent(encodeURIComponent(text)),
  inUnicodeEscapes,
];

const URLS = ["https://exports.hubspot.example/crm/7/export.csv?signature=0", "https:\\/\\/exports.hubspot.example\\/7?signature=0"];

/** A text that shows some of these tokens, and an export's URL. */
export function leakOf(tokens) {
  return (random) => {
    const shown = tokens.map((token) => random.of(FORMS)(token));
    const url = `${random.of(['"result":"', '{"status":"COMPLETE","result": "', "see "])}${random.of(URLS)}`;
    return `${"x".repeat(random.of([0, 3, 150, 180]))} Authorization: Bearer ${shown.join(" or Bearer ")}; ${url}`;
  };
}

const decode = (text, pattern, character) => text.replace(pattern, (whole, hex) => character(hex) ?? whole);
const ofCode = (hex) => String.fromCharCode(parseInt(hex, 16));

/** Without escapes, however deep. */
function plain(text) {
  for (let depth = 0; depth < 6 && /[\\%]/.test(text); depth++) {
    text = decode(text, /\\+u([0-9a-f]{4})/gi, ofCode);
    text = decode(text, /%([0-7][0-9a-f])/gi, ofCode);
    text = text.replace(/\\+/g, "");
  }
  return text;
}

const isTold = (text) => MARKS.some((mark) => text.includes(mark)) || EXPORT_URL.test(text);

/** Where a value shows a secret: by its path; undefined where it shows none. Results may. */
export function secretIn(value, path = "", seen = new Set()) {
  if (typeof value === "string") return isTold(value) || (/[\\%]/.test(value) && isTold(plain(value))) ? path || "it" : undefined;
  if (typeof value === "function" || typeof value !== "object" || value === null || seen.has(value)) return undefined;
  seen.add(value);
  for (const key of Reflect.ownKeys(value)) {
    if (key === "result") continue;
    if (typeof key === "string" && isTold(key)) return `${path}.${key}`;
    const found = secretIn(value[key], `${path}.${String(key)}`, seen);
    if (found) return found;
  }
  return undefined;
}
