// Names as they are typed: with hyphens, and perhaps misspelt.

export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The name that was likely meant by another one. */
function likely(name: string, names: readonly string[]): string | undefined {
  const [nearest] = names.map((known) => ({ known, far: distance(name, known) })).sort((a, b) => a.far - b.far);
  return nearest && nearest.far <= nearest.known.length / 2 ? nearest.known : undefined;
}

/** No name is longer. */
const LONGEST = 40;

/** How many letters are to be changed, added, left out, or exchanged with the next one. */
function distance(from: string, to: string): number {
  let above: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let at = 0; at < Math.min(from.length, LONGEST); at++) {
    const next = [at + 1];
    for (let end = 1; end <= to.length; end++) {
      const changed = (row[end - 1] ?? 0) + Number(to[end - 1] !== from[at]);
      const isExchanged = end > 1 && from[at] === to[end - 2] && from[at - 1] === to[end - 1];
      const exchanged = isExchanged ? (above[end - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min(changed, exchanged, (row[end] ?? 0) + 1, (next[end - 1] ?? 0) + 1));
    }
    above = row;
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Appended to a refusal. */
export function meant(name: string, names: readonly string[], dashes = ""): string {
  const found = likely(name, names);
  return found === undefined ? "" : ` (is it ${dashes}${found}?)`;
}
