// The figures of the polling benchmark that the pages quote are those that it wrote last.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const { scenarios, versions, date } = JSON.parse(read("benches/polling/results.json"));
const [RESULTS, README, POLLING] = ["benches/polling/results.md", "README.md", "docs/polling.md"].map(read);

/** What the pages call a subject, by how `results.md` does. */
const QUOTED_AS = {
  "this package": "this package, default",
  "the same, learned": "this package, learned",
  "core-lro": "@azure/core-lro",
  smithy: "@smithy/util-waiter",
  gax: "google-gax",
};

/** The rows of the table that follows a text, by their first cell: each a list of its other cells. */
function tableAfter(page, text) {
  const from = page.indexOf(text);
  assert.notEqual(from, -1, text);
  const lines = page.slice(from).split("\n");
  const first = lines.findIndex((line) => line.startsWith("|")) + 2;
  const end = lines.findIndex((line, at) => at >= first && !line.startsWith("|"));
  const cellsOf = (line) => line.split("|").slice(1, -1).map((cell) => cell.trim());
  return new Map(lines.slice(first, end).map(cellsOf).map(([name, ...cells]) => [QUOTED_AS[name] ?? name, cells]));
}

describe("what the pages quote of the polling benchmark is what it wrote last", () => {
  const alone = tableAfter(RESULTS, "### lognormal, median 45 s");
  const crowd = tableAfter(RESULTS, "### 500 tasks");

  it("in README.md", () => {
    const quoted = tableAfter(README, "## Numbers");
    assert.equal(quoted.size, alone.size);
    for (const [title, cells] of quoted) {
      const [, named, version] = /^(.*?)(?: (\d[\d.]*))?$/.exec(title);
      const name = QUOTED_AS[named] ?? named;
      if (version) assert.equal(version, versions[named === "this package" ? "hubspot-async-tasks" : name], title);
      const [requests, delay] = alone.get(name);
      const [perTask = "", refused = "", delayOfMany, , , gaveUp = ""] = crowd.get(name) ?? [];
      const ofMany = delayOfMany ? `${perTask} / ${delayOfMany}` : "";
      assert.deepEqual(cells, [`${requests} / ${delay}`, ofMany, refused === "0.00" ? "0" : refused, gaveUp], title);
    }
  });

  it("in docs/polling.md, of one task", () => {
    const quoted = tableAfter(POLLING, "One task at a time, lognormal");
    assert.deepEqual([...quoted], [...alone].map(([name, cells]) => [name, cells.slice(0, 4)]));
  });

  it("in docs/polling.md, of many tasks", () => {
    const quoted = tableAfter(POLLING, "500 tasks started within 60 s");
    assert.deepEqual([...quoted], [...crowd].map(([name, [requests, refused, mean, p95, , gaveUp]]) => [name, [requests, refused, mean, p95, gaveUp]]));
  });

  it("in docs/polling.md, of learned intervals", () => {
    const measured = scenarios.map(({ title, subjects: { default: root, learned } }) => {
      const [requests, mean, p95] = ["requests", "meanDelayS", "p95DelayS"].map((name) => learned[name] / root[name]);
      return [title, [requests, mean, p95, requests * mean].map((ratio) => ratio.toFixed(2))];
    });
    assert.deepEqual([...tableAfter(POLLING, "Measured, learned ÷ √age")], measured);
  });

  it("with its date", () => {
    const day = new Date(date).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    assert.ok(POLLING.includes(`Of ${day}, Node`), day);
  });
});
