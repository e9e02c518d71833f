#!/usr/bin/env node
// Refuses what must not be released: `scripts/check-release.mjs v1.2.3 owner/name`, with the tag and the repository. Asks
// for every address of external-links.txt.
import { readFileSync } from "node:fs";
import { deadLinks, listedExternalLinks } from "./links.mjs";
import { manifests, releaseProblems } from "./manifests.mjs";

const [tag, repository] = process.argv.slice(2);
if (!tag || !repository) throw new Error("usage: scripts/check-release.mjs TAG OWNER/NAME");
const changelog = readFileSync(new URL("../CHANGELOG.md", import.meta.url), "utf8");
const problems = releaseProblems({ tag, repository, manifests: manifests(), changelog });
problems.push(...(await deadLinks(listedExternalLinks())));
for (const problem of problems) console.error(`check-release: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
