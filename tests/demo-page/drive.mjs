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
/** The same, and it goes on for long. */
const CALM = `${QUIET}&serverErrors=0&dropped=0&canceled=0`;

/** By what is done: each opens the page for itself, and throws where something is not as it should be. `site` has its addresses. */
export const STEPS = {
  async "opens, and both lanes move"(page, { url }) {
    await open(page, url);
    const before = await counts(page);
    await passed(page, (await seconds(page)) + 11); // longer than a rate window, which the package may have used up just now
    const { loop, package: ours } = await counts(page);
    assert.ok(loop.requests > before.loop.requests, "the loop asks");
    assert.ok(ours.requests > before.package.requests, "the package asks");
  },

  async "shows 500 tasks in both lanes: the package asks less, is not refused, and tells nothing wrongly"(page, { url }) {
    await open(page, url);
    await passed(page, 20);
    await until(page, () => [...document.querySelectorAll(".field")].every(({ ariaLabel }) => ariaLabel?.includes(" of 500 tasks ")));
    const { loop, package: ours } = await counts(page);
    assert.ok(loop.requests > 1.5 * ours.requests, `${loop.requests} and ${ours.requests} requests`);
    assert.ok(loop.refused > 0 && loop.wrong > 0, "the loop is refused, and tells wrongly");
    assert.deepEqual([ours.refused, ours.wrong], [0, 0]);
    assert.ok(ours.requests > 10);
    for (const colours of await coloursOf(page, ".field")) assert.ok(colours > 2, `${colours} colours in a lane`);
  },

  async "starts one of each family by one button, and shows what each made"(page, { url }) {
    await open(page, url + QUIET);
    await press(page, "button", "Start one of each");
    for (const family of FAMILIES) await ended(page, family, "succeeded");
    assert.equal(await page.evaluate(() => document.querySelectorAll(".task").length), FAMILIES.length);

    assert.deepEqual(await made(page, "fileImport"), { Size: "48 kB", Access: "PUBLIC_NOT_INDEXABLE", Path: "/logos/our-logo.svg" });
    await untilInRow(page, "fileImport", (row) => row.querySelector("img")?.complete && row.querySelector("img").naturalWidth > 0, undefined, "the picture is shown");
    assert.match(await inRow(page, "fileImport", (row) => row.querySelector("a").getAttribute("href")), /^http:\/\/127\.0\.0\.1.*\.svg$/);
    assert.deepEqual(await made(page, "folderUpdate"), { Path: "/imported/logos-2026", id: "90151672017" });
    await untilInRow(page, "export", (row) => row.querySelector("table") !== null);
    const { caption, cells } = await inRow(page, "export", (row) => {
      const table = row.querySelector("table");
      return { caption: table.caption.textContent, cells: [...table.rows].map((line) => [...line.cells].map((cell) => cell.textContent)) };
    });
    assert.equal(caption, "The first 5 rows");
    assert.deepEqual(cells, [
      ["Record ID", "email", "firstname", "company"],
      ["1", "zoe@example.com", "Zoë", "Smith, Jones & Co."],
      ["2", "ada@example.com", "Ada", 'Ltd. "Analytical"'],
      ["3", "lin@example.com", "Lin", ""],
      ["4", "max@example.com", "Max", "Example"],
      ["5", "kenji@example.com", "Kenji", "Rei K.K."],
    ]);
    await says(page, "sourceCodeExtract", "Extracted\\. Such a task has no result\\.");
    assert.deepEqual(await made(page, "import"), { TOTAL_ROWS: "4", CREATED_OBJECTS: "4", PROPERTY_VALUES_EMITTED: "8" });

    for (const family of FAMILIES) {
      assert.equal(await badge(page, family), "succeeded");
      const polls = await inRow(page, family, (row) => row.querySelector(".fact-polls dd").textContent);
      assert.ok(Number(polls) >= 2, `${polls} polls`);
    }
    assert.match(await textOf(page, ".code-panel pre"), /tasks\.\w+\.start\(/);
  },

  async "says why a task failed"(page, { url }) {
    await open(page, url + QUIET);
    await start(page, "fileImport", "fails");
    await ended(page, "fileImport", "failed");
    assert.equal(await badge(page, "fileImport"), "failed");
    for (const text of ["VALIDATION_ERROR", ".*The file at the URL could not be fetched: it answered 404.*", "url: http.*"]) await says(page, "fileImport", text);
  },

  async "recovers from faults on the way, and says what they were"(page, { url }) {
    await open(page, url + QUIET);
    await start(page, "export", "faults");
    for (const text of ["HTTP: asked once more in \\d+ s", "NETWORK: asked once more in \\d+ s", "RATE_LIMITED: pause, asked in \\d+ s"]) await says(page, "export", text);
    await ended(page, "export", "succeeded");
  },

  async "ends a wait, goes on with it, and cancels an import at HubSpot"(page, { url }) {
    await open(page, url + QUIET);
    await start(page, "import", "long");
    await says(page, "import", "at work");
    await tabToButton(page, "Stop waiting"); // not focus(): Chromium may refuse it to what it has not drawn, as what is below the window
    await page.keyboard.press("Enter");
    await says(page, "import", "not waited for");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Wait on", "the focus goes to what undoes it");
    const polls = await textOf(page, ".fact-polls dd");
    await new Promise((resolve) => setTimeout(resolve, 3_000)); // longer than any interval of so young a task
    assert.equal(await textOf(page, ".fact-polls dd"), polls, "nothing is asked meanwhile");
    await page.keyboard.press("Enter");
    await says(page, "import", "at work");
    await press(page, ".task button", "Cancel at HubSpot");
    await ended(page, "import", "canceled");
    assert.equal(await badge(page, "import"), "canceled");
    await says(page, "import", "CANCELED");
  },

  async "goes on from a checkpoint after a reload"(page, { url }) {
    await open(page, url + QUIET);
    await start(page, "export", "succeeds");
    await until(page, () => Number(document.querySelector(".task .fact-polls dd")?.textContent) > 0);
    assert.match(await badge(page, "export"), /^(?:queued|at work)$/);
    const id = await textOf(page, ".task-id");
    await press(page, ".task button", "Copy checkpoint");
    const checkpoint = await textOf(page, ".task pre");
    assert.equal(JSON.parse(checkpoint).taskId, id);
    await page.reload();
    await whole(page);
    assert.equal(await page.evaluate(() => document.querySelectorAll(".task").length), 0, "nothing is left of it on the page");
    await sees(page, "None yet.");
    await press(page, ".segments label", "Checkpoint");
    await fill(page, ".way:not([hidden]) textarea", checkpoint);
    await press(page, ".way:not([hidden]) button", "Go on");
    await ended(page, "export", "succeeded");
    assert.equal(await textOf(page, ".task-id"), id);
    const polls = Number(await textOf(page, ".fact-polls dd"));
    assert.ok(polls > JSON.parse(checkpoint).polls, `${polls} polls: they are counted on`);
    assert.match(await textOf(page, ".code-panel pre"), new RegExp(`tasks\\.resume\\(\\{[^]*taskId: "${id}"`));
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

  async "is light or dark by its switch, and stays so"(page, { url }) {
    await open(page, url + QUIET);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await choose(page, "Theme", "Light");
    const light = await background();
    await choose(page, "Theme", "Dark");
    const dark = await background();
    assert.notEqual(dark, light);
    await page.reload();
    await whole(page);
    assert.equal(await background(), dark);
    await choose(page, "Theme", "System");
  },

  async "is held, stepped, played and begun again by the keyboard alone"(page, { url }) {
    await open(page, url + CALM);
    await passed(page, 2);
    await tabToButton(page, "Hold");
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement.textContent === "Play", undefined, "the focus stays");
    await sees(page, "Time is held.");
    await settled(page);
    const held = await seconds(page);
    await settled(page);
    assert.equal(await seconds(page), held, "time stands still");

    await page.keyboard.press("Enter");
    await passed(page, held + 2);
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement.textContent === "Play");
    await settled(page);
    const again = await seconds(page);
    await tabToButton(page, "Step");
    for (let step = 1; step <= 3; step++) {
      await page.keyboard.press(" ");
      await passed(page, again + step);
    }
    assert.equal(await seconds(page), again + 3);
    await page.evaluate(() => {
      for (let times = 0; times < 5; times++) document.activeElement.click();
    });
    await passed(page, again + 8);
    await settled(page);
    assert.equal(await seconds(page), again + 8, "each of five fast steps counts");

    await tabToButton(page, "Again");
    await page.keyboard.press("Enter");
    await until(page, (again) => Number(document.querySelector(".passed").textContent.slice(-2)) < again + 8, again);
  },

  async "starts a task and removes it by the keyboard alone"(page, { url }) {
    await open(page, url + QUIET);
    await tabTo(page, (node) => node.type === "radio" && node.value === "simulator");
    await tabTo(page, (node) => node.type === "radio" && node.value === "start");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.value), "id");
    await page.keyboard.press("ArrowLeft");
    await tabTo(page, (node) => node.name === "family");
    await tabToButton(page, "Start");
    await page.keyboard.press("Enter");
    await says(page, "export", "(?:queued|at work)");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Start", "the focus stays");
    await tabToButton(page, "×");
    await page.keyboard.press(" ");
    await sees(page, "None yet.");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Tasks", "the focus is not lost");
  },

  "does without WebAssembly under script-src 'self', when it is asked to": (page, { strictUrl }) => withoutWasm(page, `${strictUrl}?js`),
};

