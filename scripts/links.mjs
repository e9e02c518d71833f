// The links of Markdown pages: which there are, where headings are, and whether addresses of other hosts answer.
import { readFileSync } from "node:fs";

const EXTERNAL = /^https?:/;

/** A page without its code, in which brackets mean something else. */
const prose = (page) => page.replace(/^```[^]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");

/** Where a page's links lead, pictures among them. */
export const linksOf = (page) => [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);

export const isExternal = (link) => EXTERNAL.test(link);

/** How a heading is linked to, as GitHub makes it of the heading's Markdown. */
export const anchorOf = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N}_\- ]/gu, "").replaceAll(" ", "-");

/** How a page's headings are linked to. */
export const anchorsOf = (page) =>
  [...page.replace(/^```[^]*?^```$/gm, "").matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading));

/** The list of what the pages link to at other hosts, one address a line. */
export const listedExternalLinks = () =>
  readFileSync(new URL("external-links.txt", import.meta.url), "utf8").split("\n").filter(Boolean);

/** Which addresses lead nowhere, a sentence each: not there, or nobody there. A refusal (403, 429) is an answer. */
export async function deadLinks(addresses, fetch = globalThis.fetch) {
  const found = await Promise.all(
    addresses.map(async (address) => {
      try {
        const { status } = await fetch(address, { signal: AbortSignal.timeout(30_000) });
        return status === 404 || status === 410 || status >= 500 ? `${address} answers ${status}` : undefined;
      } catch (error) {
        return `${address} does not answer: ${error.cause?.code ?? error.message}`;
      }
    }),
  );
  return found.filter((problem) => problem !== undefined);
}
