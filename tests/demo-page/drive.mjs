// What somebody does on the demo page, step by step, in any browser: it takes no more of a driver's page than Playwright's and
// Puppeteer's have in common (goto, reload, evaluate, keyboard.press).
import assert from "node:assert/strict";

const PATIENCE_MS = 90_000; // far more than anything here takes; only a failure waits so long
const LOOKS_EVERY_MS = 50;

const FAMILIES = ["fileImport", "folderUpdate", "export", "sourceCodeExtract", "import"];
/** How the page's title begins. */
const LANGUAGES = { en: "See polling happen", ja: "", es: "", fr: "", de: "" };

/** One task in the lanes: the panels below run by themselves. */
const QUIET = "#tasks=1";

/** By what is done: each opens the page for itself, and throws where something is not as it should be. `site` has its addresses. */
export const STEPS = {
  async "opens, and both lanes move"(page, { url }) {
    await open(page, url);
    const before = await counts(page);
    await passed(page, (await seconds(page)) + 3);
    const { loop, package: ours } = await counts(page);
    assert.ok(loop.requests > before.loop.requests, "the loop asks");
    assert.ok(ours.requests > before.package.requests, "the package asks");
  },

  async "shows 500 tasks in both lanes, of which the package is not refused one and tells none wrongly"(page, { url }) {
    await open(page, url);
    await passed(page, 20);
    await until(page, () => [...document.querySelectorAll(".field")].every(({ ariaLabel }) => ariaLabel?.includes(" of 500 tasks ")));
    const { loop, package: ours } = await counts(page);
    assert.ok(loop.requests > 1.5 * ours.requests, `${loop.requests} and ${ours.requests} requests`);
    assert.ok(loop.refused > 0, "the loop is refused");
    assert.deepEqual([ours.refused, ours.wrong], [0, 0]);
    for (const colours of await coloursOf(page, ".field")) assert.ok(colours > 2, `${colours} colours in a lane`);
  },

  async "starts a task of each family"(page, { url }) {
    await open(page, url + QUIET);
    await press(page, "button", "Start one of each");
    for (const family of FAMILIES) await ended(page, family, "succeeded");
    assert.equal(await page.evaluate(() => document.querySelectorAll(".task").length), FAMILIES.length);
    await until(page, () => document.querySelector(".task table")?.rows.length > 1);
    assert.match(await textOf(page, ".code-panel pre"), /tasks\.\w+\.start\(/);
  },

  async "says why a task failed"(page, { url }) {
    await open(page, url + QUIET);
    await start(page, "fileImport", "fails");
    await ended(page, "fileImport", "failed");
    assert.match(await textOf(page, ".task"), /VALIDATION_ERROR[^]*could not be fetched: it answered 404/);
  },

  async "recovers from faults on the way"(page, { url }) {
    await open(page, url + QUIET);
    await start(page, "export", "faults");
    await until(page, () => /: asked once more/.test(document.querySelector(".task")?.textContent));
    await ended(page, "export", "succeeded");
  },

  async "cancels an import at HubSpot"(page, { url }) {
    await open(page, url + QUIET);
    await start(page, "import", "long");
    await press(page, ".task button", "Cancel at HubSpot");
    await ended(page, "import", "canceled");
  },

  async "goes on from a checkpoint after a reload"(page, { url }) {
    await open(page, url + QUIET);
    await start(page, "export", "succeeds");
    await until(page, () => Number(document.querySelector(".task .fact-polls dd")?.textContent) > 0);
    const id = await textOf(page, ".task-id");
    await press(page, ".task button", "Copy checkpoint");
    const checkpoint = await textOf(page, ".task pre");
    await page.reload();
    await whole(page);
    assert.equal(await page.evaluate(() => document.querySelectorAll(".task").length), 0, "nothing is left of it on the page");
    await press(page, ".segments label", "Checkpoint");
    await fill(page, ".way:not([hidden]) textarea", checkpoint);
    await press(page, ".way:not([hidden]) button", "Go on");
    await ended(page, "export", "succeeded");
    assert.equal(await textOf(page, ".task-id"), id);
    const polls = Number(await textOf(page, ".fact-polls dd"));
    assert.ok(polls > JSON.parse(checkpoint).polls, `${polls} polls: they are counted on`);
  },

  async "speaks each language"(page, { url }) {
    const titles = [];
    for (const language of Object.keys(LANGUAGES)) {
      await open(page, `${url}?lang=${language}${QUIET}`);
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      titles.push(await textOf(page, "h1"));
      const holes = await page.evaluate(() => document.body.innerText.match(/\{\w+\}/g) ?? []);
      assert.deepEqual(holes.filter((hole) => hole !== "{id}"), [], `${language}: all words are filled in`);
    }
    assert.equal(new Set(titles).size, titles.length, titles.join());
    assert.equal(titles[0], LANGUAGES.en);
  },

  async "is dark when it is asked to be, and stays so"(page, { url }) {
    await open(page, url + QUIET);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await choose(page, "Theme", "light");
    const light = await background();
    await choose(page, "Theme", "dark");
    const dark = await background();
    assert.notEqual(dark, light);
    await page.reload();
    await whole(page);
    assert.equal(await background(), dark);
    await choose(page, "Theme", "system");
  },

  async "is held, stepped, played and begun again by the keyboard alone"(page, { url }) {
    await open(page, url + QUIET);
    await passed(page, 2);
    await tabTo(page, "Hold");
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement.textContent === "Play", undefined, "the focus stays");
    await settled(page);
    const held = await seconds(page);
    await settled(page);
    assert.equal(await seconds(page), held, "time stands still");
    await tabTo(page, "Step");
    for (let step = 1; step <= 3; step++) {
      await page.keyboard.press(" ");
      await passed(page, held + step);
    }
    assert.equal(await seconds(page), held + 3);
    await tabTo(page, "Again");
    await page.keyboard.press("Enter");
    await until(page, (held) => Number(document.querySelector(".passed").textContent.slice(-2)) < held + 3, held);
  },

  async "starts a task by the keyboard alone"(page, { url }) {
    await open(page, url + QUIET);
    await tabTo(page, "Start");
    await page.keyboard.press("Enter");
    await ended(page, "export", "succeeded");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Start", "the focus stays");
  },

  async "does without WebAssembly under script-src 'self'"(page, { strictUrl }) {
    await open(page, `${strictUrl}?js`);
    await passed(page, 5);
    const { package: ours } = await counts(page);
    assert.ok(ours.requests > 3);
    assert.deepEqual([ours.refused, ours.wrong], [0, 0]);
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.ok(loaded.some((name) => /\/js-[\w-]+\.js$/.test(name)), "the entry /js was loaded");
    await start(page, "folderUpdate", "succeeds");
    await ended(page, "folderUpdate", "succeeded");
  },
};

