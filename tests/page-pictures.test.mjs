// Tests of the demo page's pictures, built and served as they ship, in a real Chromium. That they are whole and accessible is among
// what tests/page.test.mjs asks of the whole page. Run: node --test tests/page-pictures.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe } from "node:test";
import * as entry from "../pkg/index.js";
import { PICTURES, noteFrames, opened, passed, settled, workOf, worldSeconds } from "./demo-page/checks.mjs";
import { PATIENCE_MS, demoPage } from "./demo-page/pages.mjs";
import { load } from "./demo-page/world.mjs";

const { World, DEFAULTS, countedOf, budgetOf, paidBy, bestOf } =
  await load("world/world.ts", "world/settings.ts", ...["timeline", "budget", "tradeoff"].map((name) => `panels/pictures/${name}.ts`));
const RESULTS = JSON.parse(readFileSync(new URL("../benches/polling/results.json", import.meta.url), "utf8"));

/** Bytes after brotli of what the pictures bring, without their words; two thirds are uPlot. */
const BUDGET = 32_000;

/** Real milliseconds between two drawings of a picture: www/panels/pictures/keep-drawn.ts. */
const EVERY_MS = 400;

/** A run that is soon over. The loop tells of every task in the end, so that nothing goes on after it. */
const SHORT = { tasks: 50, takes: 3, speed: 60, canceled: 0 };
const SHORT_HASH = `#${new URLSearchParams(SHORT)}`;

const demo = demoPage();

/** A test of the page, with how often its pictures are drawn noted. */
const itShows = (what, { prepare = () => {}, ...options }, test) =>
  demo.itShows(what, {
    ...options,
    async prepare(page) {
      await page.addInitScript(noteDrawings);
      await prepare(page);
    },
  }, test);

