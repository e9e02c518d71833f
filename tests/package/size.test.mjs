// What the entries weigh at most, as a user's bundler takes them out of the tarball.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ENTRIES } from "../../benches/size/subjects.mjs";
import { weigh } from "../../benches/size/weigh.mjs";
import { installed } from "./pack.mjs";

for (const entry of ENTRIES.filter(({ budget }) => budget)) {
  const { limit = entry.budget } = entry;
  test(`${entry.title} weighs at most ${limit} bytes after brotli`, async (context) => {
    const { raw, gzip, brotli } = await weigh(entry, installed);
    context.diagnostic(`${entry.title}: ${raw} bytes raw, ${gzip} gzip, ${brotli} brotli`);
    assert(brotli <= limit, `${brotli} bytes`);
  });
}

/** What an entry adds to the one that it is built on. */
const ADDED = [{ name: "/ui-extension", base: "/js", most: 1_500 }];

for (const { name, base, most } of ADDED) {
  test(`.${name} weighs at most ${most} bytes more than .${base} after brotli`, async (context) => {
    const [whole, part] = await Promise.all(
      [name, base].map((entry) => weigh({ contents: `export * from "hubspot-async-tasks${entry}";` }, installed)),
    );
    context.diagnostic(`.${name}: ${whole.brotli - part.brotli} bytes more`);
    assert(whole.brotli - part.brotli <= most, `${whole.brotli - part.brotli} bytes`);
  });
}