// --- What is done ---------------------------------------------------------------------------------------------------

/** Anew, though the address may differ by its hash alone. */
async function open(page, url) {
  await page.goto("about:blank");
  await page.goto(url);
  await whole(page);
}

/** All panels are there, and numbers were written. */
const whole = (page) => until(page, () => performance.getEntriesByName("panels-shown").length > 0 && /\d/.test(document.querySelector(".passed").textContent));

/** The one with that text, which comes in time. */
async function press(page, selector, text) {
  const found = ({ selector, text }) => [...document.querySelectorAll(selector)].find((node) => node.textContent === text && node.getClientRects().length > 0);
  await until(page, `(${found})(${JSON.stringify({ selector, text })}) !== undefined`, undefined, `${selector} “${text}”`);
  await page.evaluate(`(${found})(${JSON.stringify({ selector, text })}).click()`);
}

/** A choice by its label; its value. */
const choose = (page, label, value) =>
  page.evaluate(
    ({ label, value }) => {
      const { control } = [...document.querySelectorAll("label")].find(({ textContent }) => textContent === label);
      control.value = value;
      control.dispatchEvent(new Event("change", { bubbles: true }));
    },
    { label, value },
  );

const fill = (page, selector, value) =>
  page.evaluate(
    ({ selector, value }) => {
      const field = document.querySelector(selector);
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    { selector, value },
  );

async function start(page, family, scenario) {
  await choose(page, "Kind of task", family);
  await choose(page, "How it will go", scenario);
  await press(page, ".way:not([hidden]) button", "Start");
}

/** Goes on by the tabulator key until a button of that name has the focus. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 80; presses++) {
    if (await page.evaluate((name) => document.activeElement.textContent === name && document.activeElement.matches("button"), name)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tabulator key does not lead to ${name}`);
}

// --- What is seen ---------------------------------------------------------------------------------------------------

/** Looks again and again, which all drivers can: what they have for it differs. `isSo` is a function or an expression. */
async function until(page, isSo, arg, what = String(isSo)) {
  const endMs = performance.now() + PATIENCE_MS;
  while (!(await page.evaluate(typeof isSo === "string" ? isSo : `Boolean((${isSo})(${JSON.stringify(arg)}))`))) {
    if (performance.now() > endMs) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY_MS));
  }
}

/** Of the world's time. */
async function seconds(page) {
  const [minutes, seconds] = (await textOf(page, ".passed")).split(":").map(Number);
  return minutes * 60 + seconds;
}

const passed = (page, atLeast) =>
  until(
    page,
    (atLeast) => {
      const [minutes, seconds] = document.querySelector(".passed").textContent.split(":").map(Number);
      return minutes * 60 + seconds >= atLeast;
    },
    atLeast,
    `${atLeast} seconds of the world's time`,
  );

/** Some frames went by, and numbers were written. */
const settled = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        let left = 20;
        const frame = () => (--left > 0 ? requestAnimationFrame(frame) : resolve());
        requestAnimationFrame(frame);
      }),
  );

const textOf = (page, selector) => page.evaluate((selector) => document.querySelector(selector).textContent, selector);

/** The newest task of a family is in that state; its name begins as the family's choice is called. */
const ended = (page, family, state) =>
  until(
    page,
    ({ family, state }) => {
      const name = document.querySelector(`[name=family] option[value=${family}]`).textContent;
      const row = [...document.querySelectorAll(".task")].find((node) => node.querySelector("h4").textContent.startsWith(name));
      return row?.dataset.state === state;
    },
    { family, state },
    `${family} ${state}`,
  );

/** What the counters show, by lane. */
const counts = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll("[data-lane]")].map((list) => [
        list.dataset.lane,
        Object.fromEntries([...list.querySelectorAll("[data-count]")].map((node) => [node.dataset.count, parseFloat(node.textContent.replaceAll(",", ""))])),
      ]),
    ),
  );

/** How many colours each canvas shows. */
const coloursOf = (page, selector) =>
  page.evaluate(
    (selector) =>
      [...document.querySelectorAll(selector)].map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      }),
    selector,
  );