describe("the demo page's pictures", { concurrency: 3 }, () => {
  let whole;

  before(async () => {
    // The same run, played here: a world of the same settings is the same, request by request.
    whole = new World({ ...DEFAULTS, ...SHORT }, entry);
    await whole.clock.advance(3_600_000, () => whole.isOver);
    assert.ok(whole.isOver);
  });

  itShows("tell in a table what happened to a task in both lanes", { path: SHORT_HASH }, async (page) => {
    await over(page);
    const { figure, choice } = await timeline(page);
    for (const index of [0, 7, 31]) {
      await choice.selectOption(String(index));
      await until(page, index + 1);
      const shown = await table(figure, 0);
      const expected = ["loop", "package"].map((key) => {
        const { requests, refused, faults, heldMs, lateMs } = countedOf(whole.lanes[key].rows[index], whole.nowMs);
        return [requests, refused, faults, seconds(heldMs), seconds(lateMs)].map(String);
      });
      assert.deepEqual(shown.map(([, ...cells]) => cells), expected);
      const moments = await table(figure, 1);
      const noticed = moments.filter(([, , what]) => what === "noticed");
      assert.deepEqual(
        noticed.map(([at]) => at).sort(),
        ["loop", "package"].map((key) => whole.lanes[key].rows[index]).filter(({ told, task }) => told === task.outcome).map(({ toldMs, task }) => seconds(toldMs - task.requestedMs)).sort(),
      );
      assert.ok(moments.some(([, who, what]) => who === "HubSpot" && what === "COMPLETE"));
    }
  });

  itShows("tell in a table how many requests were in the rate window, and read off what is pointed at", { path: SHORT_HASH }, async (page) => {
    await over(page);
    const figure = await opened(page, "Requests in any ten seconds");
    const { lanes } = whole;
    const told = await table(figure, 0);
    assert.ok(told.length > 1);
    const last = Number(told.at(-1)[0].replace(/[^\d.]/g, ""));
    const [loop, ours] = ["loop", "package"].map((key) => budgetOf(lanes[key].seconds, last * 1_000));
    for (const [at, ...cells] of told) {
      const index = parseFloat(at.replaceAll(",", "")) - 1;
      const expected = [loop.sent[index], loop.refused[index], ours.sent[index], ours.refused[index], 100];
      assert.deepEqual(cells.map((cell) => Number(cell.replaceAll(",", ""))), expected, at);
    }

    const box = await figure.locator(".u-over").boundingBox();
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
    const reading = await figure.locator(".reading").textContent();
    const [, at, byLoop, byOurs] = /^At ([\d.]+) s: ([\d,]+) by your loop, ([\d,]+) by the package$/.exec(reading);
    assert.ok(at > 5 && at < last, reading);
    assert.deepEqual([byLoop, byOurs].map((count) => Number(count.replaceAll(",", ""))), [loop.sent[at - 1], ours.sent[at - 1]]);
  });

  itShows("tell in a table what this run paid, beside the optimum", { path: SHORT_HASH }, async (page) => {
    await over(page);
    const figure = await opened(page, "Fewer requests or less delay");
    const best = bestOf(whole.plan, whole.nowMs, whole.settings.latency);
    const expected = ["loop", "package"].map((key) => {
      const paid = paidBy(whole.lanes[key], whole.nowMs);
      const optimumS = best.delayAt(paid.requests);
      return [paid.requests, paid.meanDelayS, optimumS, paid.meanDelayS / optimumS].map(threeDigits);
    });
    assert.deepEqual((await table(figure, 0)).map(([, ...cells]) => cells), expected);
  });

  itShows("tell in a table what the benchmark measured, scenario by scenario", { path: "#tasks=1&takes=60" }, async (page) => {
    const figure = await opened(page, "Fewer requests or less delay");
    const names = ["hubspot-async-tasks", "hubspot-async-tasks, after learning", "@azure/core-lro", "@smithy/util-waiter", "google-gax", "openai", "replicate"];
    const keys = ["default", "learned", "core-lro", "smithy", "gax", "openai", "replicate"];
    for (const { key, subjects } of RESULTS.scenarios) {
      await figure.getByLabel("How long the tasks took").selectOption(key);
      await page.waitForFunction((key) => document.querySelector(".plot-measured").ariaLabel.includes(document.querySelector(`option[value="${key}"]`).textContent), key);
      const shown = await table(figure, 1);
      assert.deepEqual(shown.map(([name]) => name), names);
      shown.forEach(([, ...cells], index) => {
        const { requests, meanDelayS, optimumDelayS, timesOptimum } = subjects[keys[index]];
        assert.deepEqual(cells, [requests, meanDelayS, optimumDelayS, timesOptimum].map(threeDigits), `${key}, ${names[index]}`);
      });
    }
  });

  itShows("show the task that tells most, until another one is chosen", { path: SHORT_HASH }, async (page) => {
    await over(page);
    const { figure, choice } = await timeline(page);
    const gap = ({ toldMs, task }) => toldMs - task.completedMs;
    const gaps = whole.plan.map((_, index) => {
      const [loop, ours] = [whole.lanes.loop.rows[index], whole.lanes.package.rows[index]];
      return gap(loop) < 0 ? 0 : gap(loop) - gap(ours);
    });
    const [, number] = /^Task (\d+) /.exec(await figure.locator(".shown").textContent());
    assert.ok(gaps[number - 1] * 1.5 >= Math.max(...gaps), `task ${number}: ${gaps[number - 1]} of ${Math.max(...gaps)} ms`);
    await choice.focus();
    await page.keyboard.press("ArrowDown");
    await until(page, 1);
  });

  for (const [width, colorScheme] of [[360, "dark"], [1440, "light"]]) {
    itShows(`show the task whose square is clicked, outlined in both lanes, at ${width} px, ${colorScheme}`, { path: "#tasks=500", viewport: { width, height: 900 }, colorScheme }, async (page) => {
      await passed(page, 3);
      const { choice } = await timeline(page);
      await page.getByRole("button", { name: "Hold" }).click();
      const fields = page.locator(".field");
      /** Clicks at these shares of a lane's field; gives the place. */
      const at = async (lane, across, down, act) => {
        await fields.nth(lane).scrollIntoViewIfNeeded();
        const { x, y, width, height } = await fields.nth(lane).boundingBox();
        await page.mouse[act](x + width * across, y + height * down);
        return { x: width * across, y: height * down };
      };
      const cursor = () => fields.first().evaluate((node) => getComputedStyle(node).cursor);
      /** Waits until so many lanes have an outline; gives where they are. */
      const outlined = async (count) => {
        const endMs = performance.now() + PATIENCE_MS;
        for (;;) {
          const all = await page.evaluate(outlines);
          if (all.filter(Boolean).length === count) return all;
          assert.ok(performance.now() < endMs, `${count} outlines: ${JSON.stringify(all)}`);
        }
      };
      assert.deepEqual(await outlined(0), [null, null]);

      const clicked = await at(0, 0.4, 0.4, "click");
      assert.equal(await cursor(), "pointer");
      const [one, other] = await outlined(2);
      assert.deepEqual(one, other, "the same square in both lanes");
      assert.ok(one.left <= clicked.x && clicked.x < one.right + 1 && one.top <= clicked.y && clicked.y < one.bottom + 1, JSON.stringify({ one, clicked }));
      const index = await choice.inputValue();
      assert.match(index, /^\d+$/);
      await until(page, Number(index) + 1);

      await at(1, 0.4, 0.4, "click");
      await outlined(0);
      assert.equal(await choice.inputValue(), "", "once more takes it back");

      await choice.focus();
      await page.keyboard.press("ArrowDown");
      await until(page, 1);
      const [first] = await outlined(2);
      assert.deepEqual([first.left, first.top], [0, 0], "by the keyboard, too");

      await at(0, 0.999, 0.999, "move");
      assert.equal(await cursor(), "auto", "no task is there");
      await at(0, 0.999, 0.999, "click");
      assert.equal(await choice.inputValue(), "0");

      await page.getByRole("button", { name: "Again" }).click();
      await outlined(0);
      assert.equal(await choice.inputValue(), "", "another run has other tasks");
    });
  }

  itShows("are drawn again in the colours of another theme, though time is held", { colorScheme: "light" }, async (page) => {
    await passed(page, 20);
    await page.getByRole("button", { name: "Hold" }).click();
    for (const name of ["timeline", "budget", "run", "measured"]) {
      const canvas = page.locator(`.plot-${name} canvas`);
      await page.locator(`.plot-${name}`).scrollIntoViewIfNeeded();
      await canvas.waitFor();
      await settled(page);
      const light = await canvas.evaluate((node) => node.toDataURL());
      await page.getByLabel("Theme").selectOption("dark");
      await settled(page);
      assert.notEqual(await canvas.evaluate((node) => node.toDataURL()), light, name);
      await page.getByLabel("Theme").selectOption("system");
      await settled(page);
      await page.locator(`.plot-${name}`).scrollIntoViewIfNeeded();
      await settled(page);
      assert.equal(await canvas.evaluate((node) => node.toDataURL()), light, `${name}, back again`);
    }
  });

  itShows("fit a window that changes, and its density", { deviceScaleFactor: 2 }, async (page) => {
    await page.locator(".plot-budget").scrollIntoViewIfNeeded();
    const canvas = page.locator(".plot-budget canvas");
    await canvas.waitFor();
    for (const width of [1200, 400, 900]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForFunction(() => {
        const [place, canvas] = [document.querySelector(".plot-budget"), document.querySelector(".plot-budget canvas")];
        return place.clientWidth === canvas.clientWidth && canvas.width === 2 * canvas.clientWidth;
      });
    }
  });

  itShows("begin again with the world", { path: "#tasks=50" }, async (page) => {
    const { choice } = await timeline(page);
    assert.equal(await choice.locator("option").count(), 51);
    await page.locator('select[name="tasks"]').selectOption("1");
    await page.waitForFunction(() => document.querySelector(".pictures select").options.length === 2);
  });

  for (const isStrict of [false, true]) {
    itShows(`are drawn under ${isStrict ? "script-src 'self'" : "the page's policy"}, whole, with no style of their own`, { at: isStrict ? "strictUrl" : "url", prepare: noteViolations }, async (page) => {
      for (const title of PICTURES) await opened(page, title);
      await passed(page, 15);
      for (const name of ["timeline", "budget", "run", "measured"]) {
        await page.locator(`.plot-${name}`).scrollIntoViewIfNeeded();
        await page.locator(`.plot-${name} canvas`).waitFor();
      }
      assert.deepEqual(await page.evaluate(() => globalThis.violations), isStrict ? ["script-src"] : []); // the page tries WebAssembly there
      assert.equal(await page.locator("style").count(), 0);
    });
  }

  itShows("weigh little, and pass on the licence of what they bring", {}, async (page, context) => {
    const paths = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    const ours = paths.filter((path) => /\/pictures-[^/]*\.(?:js|css)$/.test(path));
    const bytes = ours.reduce((sum, path) => sum + demo.site.weightOf(path), 0);
    context.diagnostic(`${bytes} bytes after brotli in ${ours.length} files`);
    assert.ok(ours.length >= 2 && bytes <= BUDGET, `${bytes} bytes: ${ours.join(", ")}`);
    const licences = await (await fetch(`${demo.site.url}licenses.md`)).text();
    assert.match(licences, /uplot - [\d.]+ \(MIT\)/i);
    assert.match(licences, /Permission is hereby granted, free of charge/);
  });

});

