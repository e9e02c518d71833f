// Tests of the demo page's panels for tasks and code, as it ships, in a real Chromium; against its own simulated account and
// against a proxy on this machine. Run: node --test tests/page-tasks.test.mjs
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { createProxy, toNodeHandler } from "../pkg/proxy.js";
import { createSimulator } from "../pkg/simulator.node.js";
import { launch } from "./chromium.mjs";
import { axe, cutOff, watch, whole } from "./demo-page/checks.mjs";
import { serveSite } from "./demo-page/site.mjs";

const PATIENCE = 60_000; // far more than anything here takes; only a failure waits so long
const LANGUAGES = { en: "Start", ja: "開始", es: "Iniciar", fr: "Lancer", de: "Starten" };
const FAMILIES = ["fileImport", "folderUpdate", "export", "sourceCodeExtract", "import"];

/** The smallest is where words do not fit. */
const LOOKS = [[360, "light"], [360, "dark"], [768, "dark"], [1440, "light"]];

/** One task in the lanes: the panels run by themselves. */
const QUIET = "#tasks=1";

describe("the demo page's tasks", { concurrency: 3 }, () => {
  let site, browser;

  before(async () => {
    site = await serveSite();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  /** The pages of a browser share one clipboard: who uses it has it alone. */
  let clipboard = Promise.resolve();
  function withClipboard(test) {
    const done = clipboard.then(test);
    clipboard = done.catch(() => undefined); // it fails its own test
    return done;
  }

  /** A test with a page of its own, in which nothing may go wrong. */
  function itDoes(what, { query = "", url = "url", asks = () => [], permissions = [], ...options }, test) {
    const inTurn = permissions.includes("clipboard-read") ? withClipboard : (run) => run();
    it(what, (context) => inTurn(async () => {
      const browserContext = await browser.newContext({ viewport: { width: 1200, height: 900 }, permissions, ...options });
      const page = await browserContext.newPage();
      page.setDefaultTimeout(PATIENCE);
      try {
        const troubles = watch(page, site.origin, ...asks());
        await page.goto(site[url] + query + QUIET);
        await whole(page);
        await test(page, context);
        assert.deepEqual(troubles, []);
      } finally {
        await browserContext.close();
      }
    }));
  }

  itDoes("starts one of each family by one button, and shows what each made", {}, async (page) => {
    await page.getByRole("button", { name: "Start one of each" }).click();
    for (const family of ["File import", "Folder update", "Export", "Source-code extract", "CRM import"]) await ended(page, family, "succeeded");
    assert.deepEqual(await factsOf(row(page, "File import").locator(".made")), { Size: "48 kB", Access: "PUBLIC_NOT_INDEXABLE", Path: "/logos/our-logo.svg" });
    const picture = row(page, "File import").locator("img");
    assert.ok(await picture.evaluate((image) => image.complete && image.naturalWidth > 0), "the picture is shown");
    assert.match(await row(page, "File import").getByRole("link").getAttribute("href"), /^http:\/\/127\.0\.0\.1.*\.svg$/);
    assert.deepEqual(await factsOf(row(page, "Folder update").locator(".made")), { Path: "/imported/logos-2026", id: "90151672017" });
    assert.deepEqual(await cellsOf(row(page, "Export").getByRole("table", { name: "The first 5 rows" })), [
      ["Record ID", "email", "firstname", "company"],
      ["1", "zoe@example.com", "Zoë", "Smith, Jones & Co."],
      ["2", "ada@example.com", "Ada", 'Ltd. "Analytical"'],
      ["3", "lin@example.com", "Lin", ""],
      ["4", "max@example.com", "Max", "Example"],
      ["5", "kenji@example.com", "Kenji", "Rei K.K."],
    ]);
    await row(page, "Source-code extract").getByText("Extracted. Such a task has no result.").waitFor();
    assert.deepEqual(await factsOf(row(page, "CRM import").locator(".made")), { TOTAL_ROWS: "4", CREATED_OBJECTS: "4", PROPERTY_VALUES_EMITTED: "8" });
    const polls = await page.locator(".fact-polls dd").allTextContents();
    assert.ok(polls.every((text) => Number(text) >= 2), polls.join());
    assert.deepEqual(await axe(page), []);
  });

  itDoes("shows state, age, polls, next poll and expected end while a task goes", {}, async (page) => {
    await start(page, "export", "long");
    await row(page, "Export").getByText("at work").waitFor();
    const facts = await factsOf(row(page, "Export").locator(".task-facts"));
    assert.equal(facts["HubSpot says"], "PROCESSING");
    assert.match(facts.Age, /^\d+ s$/);
    assert.ok(Number(facts.Polls) >= 1);
    assert.match(facts["Next poll"], /^(?:in \d+ s|now|any moment)$/);
    assert.match(facts["Expected end"], /^in \d+ s, 90 %: \d+/);
    await page.waitForFunction((before) => document.querySelector(".fact-age dd").textContent !== before, facts.Age);
  });

  itDoes("sends the fields that are filled in, and no others", {}, async (page) => {
    await page.getByLabel("Kind of task").selectOption("folderUpdate");
    await page.getByLabel("name", { exact: true }).fill("<b>pictures</b>");
    await page.getByLabel("id needed").press("Enter"); // starts, as its first button does
    await ended(page, "Folder update", "succeeded");
    await row(page, "Folder update").getByText("/imported/<b>pictures</b>").waitFor(); // as text
    assert.equal(await page.locator(".task b").count(), 0);
  });

  itDoes("says what is wrong with what is filled in, and leads there", {}, async (page) => {
    await page.getByLabel("Kind of task").selectOption("export");
    await page.getByText("More fields").click();
    await page.getByLabel("publicCrmSearchRequest").fill("{ no JSON");
    await button(page, "Start").click();
    await page.getByText("publicCrmSearchRequest is no JSON.").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.name), "publicCrmSearchRequest");
    await page.getByLabel("publicCrmSearchRequest").fill('{ "filters": [] }');
    await button(page, "Start").click();
    await ended(page, "Export", "succeeded");

    await page.getByLabel("Kind of task").selectOption("sourceCodeExtract");
    await page.getByLabel("path needed").fill("");
    await button(page, "Start").click();
    await ended(page, "Source-code extract", "not started");
    await row(page, "Source-code extract").getByText("INVALID_ARGUMENT").waitFor();
  });

  itDoes("shows a failed task with category, message and context, and one with errors with its result", {}, async (page) => {
    await start(page, "fileImport", "fails");
    await start(page, "export", "errors");
    await start(page, "import", "errors");
    await ended(page, "File import", "failed");
    const failed = row(page, "File import");
    await failed.getByText("VALIDATION_ERROR").last().waitFor();
    await failed.getByText("The file at the URL could not be fetched: it answered 404").last().waitFor();
    await failed.getByText(/^url: http/).waitFor();
    await ended(page, "Export", "with errors");
    await row(page, "Export").getByText("property: company").waitFor();
    await ended(page, "CRM import", "with errors");
    assert.deepEqual(await cellsOf(row(page, "CRM import").getByRole("table", { name: "Errors" })), [
      ["Category", "Line", "Value"],
      ["INVALID_EMAIL", "4", "lin@example.com"],
      ["INVALID_EMAIL", "5", "max@example.com"],
    ]);
    assert.equal((await factsOf(row(page, "CRM import").locator(".made"))).ERRORS, "2");
    assert.deepEqual(await axe(page), []);
  });

  itDoes("names the scope that is missing, and starts the next one", {}, async (page) => {
    await start(page, "import", "scope");
    await ended(page, "CRM import", "not started");
    await row(page, "CRM import").getByText("The token lacks a scope, one of: crm.import").waitFor();
    await row(page, "CRM import").getByText("MISSING_SCOPES").waitFor();
    await row(page, "CRM import").getByRole("button", { name: "Remove" }).click();
    await page.getByText("None yet.").waitFor();
    await start(page, "import", "succeeds");
    await ended(page, "CRM import", "succeeded");
  });

  itDoes("recovers from faults on the way, and says what they were", {}, async (page) => {
    await start(page, "sourceCodeExtract", "faults");
    const task = row(page, "Source-code extract");
    await task.getByText(/^HTTP: asked once more in \d+ s$/).waitFor();
    await task.getByText(/^NETWORK: asked once more in \d+ s$/).waitFor();
    await task.getByText(/^RATE_LIMITED: pause, asked in \d+ s$/).waitFor();
    await ended(page, "Source-code extract", "succeeded");
  });

  itDoes("ends a wait, goes on with it, and cancels an import at HubSpot", {}, async (page) => {
    await start(page, "import", "long");
    const task = row(page, "CRM import");
    await task.getByText("at work").waitFor();
    await task.getByRole("button", { name: "Stop waiting" }).press("Enter");
    await task.getByText("not waited for").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Wait on", "the focus goes to what undoes it");
    const polls = await task.locator(".fact-polls dd").textContent();
    await page.waitForTimeout(3_000); // longer than any interval of so young a task
    assert.equal(await task.locator(".fact-polls dd").textContent(), polls, "nothing is asked meanwhile");
    await page.keyboard.press("Enter");
    await task.getByText("at work").waitFor();
    await task.getByRole("button", { name: "Cancel at HubSpot" }).click();
    await ended(page, "CRM import", "canceled");
    await task.getByText("CANCELED").first().waitFor();
  });

  itDoes("goes on from a checkpoint after the page was reloaded", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await start(page, "export", "succeeds");
    await row(page, "Export").getByText("at work").or(row(page, "Export").getByText("queued")).waitFor();
    const id = await row(page, "Export").locator(".task-id").textContent();
    await row(page, "Export").getByRole("button", { name: "Copy checkpoint" }).click();
    await row(page, "Export").getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(JSON.parse(copied).taskId, id);
    assert.equal(await row(page, "Export").locator("pre").textContent(), copied);

    await page.reload();
    await whole(page);
    await page.getByText("None yet.").waitFor();
    await choose(page, "Checkpoint");
    await page.getByRole("textbox", { name: "Checkpoint" }).fill(copied);
    await button(page, "Go on").click();
    await ended(page, "Export", "succeeded");
    assert.equal(await row(page, "Export").locator(".task-id").textContent(), id);
    assert.ok(Number(await row(page, "Export").locator(".fact-polls dd").textContent()) > (JSON.parse(copied).polls ?? 0), "polls are counted on");
    assert.match(await code(page), new RegExp(`tasks\\.resume\\(\\{[^]*taskId: "${id}"`));
  });

  itDoes("refuses what is no checkpoint, in its place", {}, async (page) => {
    await choose(page, "Checkpoint");
    const field = page.getByRole("textbox", { name: "Checkpoint" });
    for (const [text, complaint] of [["{", "This is no JSON."], ["{}", /checkpoint/], ['{"version":1,"family":"backup","taskId":"1","apiVersion":"2026-03"}', /family/]]) {
      await field.fill(text);
      await button(page, "Go on").click();
      await page.locator(".way:not([hidden]) .complaint").filter({ hasText: complaint }).waitFor();
    }
    await page.getByText("None yet.").waitFor();
  });

  itDoes("waits for a task whose id is entered, and says when there is none", {}, async (page) => {
    await choose(page, "Id");
    await button(page, "Wait for it").click(); // the one that is there from the beginning
    await row(page, "Export").getByText("90151673").waitFor();
    await row(page, "Export").getByText(/^(?:queued|at work)$/).waitFor();
    await page.getByLabel("Kind of task").selectOption("fileImport");
    await page.getByRole("textbox", { name: "Its id" }).fill("nowhere");
    await button(page, "Wait for it").click();
    await ended(page, "File import", "polling ended");
    await row(page, "File import").getByText("NOT_FOUND").waitFor();
    await row(page, "File import").getByRole("button", { name: "Wait on" }).waitFor();
  });

  itDoes("counts an export's five minutes, gets a new URL, and saves the file", {}, async (page) => {
    await start(page, "export", "succeeds");
    await ended(page, "Export", "succeeded");
    const lives = row(page, "Export").getByText(/^The file’s URL lives for another (?:5:00|4:\d\d)\.$/);
    await lives.waitFor();
    await page.waitForFunction(() => /4:5[0-8]/.test(document.querySelector(".exported").textContent));
    await row(page, "Export").getByRole("button", { name: "New URL" }).click();
    await page.waitForFunction(() => /5:00|4:59/.test(document.querySelector(".exported").textContent));
    const [download] = await Promise.all([page.waitForEvent("download"), row(page, "Export").getByRole("button", { name: "Save file" }).click()]);
    assert.equal(download.suggestedFilename(), "contacts.csv");
    const bytes = await new Response(await download.createReadStream()).text();
    assert.match(bytes, /^"Record ID","email","firstname","company"\n"1","zoe@example\.com"/);
  });

  itDoes("can be used by the keyboard alone", {}, async (page) => {
    await page.getByLabel("Theme").focus();
    await tabTo(page, (node) => node.type === "radio" && node.value === "simulator");
    await tabTo(page, (node) => node.type === "radio" && node.value === "start");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.value), "id");
    await page.keyboard.press("ArrowLeft");
    await tabTo(page, (node) => node.name === "family");
    await page.keyboard.press("ArrowDown"); // a source-code extract
    await tabTo(page, (node) => node.textContent === "Start");
    await page.keyboard.press("Enter");
    await row(page, "Source-code extract").getByText(/^(?:queued|at work)$/).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Start", "the focus stays");
    await tabTo(page, (node) => node.textContent === "×");
    await page.keyboard.press("Space");
    await page.getByText("None yet.").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Tasks", "the focus is not lost");
  });

  itDoes("tells those who do not see it what begins and what ends, together", {}, async (page) => {
    await page.evaluate(() => {
      globalThis.news = [];
      const node = document.querySelector(".tasks [aria-live]");
      new MutationObserver(() => globalThis.news.push(node.textContent)).observe(node, { childList: true, characterData: true, subtree: true });
    });
    await page.getByRole("button", { name: "Start one of each" }).click();
    for (const family of ["File import", "Folder update", "Export", "Source-code extract", "CRM import"]) await ended(page, family, "succeeded");
    await page.waitForFunction(() => globalThis.news.join(" ").split("succeeded.").length === 6);
    const news = await page.evaluate(() => globalThis.news);
    assert.ok(news.length <= 6, news.join("\n"));
    assert.equal(news[0].split("started.").length, 6, news[0]);
  });

  for (const form of ["ES module", "CommonJS", "React", "UI extension"]) {
    itDoes(`copies the code of what it does, for ${form}`, { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await choose(page, form);
      await page.getByLabel("Kind of task").selectOption("folderUpdate");
      await page.getByLabel("name", { exact: true }).fill('pictures of "2026"');
      await page.locator(".code-panel pre").filter({ hasText: 'pictures of \\"2026\\"' }).waitFor();
      await page.getByRole("button", { name: "Copy code" }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal(copied, await code(page));
      assert.match(copied, /tasks\.folderUpdates\.start\(/);
    });
  }

  for (const language of Object.keys(LANGUAGES)) {
    for (const [width, colorScheme] of language === "en" ? LOOKS : LOOKS.slice(0, 1)) {
      itDoes(`is whole and accessible in ${language} at ${width} px, ${colorScheme}`, { query: `?lang=${language}`, viewport: { width, height: 900 }, colorScheme }, async (page) => {
        assert.equal(await page.evaluate(() => document.documentElement.lang), language);
        await button(page, LANGUAGES[language]).waitFor();
        await page.locator("[name=scenario]").selectOption("errors");
        await page.locator(".way:not([hidden]) button").nth(1).click();
        await page.locator(".task[data-state=working]").first().waitFor();
        await page.locator(".tasks summary").click();
        assert.deepEqual(await cutOff(page), []);
        for (const name of FAMILIES) {
          await page.locator("[name=family]").selectOption(name);
          assert.deepEqual(await cutOff(page), [], name);
        }
        await page.locator("input[value=server]").check();
        await page.locator(".server input[type=text]").fill("http://localhost:3000");
        await page.locator(".task[data-state=succeededWithErrors]").nth(3).waitFor();
        assert.deepEqual(await cutOff(page), []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, "wider than its window");
        const holes = await page.evaluate(() => document.body.innerText.match(/\{\w+\}/g));
        assert.deepEqual((holes ?? []).filter((hole) => hole !== "{id}"), [], "all words are filled in");
        assert.deepEqual(await axe(page), []);
      });
    }
  }

  for (const query of ["?js", ""]) {
    itDoes(`starts tasks without WebAssembly under script-src 'self', ${query ? "when asked to" : "by itself"}`, { query, url: "strictUrl" }, async (page) => {
      await page.getByRole("button", { name: "Start one of each" }).click();
      await ended(page, "Export", "succeeded");
      await row(page, "Export").getByRole("table").waitFor();
      const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
      assert.ok(loaded.some((name) => /\/js-[\w-]+\.js$/.test(name)), "the entry /js was loaded");
    });
  }

  describe("with a proxy on this machine", { concurrency: 1 }, () => {
    const TOKEN = "a-token-that-nobody-may-see";
    let proxy, simulator;

    before(async () => {
      simulator = createSimulator({ tokens: [TOKEN], startedTask: { pendingMs: 500, processingMs: 1_500, file: { rows: 3 } }, downloads: {} });
      proxy = await serveProxy(simulator, site.origin, TOKEN);
    });
    after(() => proxy?.close());

    itDoes("starts a task, waits for it and shows it, without a token", { url: "openUrl", asks: () => [proxy.origin] }, async (page) => {
      await toServer(page, `${proxy.origin}/hubspot`);
      assert.equal(await page.getByLabel("How it will go").isVisible(), false, "nobody can tell HubSpot how a task goes");
      await page.getByLabel("Kind of task").selectOption("folderUpdate");
      await button(page, "Start").click();
      await ended(page, "Folder update", "succeeded");
      assert.equal(simulator.starts.length, 1);
      assert.equal(simulator.starts[0].request.name, "logos-2026");
      assert.match(await code(page), /baseUrl: "http:\/\/127\.0\.0\.1:\d+\/hubspot"/);
    });

    itDoes("goes on after the page was reloaded", { url: "openUrl", asks: () => [proxy.origin], permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await toServer(page, `${proxy.origin}/hubspot`);
      await button(page, "Start").click();
      await row(page, "Export").getByRole("button", { name: "Copy checkpoint" }).click();
      await row(page, "Export").getByRole("button", { name: "Copied" }).waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      await page.reload();
      await whole(page);
      await toServer(page, `${proxy.origin}/hubspot`);
      await choose(page, "Checkpoint");
      await page.getByRole("textbox", { name: "Checkpoint" }).fill(copied);
      await button(page, "Go on").click();
      await ended(page, "Export", "succeeded");
      await row(page, "Export").getByRole("button", { name: "Show rows" }).waitFor();
      assert.match(await row(page, "Export").getByRole("link", { name: "Open" }).getAttribute("href"), /^https:\/\/exports\.hubspot\.example\//);
    });

    itDoes("leaves a token in its field: it is nowhere else on the page, in its address or its storage", { url: "openUrl", asks: () => [proxy.origin], permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await toServer(page, `${proxy.origin}/hubspot`);
      await page.getByLabel("Token").fill("typed-in-by-somebody");
      const seen = [];
      page.on("request", (request) => seen.push(request.headers().authorization));
      await button(page, "Start").click();
      await row(page, "Export").getByRole("button", { name: "Copy checkpoint" }).click();
      await row(page, "Export").getByRole("button", { name: "Copied" }).waitFor();
      assert.ok(seen.includes("Bearer typed-in-by-somebody"), "it goes to the server");
      await ended(page, "Export", "succeeded");
      const kept = await page.evaluate(async () => [document.documentElement.outerHTML, location.href, JSON.stringify([localStorage, sessionStorage]), await navigator.clipboard.readText()].join());
      assert.ok(!kept.includes("typed-in"));
    });

    itDoes("says why the address cannot be asked, before anything is sent", { url: "openUrl" }, async (page) => {
      await page.locator("input[value=server]").check();
      await page.getByText("A page cannot ask HubSpot itself").waitFor();
      const address = page.getByLabel("Base URL of your proxy");
      for (const [text, complaint] of [["", "Give an address such as"], ["javascript:alert(1)", "Give an address such as"], ["https://api.hubapi.com", "HubSpot’s API answers no page."], ["http://proxy.example", "Only https, or http at"]]) {
        await address.fill(text);
        assert.equal(await page.getByLabel("Token").isVisible(), false);
        await button(page, "Start").click();
        await page.getByText(complaint).waitFor();
      }
      await page.getByText("None yet.").waitFor();
      await address.fill("http://localhost:3000");
      await page.getByLabel("Token").waitFor();
    });
  });
});

/** The package's proxy before a simulated HubSpot, which both stand in this process. */
async function serveProxy({ fetch }, origin, token) {
  const handler = toNodeHandler(
    createProxy({ token, authorize: () => true, families: FAMILIES, allow: ["start", "details", "download"], path: "/hubspot", origins: [origin], fetch }),
  );
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const button = (page, name) => page.locator(".way:not([hidden])").getByRole("button", { name, exact: true });
const choose = (page, name) => page.getByRole("radio", { name, exact: true }).check();
const row = (page, family) => page.getByRole("article", { name: new RegExp(`^${family}`) });
const ended = (page, family, state) => row(page, family).locator(".badge").getByText(state, { exact: true }).waitFor();
const code = (page) => page.locator(".code-panel pre").textContent();

async function start(page, family, scenario) {
  await page.locator("[name=family]").selectOption(family);
  await page.locator("[name=scenario]").selectOption(scenario);
  await button(page, "Start").click();
}

async function toServer(page, address) {
  await page.locator("input[value=server]").check();
  await page.getByLabel("Base URL of your proxy").fill(address);
}

/** What a list of facts says, by name. */
const factsOf = (list) =>
  list.evaluate((node) => Object.fromEntries([...node.querySelectorAll("dt")].map((name) => [name.textContent, name.nextElementSibling.textContent])));

const cellsOf = (table) => table.evaluate((node) => [...node.rows].map((row) => [...row.cells].map((cell) => cell.textContent)));

/** Goes on by the tabulator key until there. */
async function tabTo(page, isThere) {
  for (let presses = 0; presses < 60; presses++) {
    if (await page.evaluate(`(${isThere})(document.activeElement)`)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tabulator key does not lead there: ${isThere}`);
}
