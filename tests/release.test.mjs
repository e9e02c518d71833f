// The versions of the crates and of the npm package, and what scripts/check-release.mjs refuses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commonVersion, manifests, releaseProblems } from "../scripts/manifests.mjs";

const REPOSITORY = "https://github.com/owner/name";
const GOOD = [
  { place: "the crate", version: "1.2.3", repository: REPOSITORY, isPublished: true },
  { place: "the crate that wasm-pack builds", version: "1.2.3", repository: null, isPublished: false },
  { place: "the package", version: "1.2.3", repository: `git+${REPOSITORY}.git`, isPublished: true },
];
const problemsOf = (given = {}) =>
  releaseProblems({
    tag: "v1.2.3",
    repository: "owner/name",
    manifests: GOOD,
    changelog: "# Changelog\n\n## [1.2.3] - 2026-11-22\n",
    ...given,
  });
const withCrate = (fields) => GOOD.map((manifest, index) => (index === 0 ? { ...manifest, ...fields } : manifest));

test("all manifests have one version", () => {
  const found = manifests();
  assert.equal(found.length, 4);
  assert.match(commonVersion(found), /^\d+\.\d+\.\d+/);
  assert.throws(() => commonVersion(withCrate({ version: "1.2.4" })), /the crate has version 1\.2\.4, .* 1\.2\.3/);
});

test("the crate and the package are published, what wasm-pack builds is not", () => {
  const published = manifests().filter(({ isPublished }) => isPublished);
  assert.deepEqual(
    published.map(({ place }) => place),
    ["the crate hubspot-async-tasks", "pkg-template/package.json"],
  );
});

test("a release has the version as its tag, a section in the changelog, and names its repository", () => {
  assert.deepEqual(problemsOf(), []);
  assert.deepEqual(problemsOf({ changelog: "## 1.2.3\n" }), []);
  assert.deepEqual(problemsOf({ tag: "1.2.3" }), ["the tag is 1.2.3, the version 1.2.3"]);
  assert.deepEqual(problemsOf({ tag: "v1.2.4" }), ["the tag is v1.2.4, the version 1.2.3"]);
  for (const changelog of ["## Unreleased\n", "## 1.2.30\n", "## 1.2.3-beta\n", "1.2.3", "# 1.2.3"]) {
    assert.deepEqual(problemsOf({ changelog }), ["CHANGELOG.md has no section for 1.2.3"], changelog);
  }
  for (const repository of [null, undefined, "", "https://github.com/other/name"]) {
    const [problem, ...others] = problemsOf({ manifests: withCrate({ repository }) });
    assert.match(problem, /^the crate names the repository .*, this is https:\/\/github\.com\/owner\/name$/);
    assert.deepEqual(others, []);
  }
});
