// The page of `simulate`: its tasks, and how they stand. Without scripts; it loads itself anew.
import { createHash } from "node:crypto";
import { span } from "../lines.js";

/** A task that the page lists. */
export interface ListedTask {
  readonly family: string;
  readonly id: string;
  /** What it was started with is called. */
  readonly name: string | undefined;
  readonly state: string;
  readonly ageMs: number;
  /** Until it is over; undefined once it is. */
  readonly leftMs: number | undefined;
  /** How often it was asked for. */
  readonly requests: number;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8886; overflow-wrap: anywhere }
td.number { text-align: right; font-variant-numeric: tabular-nums }
`;

const hash = createHash("sha256").update(STYLE).digest("base64");

/** Nothing is loaded, nothing runs, and no page of another host shows it within itself. */
export const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");

function row({ family, id, name, state, ageMs, leftMs, requests }: ListedTask): string {
  const texts = [family, id, name ?? "", state].map((text) => `<td>${escaped(text)}</td>`);
  const numbers = [span(ageMs), leftMs === undefined ? "" : span(leftMs), String(requests)].map((text) => `<td class="number">${text}</td>`);
  return `<tr>${[...texts, ...numbers].join("")}</tr>`;
}

/** The newest task first. */
export function page(url: string, tasks: readonly ListedTask[], requests: number): string {
  const heads = ["Family", "Id", "Name", "State", "Age", "Over in", "Requests"].map((head) => `<th scope="col">${head}</th>`);
  const table =
    tasks.length === 0
      ? "<p>No task yet.</p>"
      : `<table><thead><tr>${heads.join("")}</tr></thead><tbody>\n${[...tasks].reverse().map(row).join("\n")}\n</tbody></table>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2"><title>Simulated HubSpot</title><style>${STYLE}</style></head>
<body><main><h1>Simulated HubSpot</h1>
<p>Give <code>${escaped(url)}</code> to your program in the place of <code>https://api.hubapi.com</code>. It got ${requests} requests.
The same list is at <a href="/tasks.json">/tasks.json</a>.</p>
${table}
</main></body></html>
`;
}
