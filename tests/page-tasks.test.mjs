// Tests of the demo page's panels for tasks and code, as it ships, in a real Chromium; against its own simulated account and
// against a proxy on this machine. Run: node --test tests/page-tasks.test.mjs
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe } from "node:test";
import { createProxy, toNodeHandler } from "../pkg/proxy.js";
import { createSimulator, createVirtualClock } from "../pkg/simulator.node.js";
import { axe, cutOff, whole } from "./demo-page/checks.mjs";
import { demoPage } from "./demo-page/pages.mjs";

const LANGUAGES = { en: "Start", ja: "開始", es: "Iniciar", fr: "Lancer", de: "Starten" };
const FAMILIES = ["fileImport", "folderUpdate", "export", "sourceCodeExtract", "import"];

/** The smallest is where words do not fit. */
const LOOKS = [[360, "light"], [360, "dark"], [768, "dark"], [1440, "light"]];

/** One task in the lanes: the panels run by themselves. */
const QUIET = "#tasks=1";

const demo = demoPage();

/** The pages of a browser share one clipboard: who uses it has it alone. */
const CLIPBOARD = ["clipboard-read", "clipboard-write"];
let clipboard = Promise.resolve();
function withClipboard(test) {
  const done = clipboard.then(test);
  clipboard = done.catch(() => undefined); // it fails its own test
  return done;
}

/** A test of the page with little in its lanes. */
const itDoes = (what, { query = "", ...options }, test) =>
  demo.itShows(what, { path: query + QUIET, ...(options.permissions === CLIPBOARD && { inTurn: withClipboard }), ...options }, test);

describe("the demo page's tasks", { concurrency: 3 }, () => {
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
    await page.getByLabel("Kind of task").press("ArrowUp"); // from an export to a folder update
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

  itDoes("shows a task with errors with its result, beside a failed one", {}, async (page) => {
    await start(page, "fileImport", "fails");
    await start(page, "export", "errors");
    await start(page, "import", "errors");
    await ended(page, "File import", "failed");
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
    itDoes(`copies the code of what it does, for ${form}`, { permissions: CLIPBOARD }, async (page) => {
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
        for (const made of ["img", "table"]) await page.locator(`.task .made ${made}`).first().waitFor();
        assert.deepEqual(await cutOff(page), []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, "wider than its window");
        const holes = await page.evaluate(() => document.body.innerText.match(/\{\w+\}/g));
        assert.deepEqual((holes ?? []).filter((hole) => hole !== "{id}"), [], "all words are filled in");
        assert.deepEqual(await axe(page), []);
      });
    }
  }

  describe("with a proxy on this machine", { concurrency: 1 }, () => {
    const TOKEN = "a-token-that-nobody-may-see";
    let proxy, simulator, clock;

    before(async () => {
      clock = createVirtualClock({ startMs: Date.now() }); // a task is over when its test says so
      simulator = createSimulator({ clock, tokens: [TOKEN], startedTask: { pendingMs: 500, processingMs: 1_500, file: { rows: 3 } }, downloads: {} });
      proxy = await serveProxy(simulator, demo.site.origin, TOKEN);
    });
    after(() => proxy?.close());

    itDoes("starts a task, waits for it and shows it, without a token", { at: "openUrl", asks: () => [proxy.origin] }, async (page) => {
      await toServer(page, `${proxy.origin}/hubspot`);
      assert.equal(await page.getByLabel("How it will go").isVisible(), false, "nobody can tell HubSpot how a task goes");
      await page.getByLabel("Kind of task").selectOption("folderUpdate");
      await button(page, "Start").click();
      await row(page, "Folder update").getByText("queued").waitFor();
      await clock.advance(2_000);
      await ended(page, "Folder update", "succeeded");
      assert.equal(simulator.starts.length, 1);
      assert.equal(simulator.starts[0].request.name, "logos-2026");
      assert.match(await code(page), /baseUrl: "http:\/\/127\.0\.0\.1:\d+\/hubspot"/);
    });

    itDoes("goes on after the page was reloaded", { at: "openUrl", asks: () => [proxy.origin], permissions: CLIPBOARD }, async (page) => {
      await toServer(page, `${proxy.origin}/hubspot`);
      await button(page, "Start").click();
      await row(page, "Export").getByText("queued").waitFor();
      await row(page, "Export").getByRole("button", { name: "Copy checkpoint" }).click();
      await row(page, "Export").getByRole("button", { name: "Copied" }).waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal(copied, await row(page, "Export").locator("pre").textContent());
      assert.equal(JSON.parse(copied).taskId, await row(page, "Export").locator(".task-id").textContent());
      await page.reload();
      await whole(page);
      await toServer(page, `${proxy.origin}/hubspot`);
      await choose(page, "Checkpoint");
      await page.getByRole("textbox", { name: "Checkpoint" }).fill(copied);
      await button(page, "Go on").click();
      await clock.advance(2_000);
      await ended(page, "Export", "succeeded");
      await row(page, "Export").getByRole("button", { name: "Show rows" }).waitFor();
      assert.match(await row(page, "Export").getByRole("link", { name: "Open" }).getAttribute("href"), /^https:\/\/exports\.hubspot\.example\//);
    });

    itDoes("leaves a token in its field: it is nowhere else on the page, in its address or its storage", { at: "openUrl", asks: () => [proxy.origin], permissions: CLIPBOARD }, async (page) => {
      await toServer(page, `${proxy.origin}/hubspot`);
      await page.getByLabel("Token").fill("typed-in-by-somebody");
      const seen = [];
      page.on("request", (request) => seen.push(request.headers().authorization));
      await button(page, "Start").click();
      await row(page, "Export").getByText("queued").waitFor();
      await row(page, "Export").getByRole("button", { name: "Copy checkpoint" }).click();
      await row(page, "Export").getByRole("button", { name: "Copied" }).waitFor();
      assert.ok(seen.includes("Bearer typed-in-by-somebody"), "it goes to the server");
      await clock.advance(2_000);
      await ended(page, "Export", "succeeded");
      const kept = await page.evaluate(async () => [document.documentElement.outerHTML, location.href, JSON.stringify([localStorage, sessionStorage]), await navigator.clipboard.readText()].join());
      assert.ok(!kept.includes("typed-in"));
    });

    itDoes("says why the address cannot be asked, before anything is sent", { at: "openUrl" }, async (page) => {
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
