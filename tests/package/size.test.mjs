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
