// The pure parts of the demo page's tasks panel, in Node: requests, addresses, states, the account that outlives a reload, words.
// Run: node --test tests/demo-tasks.test.mjs
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { load } from "./demo-page/world.mjs";

const { FAMILIES, FIELDS, SCENARIOS, TASK_WORDS, CODE_WORDS, askedFor, contextText, createAccount, duration, firstFilled, fits, httpUrl, literal, playOf, refusalOf, stateOf, takesToken, wordOf } =
  await load(
    "panels/tasks/families.ts",
    "panels/tasks/scenarios.ts",
    "panels/tasks/account.ts",
    "panels/tasks/state.ts",
    "panels/tasks/times.ts",
    "panels/tasks/parts.ts",
    "panels/tasks/problem.ts",
    "panels/tasks/words.ts",
    "panels/code/words.ts",
    "panels/code/literal.ts",
    "panels/connection.ts",
  );

/** How a task ends, by how it is chosen to go. */
const OUTCOMES = { succeeds: "succeeded", errors: "succeededWithErrors", fails: "failed", canceled: "canceled", scope: "succeeded", faults: "succeeded", long: "succeeded" };

const PICTURE = "https://example.com/logo.svg";

describe("a form's fields", () => {
  test("become the request, without those that are empty", () => {
    assert.deepEqual(askedFor("fileImport", firstFilled("fileImport", PICTURE)), {
      request: { url: PICTURE, access: "PUBLIC_NOT_INDEXABLE", folderPath: "/logos", name: "our-logo" },
    });
    const filled = { exportType: "LIST", objectProperties: " email ,, company ", publicCrmSearchRequest: '{"filters":[]}', listId: " 5 " };
    assert.deepEqual(askedFor("export", filled).request, { exportType: "LIST", objectProperties: ["email", "company"], publicCrmSearchRequest: { filters: [] }, listId: "5" });
    assert.deepEqual(askedFor("fileImport", { overwrite: "true" }).request, { overwrite: true });
  });

  test("of an import make its columns of the file's header", () => {
    const { request, csv } = askedFor("import", { name: "people", importOperations: "CREATE", files: "Email, First name\na@example.com,A\n" });
    assert.equal(csv, "Email, First name\na@example.com,A\n");
    assert.deepEqual(request.importOperations, { "0-1": "CREATE" });
    assert.deepEqual(request.files[0].fileImportPage.columnMappings.map(({ columnName, propertyName }) => [columnName, propertyName]), [["Email", "email"], ["First name", "first_name"]]);
  });

  test("throw where JSON is none", () => {
    assert.throws(() => askedFor("export", { publicCrmSearchRequest: "{" }), SyntaxError);
  });
});

describe("an address", () => {
  const PAGE = "https://pages.example/docs/";
  const refusals = {
    "https://app.example.com/hubspot": undefined,
    "/hubspot": undefined,
    "../hubspot": undefined,
    "http://localhost:3000": undefined,
    "http://127.0.0.1:3000/hubspot": undefined,
    "": "bad",
    "hubspot": "bad",
    "javascript:alert(1)": "bad",
    "data:text/html,x": "bad",
    "https://user:word@app.example.com": "bad",
    "https://app.example.com?a=1": "bad",
    "https://app.example.com#a": "bad",
    "https://api.hubapi.com": "hubspot",
    "https://API.HUBAPI.COM/crm": "hubspot",
    "http://app.example.com": "insecure",
    "http://[::1]:3000": "insecure",
    "//app.example.com": undefined,
  };
  for (const [address, refusal] of Object.entries(refusals)) {
    test(`"${address}" is ${refusal ?? "asked"}`, () => assert.equal(refusalOf(address, PAGE), refusal));
  }

  test("of the page's own server is asked over http, too", () => {
    assert.equal(refusalOf("http://intranet.example/hubspot", "http://intranet.example/demo/"), undefined);
  });

  test("takes a token on this machine alone", () => {
    for (const address of ["http://localhost:3000", "http://127.0.0.1", "http://127.9.9.9/x", "http://[::1]:1"]) assert.equal(takesToken(address), true, address);
    for (const address of ["https://app.example.com", "http://localhost.example.com", "http://127.0.0.1.example.com", "/hubspot", ""]) assert.equal(takesToken(address), false, address);
  });
});