/** One after the other: each measures. */
describe("the demo page's pictures as work", () => {
  itShows("cost nothing while nobody sees them, and nothing while time is held", {}, async (page) => {
    const drawings = () => page.evaluate(() => globalThis.drawings);
    await passed(page, 10);
    assert.equal(await drawings(), 0, "nothing was drawn below the window");
    await page.locator(".plot-budget").scrollIntoViewIfNeeded();
    await page.waitForFunction(() => globalThis.drawings > 3);
    await page.evaluate(() => scrollTo(0, 0));
    await settled(page);
    const unseen = await drawings();
    await passed(page, (await worldSeconds(page)) + 5);
    assert.equal(await drawings(), unseen, "nor after the window left them");

    await page.locator(".plot-budget").scrollIntoViewIfNeeded();
    await page.evaluate(() => document.querySelector(".play").click());
    await settled(page);
    const held = await drawings();
    await settled(page);
    assert.equal(await drawings(), held, "nor while time is held");
    await page.getByRole("button", { name: "Step" }).evaluate((node) => {
      node.click();
    });
    await page.waitForFunction((held) => globalThis.drawings > held, held);
  });

  for (const reducedMotion of ["no-preference", "reduce"]) {
    const isReduced = reducedMotion === "reduce";
    itShows(`are drawn ${isReduced ? "once" : "few times"} a second${isReduced ? " for those who want no motion" : ""}`, { reducedMotion }, async (page) => {
      await page.locator(".plot-timeline").scrollIntoViewIfNeeded();
      await page.locator(".plot-timeline canvas").waitFor();
      await settled(page);
      const { ms, count } = await page.evaluate(
        () =>
          new Promise((resolve) => {
            const [startMs, before] = [performance.now(), globalThis.drawnIn["plot-timeline"]];
            setTimeout(() => resolve({ ms: performance.now() - startMs, count: globalThis.drawnIn["plot-timeline"] - before }), 3_000);
          }),
      );
      const most = 1 + ms / (isReduced ? 1_000 : EVERY_MS);
      assert.ok(count >= 1 && count <= most, `${count} drawings in ${ms} ms, ${most} allowed`);
    });
  }

  itShows("leave a frame's work small with 500 tasks in both lanes", { prepare: noteFrames, viewport: { width: 1200, height: 2_600 } }, async (page, context) => {
    await opened(page, "One task, waited for twice");
    await opened(page, "Requests in any ten seconds");
    await opened(page, "Fewer requests or less delay");
    await page.evaluate(() => {
      globalThis.work = [];
    });
    await passed(page, (await worldSeconds(page)) + 40);
    const [{ frames, median, p95 }, drawings] = [await workOf(page), await page.evaluate(() => globalThis.drawings)];
    context.diagnostic(
      `all pictures and tables in sight, ${drawings} drawings: work in ${frames} frames: median ${median.toFixed(1)} ms (bar: 8), p95 ${p95.toFixed(1)} ms (bar: 16)`,
    );
    assert.ok(frames > 20 && drawings > 10, `${frames} frames, ${drawings} drawings`);
    // Far above the bars: this machine may be busy with other tests.
    assert.ok(median < 50 && p95 < 200, `median ${median} ms, p95 ${p95} ms`);
  });
});

