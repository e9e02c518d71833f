// What the manifests of the crates and of the npm package say, and what a release wants of them.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** `{ place, version, repository, isPublished }` of each crate of the workspace and of the npm package. */
export function manifests() {
  const metadata = execFileSync("cargo", ["metadata", "--no-deps", "--format-version", "1"], { encoding: "utf8" });
  const crates = JSON.parse(metadata).packages.map(({ name, version, repository, publish }) => {
    // Cargo tells `publish = false` as an empty list of registries.
    return { place: `the crate ${name}`, version, repository, isPublished: publish?.length !== 0 };
  });
  const npm = JSON.parse(readFileSync(new URL("../pkg-template/package.json", import.meta.url), "utf8"));
  const { version, repository } = npm;
  return [...crates, { place: "pkg-template/package.json", version, repository: repository?.url, isPublished: true }];
}

/** The one version of all; throws where they differ. */
export function commonVersion(manifests) {
  const versions = new Set(manifests.map(({ version }) => version));
  if (versions.size === 1) return manifests[0].version;
  throw new Error(manifests.map(({ place, version }) => `${place} has version ${version}`).join(", "));
}

/** Why a tag must not be released, a sentence each. `repository` is "owner/name" on GitHub. */
export function releaseProblems({ tag, repository, manifests, changelog }) {
  const version = commonVersion(manifests);
  const problems = [];
  if (tag !== `v${version}`) problems.push(`the tag is ${tag}, the version ${version}`);
  const headings = changelog.match(/^## .*$/gm) ?? [];
  if (!headings.some((heading) => /^## \[?([^\] ]*)/.exec(heading)[1] === version)) {
    problems.push(`CHANGELOG.md has no section for ${version}`);
  }
  // npm refuses provenance from another repository than the manifest's.
  const address = `https://github.com/${repository}`;
  for (const { place, repository: named } of manifests.filter(({ isPublished }) => isPublished)) {
    if (named?.replace(/^git\+/, "").replace(/\.git$/, "") !== address) {
      problems.push(`${place} names the repository ${named ?? "not at all"}, this is ${address}`);
    }
  }
  return problems;
}