describe("how a task stands", () => {
  const snapshot = (more) => ({ outcome: "running", phase: "waiting", polls: 1, ...more });
  const cases = [
    [snapshot({}), "asked"],
    [snapshot({ status: { status: "PENDING" } }), "waiting"],
    [snapshot({ status: { state: "DEFERRED" } }), "waiting"],
    [snapshot({ status: { status: "PROCESSING" } }), "working"],
    [snapshot({ phase: "idle", status: { status: "PROCESSING" } }), "stopped"],
    [snapshot({ phase: "over", error: new Error("no") }), "broken"],
    [snapshot({ outcome: "failed", phase: "over", error: new Error("no") }), "failed"],
    [snapshot({ outcome: "succeededWithErrors", phase: "over" }), "succeededWithErrors"],
  ];
  for (const [given, state] of cases) test(`is ${state}`, () => assert.equal(stateOf(given), state));

  test("is HubSpot's word, of whichever field", () => {
    assert.equal(wordOf({ state: "DONE" }), "DONE");
    assert.equal(wordOf({ status: 5 }), undefined);
    assert.equal(wordOf(undefined), undefined);
  });
});

describe("the simulated account", () => {
  const asked = (family) => askedFor(family, firstFilled(family, PICTURE));
  const paths = { export: "/crm/exports/2026-03/export/async/tasks/", import: "/crm/imports/2026-03/" };
  const storage = () => {
    const kept = new Map();
    return { getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => kept.set(name, text) };
  };
  const answer = async (coming) => {
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    mock.timers.tick(150); // its latency
    return (await coming).json();
  };
  const status = (account, family, id) => answer(account.fetch(`${paths[family]}${id}${family === "export" ? "/status" : ""}`));

  beforeEach(() => mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1_000_000_000_000 }));
  afterEach(() => mock.timers.reset());

  async function started(account, scenario) {
    account.expect("export", scenario, asked("export"));
    const body = JSON.stringify(asked("export").request);
    const { id } = await answer(account.fetch("/crm/exports/2026-03/export/async", { method: "POST", headers: { "content-type": "application/json" }, body }));
    account.started("export", id);
    return id;
  }

  test("goes on while the page is reloaded: a task is as old as it is", async () => {
    const keep = storage();
    const id = await started(createAccount(keep, () => 0.5), "succeeds"); // 2 s queued, 6 s at work
    mock.timers.tick(1_000);
    assert.equal((await status(createAccount(keep, () => 0.5), "export", id)).status, "PENDING");
    mock.timers.tick(2_000);
    const seen = await status(createAccount(keep, () => 0.5), "export", id);
    assert.equal(seen.status, "PROCESSING");
    assert.equal(Date.parse(seen.startedAt) - Date.parse(seen.requestedAt), 2_000);
    mock.timers.tick(6_000);
    const over = await status(createAccount(keep, () => 0.5), "export", id);
    assert.equal(over.status, "COMPLETE");
    assert.match(over.result, /contacts\.csv/);
  });

  test("keeps what was canceled canceled", async () => {
    const keep = storage();
    const first = createAccount(keep, () => 0.5);
    const id = await started(first, "long");
    mock.timers.tick(4_000);
    first.canceled("export", id);
    mock.timers.tick(1_000);
    assert.equal((await status(createAccount(keep, () => 0.5), "export", id)).status, "CANCELED");
  });

  test("is another one where nothing can be kept, or where what was kept makes no sense", async () => {
    const full = { getItem: () => null, setItem: () => { throw new Error("full"); } };
    const strange = { getItem: () => '[{"family":"backup"},5,null]', setItem: () => undefined };
    for (const keep of [full, strange, { getItem: () => "{", setItem: () => undefined }]) {
      assert.equal((await status(createAccount(keep, () => 0.5), "export", "90151673")).status, "PENDING");
    }
  });

  test("refuses the one start whose token lacks a scope, and no other", async () => {
    const account = createAccount(storage(), () => 0.5);
    const post = () => answer(account.fetch("/crm/exports/2026-03/export/async", { method: "POST", headers: { "content-type": "application/json" }, body: '{"exportType":"VIEW"}' }));
    const takeBack = account.expect("export", "scope", asked("export"));
    takeBack(); // nothing was sent
    assert.ok((await post()).id);
    account.expect("export", "scope", asked("export"));
    assert.equal((await post()).category, "MISSING_SCOPES");
    assert.ok((await post()).id);
  });

  for (const family of FAMILIES) {
    test(`can play each way that a task of ${family} can go`, () => {
      for (const scenario of SCENARIOS.filter((scenario) => fits(scenario, family))) {
        const played = playOf(scenario, family, asked(family), () => 0.5);
        assert.equal(played.outcome, OUTCOMES[scenario], scenario);
        assert.deepEqual(JSON.parse(JSON.stringify(played)), played, "it can be kept");
        assert.equal("errors" in played, ["errors", "fails"].includes(scenario), scenario);
      }
    });
  }
});

