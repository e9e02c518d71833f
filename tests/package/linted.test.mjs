// The tarball under the linters of npm packages: package.json by publint, the types' resolution by arethetypeswrong.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { tarball } from "./pack.mjs";

const data = new Uint8Array(readFileSync(tarball()));

test("publint has nothing to say, not even to suggest", async () => {
  const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, level: "suggestion", strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
});

test("arethetypeswrong finds types for each entry, in each way of resolving", async () => {
  const { problems, entrypoints } = await checkPackage(createPackageFromTarballData(data));
  assert.deepEqual(problems, []);
  const files = ["./checkpoint.schema.json", "./package.json"];
  assert.deepEqual(Object.keys(entrypoints), [".", "./slim", "./js", "./ui-extension", "./wasm", "./results", "./proxy", "./simulator", "./react", ...files]);
  for (const [name, { resolutions }] of Object.entries(entrypoints)) {
    for (const [how, { resolution }] of Object.entries(resolutions)) {
      assert.match(resolution?.fileName ?? "", /\.d\.c?ts$|\.json$/, `${name}, ${how}`);
    }
  }
});