/** A page without WebAssembly polls in its lanes, and starts tasks. */
export async function withoutWasm(page, url) {
  await open(page, url);
  await passed(page, 5);
  const { package: ours } = await counts(page);
  assert.ok(ours.requests > 3);
  assert.deepEqual([ours.refused, ours.wrong], [0, 0]);
  const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  assert.ok(loaded.some((name) => /\/js-[\w-]+\.js$/.test(name)), "the entry /js was loaded");
  await press(page, "button", "Start one of each");
  await ended(page, "export", "succeeded");
  await untilInRow(page, "export", (row) => row.querySelector("table") !== null);
}

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

/** One of a choice, by their names. */
const choose = (page, label, name) =>
  page.evaluate(
    ({ label, name }) => {
      const { control } = [...document.querySelectorAll("label")].find(({ textContent }) => textContent === label);
      control.value = [...control.options].find(({ textContent }) => textContent === name).value;
      control.dispatchEvent(new Event("change", { bubbles: true }));
    },
    { label, name },
  );

/** One of a choice whose name in the form is that; its value. */
const pick = (page, name, value) =>
  page.evaluate(
    ({ name, value }) => {
      const control = document.querySelector(`[name=${name}]`);
      control.value = value;
      control.dispatchEvent(new Event("change", { bubbles: true }));
    },
    { name, value },
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
  await pick(page, "family", family);
  await pick(page, "scenario", scenario);
  await press(page, ".way:not([hidden]) button", "Start");
}