describe("what is shown", () => {
  const say = (key, { seconds } = {}) => `${seconds} s`;

  test("are seconds, then minutes", () => {
    assert.deepEqual([0, 1, 999, 1_001, 89_000, 90_000, 300_000, 299_001].map((ms) => duration({ say }, ms)), ["0 s", "1 s", "1 s", "2 s", "89 s", "1:30", "5:00", "5:00"]);
  });

  test("links to nothing but http(s)", () => {
    assert.equal(httpUrl("https://example.com/a b"), "https://example.com/a%20b");
    for (const text of ["javascript:alert(1)", "data:text/html,x", "blob:https://example.com/1", "file:///etc", "/path", "", undefined, 5]) assert.equal(httpUrl(text), undefined);
  });

  test("has an error's context in one line, whatever its form", () => {
    assert.equal(contextText({ id: ["1", "2"], name: ["a"] }), "id: 1, 2; name: a");
    assert.equal(contextText("whole"), "whole");
    assert.equal(contextText(null), "");
    assert.equal(contextText({ id: "1" }), "id: 1");
  });

  test("writes values as JavaScript does, and texts so that they end nothing", () => {
    assert.equal(literal({ a: "x", "b-c": [1, null, true] }), '{ a: "x", "b-c": [1, null, true] }');
    assert.deepEqual(new Function(`return ${literal({ text: '"\\\n`${x}' , deep: [{ long: "y".repeat(120) }] })}`)(), { text: '"\\\n`${x}', deep: [{ long: "y".repeat(120) }] });
  });
});

for (const [panel, tables] of Object.entries({ tasks: TASK_WORDS, code: CODE_WORDS })) {
  describe(`the words of the panel ${panel}`, () => {
    const holes = (text) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
    for (const [language, loadWords] of Object.entries(tables)) {
      test(`are complete in ${language}, with the same holes`, async () => {
        const [english, words] = await Promise.all([tables.en(), loadWords()]);
        assert.deepEqual(Object.keys(words), Object.keys(english));
        for (const [key, text] of Object.entries(words)) {
          assert.ok(text.trim() === text && text !== "", `${key} is blank, or has blanks around it`);
          assert.deepEqual(holes(text), holes(english[key]), key);
        }
      });
    }
  });
}

test("each field of each family has its meaning in words", async () => {
  const words = await TASK_WORDS.en();
  for (const [family, fields] of Object.entries(FIELDS)) for (const name of Object.keys(fields)) assert.ok(words[`task.field.${family}.${name}`], `${family}.${name}`);
});
