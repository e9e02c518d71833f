// How the search works, in the build and in the browser: whole words and beginnings of words, with a letter wrong at most.

/**
 * By what an address begins with: what is told comes before its declaration, HubSpot before its simulator, the
 * package before its command. */
const WEIGHTS = [
  ["command.html", 0.6],
  ["api/", 0.4],
  ["changelog.html", 0.3],
  ["simulator.html", 0.6],
  ["options.html#the-simulator", 0.6],
  ["options.html#its-", 0.6],
];

/** Of MiniSearch. `timeoutMs` and `Retry-After` are found by their parts as well as whole. */
export const OPTIONS = {
  fields: ["heading", "title", "text"],
  storeFields: ["heading", "title", "text"],
  tokenize: (text) => text.split(/[^\p{L}\p{N}_@/.-]+/u).flatMap((word) => [word, ...partsOf(word)]).filter(Boolean),
  searchOptions: {
    tokenize: (text) => text.split(/[^\p{L}\p{N}_@/.-]+/u).filter(Boolean),
    combineWith: "AND",
    prefix: true,
    fuzzy: (term) => (term.length > 5 ? 1 : 0),
    boost: { heading: 4, title: 2 },
    boostDocument: (id) => WEIGHTS.find(([place]) => id.startsWith(place))?.[1] ?? 1,
    // Next.js and Node.js are called Next and Node here.
    processTerm: (term) => term.toLowerCase().replace(/\.js$/, ""),
  },
};

/** `retry` and `after` of `Retry-After`, `timeout` and `ms` of `timeoutMs`. */
function partsOf(word) {
  const parts = word.split(/[_@/.-]+|(?<=\p{Ll})(?=\p{Lu})/u);
  return parts.length > 1 ? parts : [];
}