/** Goes on by the tabulator key until what has the focus is so. */
async function tabTo(page, isThere, arg) {
  for (let presses = 0; presses < 80; presses++) {
    if (await page.evaluate(`(${isThere})(document.activeElement, ${JSON.stringify(arg)})`)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tabulator key does not lead to ${arg ?? isThere}`);
}

const tabToButton = (page, name) => tabTo(page, (node, name) => node.matches("button") && node.textContent === name, name);

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

/** The newest task of a family; its name begins as the family's choice is called. In a page. */
const findRow = (family) => {
  const name = document.querySelector(`[name=family] option[value=${family}]`).textContent;
  return [...document.querySelectorAll(".task")].find((node) => node.querySelector("h4").textContent.startsWith(name));
};

/** An expression of what `read` finds in that task, which is undefined before it is there. */
const readingOf = (family, read, arg) => `((row) => row && (${read})(row, ${JSON.stringify(arg)}))((${findRow})(${JSON.stringify(family)}))`;
const inRow = (page, family, read, arg) => page.evaluate(readingOf(family, read, arg));
const untilInRow = (page, family, isSo, arg, what = String(isSo)) => until(page, `Boolean(${readingOf(family, isSo, arg)})`, undefined, `${family}: ${what}`);

const ended = (page, family, state) => untilInRow(page, family, (row, state) => row.dataset.state === state, state, state);

/** How a task stands, in words. */
const badge = (page, family) => inRow(page, family, (row) => row.querySelector(".badge").textContent);

/** Some part of a task says exactly that, by a pattern. */
const says = (page, family, pattern) =>
  untilInRow(page, family, (row, pattern) => [...row.querySelectorAll("*")].some(({ textContent }) => new RegExp(`^${pattern}$`).test(textContent)), pattern, pattern);

/** What a task made, as a list of facts by name. */
const made = (page, family) =>
  inRow(page, family, (row) => Object.fromEntries([...row.querySelectorAll(".made dt")].map((name) => [name.textContent, name.nextElementSibling.textContent])));

/** The page has that text, for eyes or ears. */
const sees = (page, text) => until(page, (text) => document.body.textContent.includes(text), text, text);

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