/** In a page: of each lane the bounds of what has the colour of its text, which nothing has but the outline; CSS pixels. */
function outlines() {
  const surface = (width, height) => new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  const probe = surface(1, 1);
  probe.fillStyle = getComputedStyle(document.body).color;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return [...document.querySelectorAll(".field")].map((canvas) => {
    const { width, height } = canvas;
    const copy = surface(width, height);
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] !== red || data[at + 1] !== green || data[at + 2] !== blue) continue;
      const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
      bounds.left = Math.min(bounds.left, x);
      bounds.right = Math.max(bounds.right, x);
      bounds.top = Math.min(bounds.top, y);
      bounds.bottom = Math.max(bounds.bottom, y);
    }
    return bounds.left === Infinity ? null : bounds;
  });
}

async function timeline(page) {
  const figure = await opened(page, PICTURES[0]);
  return { figure, choice: figure.getByLabel("Task to show") };
}

/** The picture shows the task of this number. */
const until = (page, number) => page.waitForFunction((number) => document.querySelector(".shown").textContent.startsWith(`Task ${number} `), number);

const table = (figure, index) =>
  figure.locator("table").nth(index).evaluate((node) => [...node.tBodies[0].rows].map(({ cells }) => [...cells].map(({ textContent }) => textContent)));

const over = (page) => page.getByText(/^All tasks are over/).waitFor({ state: "attached" });

/** As the page writes them in English. */
const seconds = (ms) => (ms === undefined ? "–" : `${new Intl.NumberFormat("en", ms < 100_000 ? { minimumFractionDigits: 1, maximumFractionDigits: 1 } : { maximumFractionDigits: 0 }).format(ms / 1_000)} s`);
const threeDigits = (value) => new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(value);

/** Counts how often the pictures' canvases are cleared, which comes before each drawing: all, and by their place. */
function noteDrawings() {
  [globalThis.drawings, globalThis.drawnIn] = [0, {}];
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...args) {
    const place = this.canvas.closest(".plot");
    if (place) {
      globalThis.drawings++;
      const name = place.classList[1];
      globalThis.drawnIn[name] = (globalThis.drawnIn[name] ?? 0) + 1;
    }
    return clearRect.apply(this, args);
  };
}

function noteViolations(page) {
  return page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => globalThis.violations.push(effectiveDirective));
  });
}
