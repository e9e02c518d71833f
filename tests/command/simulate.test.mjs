// `simulate`: HubSpot's fake for tests in any language; and `proxy`, which keeps to this machine.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { describe, test } from "node:test";
import { TOKEN, folder, hubspot, pause, run, shell, start } from "./support.mjs";

/** A server that runs while `act` does; its address is the first line that it printed. */
async function served(args, options, act) {
  const server = start(args, options);
  await server.until(/^\S+\n/);
  const [url] = server.stdout.split("\n");
  try {
    return await act(url, server);
  } finally {
    server.child.kill("SIGINT");
    assert.equal(await server.ended, 130);
  }
}

/** A request whose Host header is as given. */
const asked = (url, { host, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const { body, headers, ...rest } = options;
    const sent = request(url, { ...rest, headers: { ...headers, ...(host && { host }) } }, async (response) => {
      let text = "";
      for await (const part of response.setEncoding("utf8")) text += part;
      resolve({ status: response.statusCode, headers: response.headers, text });
    });
    sent.on("error", reject);
    sent.end(body);
  });

const EXPORTS = "/crm/exports/2026-03/export/async";

const PYTHON = `
import json, sys, time, urllib.request
base = sys.argv[1]
def ask(path, body=None):
    request = urllib.request.Request(base + path, body and json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)
task = ask("${EXPORTS}", {"exportType": "VIEW", "format": "CSV", "exportName": "from Python", "objectProperties": ["email"]})
while True:
    status = ask("${EXPORTS}/tasks/" + task["id"] + "/status")
    if status["status"] == "COMPLETE":
        break
    time.sleep(0.05)
with urllib.request.urlopen(status["result"]) as response:
    print(response.read().decode().splitlines()[0])
`;

describe("simulate", { concurrency: 4 }, () => {
  test("serves a program in Python from start to file", () =>
    served(["simulate", "--pending", "50ms", "--processing", "100ms"], {}, async (url) => {
      const cwd = folder();
      writeFileSync(join(cwd, "export.py"), PYTHON);
      const { status, stdout, stderr } = await shell(`python3 export.py ${url}`, { cwd });
      assert.deepEqual([status, stdout], [0, '"email"\n'], stderr);
    }));

  test("serves curl, and lists its tasks as JSON", () =>
    served(["simulate", "--task", "export:90151673", "--pending", "0", "--processing", "1h", "--quiet"], {}, async (url, server) => {
      const status = await shell(`curl --silent --fail ${url}${EXPORTS}/tasks/90151673/status`);
      assert.equal(JSON.parse(status.stdout).status, "PROCESSING");
      const [task, ...others] = JSON.parse((await shell(`curl --silent ${url}/tasks.json`)).stdout);
      assert.deepEqual([task.family, task.id, task.state, task.requests, others], ["export", "90151673", "PROCESSING", 1, []]);
      assert.equal(server.stderr, "");
    }));

  test("shows its tasks on a page on which nothing runs, whatever they are called", () =>
    served(["simulate", "--processing", "1h"], {}, async (url) => {
      const name = `<script>alert("x")</script><img src=x onerror='alert(1)'>&amp;`;
      const body = JSON.stringify({ exportType: "VIEW", exportName: name });
      await asked(url + EXPORTS, { method: "POST", headers: { "content-type": "application/json" }, body });
      const { status, headers, text } = await asked(`${url}/`);
      assert.equal(status, 200);
      assert.match(text, /<td>&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt;&lt;img src=x onerror=&#39;alert\(1\)&#39;&gt;&amp;amp;<\/td>/);
      assert.doesNotMatch(text, /<script|<img/);
      assert.match(headers["content-security-policy"], /^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/);
      assert.match(text, /<meta http-equiv="refresh" content="2">/);
    }));

  test("fails as it is told, call by call", () =>
    served(["simulate", "--fault", "start:unavailable", "--fault", "status:bad-gateway*2", "--task", "export:7"], {}, async (url) => {
      const started = await asked(url + EXPORTS, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
      const statuses = [];
      for (let time = 0; time < 3; time++) statuses.push((await asked(`${url}${EXPORTS}/tasks/7/status`)).status);
      assert.deepEqual([started.status, statuses], [503, [502, 502, 202]]);
    }));

  test("is found by the name that it is asked by, as another container has it", () =>
    served(["simulate", "--pending", "0", "--processing", "0", "--task", "export:7"], {}, async (url) => {
      const { text } = await asked(`${url}${EXPORTS}/tasks/7/status`, { host: "hubspot:8910" });
      assert.match(JSON.parse(text).result, /^http:\/\/hubspot:8910\/exports\/7\//);
    }));

  test("has limits, and takes the token of a file alone", async () => {
    const cwd = folder();
    writeFileSync(join(cwd, "token"), `${TOKEN}\n`);
    await served(["simulate", "--rate-limit", "2/1h", "--token-file", "token", "--task", "export:7"], { cwd }, async (url) => {
      const status = (headers) => asked(`${url}${EXPORTS}/tasks/7/status`, { headers }).then(({ status }) => status);
      const authorization = `Bearer ${TOKEN}`;
      assert.deepEqual([await status({}), await status({ authorization }), await status({ authorization })], [401, 202, 429]);
    });
  });

  test("says that its port is taken, and ends with 6", () =>
    served(["simulate"], {}, async (url) => {
      const { status, stderr } = await run(["simulate", "--port", new URL(url).port]);
      assert.equal(status, 6);
      assert.match(stderr, /cannot listen: .*EADDRINUSE/);
    }));
});

describe("proxy", { concurrency: 4 }, () => {
  test("adds the token for a client on this machine, which has none", async () => {
    const { url, simulator } = await hubspot();
    simulator.addTask("export", { id: 7 });
    await served(["proxy", "--path", "/hubspot"], { url }, async (proxied) => {
      assert.match(proxied, /^http:\/\/127\.0\.0\.1:\d+\/hubspot$/);
      const { status, stdout } = await run(["wait", "export", "7", "--json"], { url: proxied, env: { HUBSPOT_TOKEN: "" } });
      assert.deepEqual([status, JSON.parse(stdout).outcome], [0, "succeeded"]);
      // What is not allowed is not passed.
      const started = await run(["start", "export", "--list-id", "5"], { url: proxied, env: { HUBSPOT_TOKEN: "" } });
      assert.equal(started.status, 6);
      assert.equal(simulator.starts.length, 0);
    });
    await served(["proxy", "--allow", "start"], { url }, async (proxied) => {
      assert.equal((await run(["start", "export", "--list-id", "5"], { url: proxied, env: { HUBSPOT_TOKEN: "" } })).status, 0);
    });
  });

  test("refuses a page whose host's name leads to this machine, and pages of other origins", async () => {
    const { url, simulator } = await hubspot();
    simulator.addTask("export", { id: 7 });
    await served(["proxy", "--origins", "http://localhost:5173"], { url }, async (proxied) => {
      const status = `${proxied}${EXPORTS}/tasks/7/status`;
      const { port } = new URL(proxied);
      for (const host of [`evil.example:${port}`, `127.0.0.1.evil.example:${port}`, "evil.example"]) {
        assert.equal((await asked(status, { host })).status, 403, host);
      }
      assert.equal((await asked(status, { headers: { origin: "https://evil.example" } })).status, 403);
      assert.equal(simulator.requests.length, 0);
      const page = await asked(status, { headers: { origin: "http://localhost:5173" } });
      assert.deepEqual([page.status, page.headers["access-control-allow-origin"]], [200, "http://localhost:5173"]);
    });
  });

  test("listens on this machine alone", async () => {
    const { url } = await hubspot();
    for (const host of ["0.0.0.0", "::", "192.168.0.1", "example.com"]) assert.equal((await run(["proxy", "--host", host], { url })).status, 2, host);
    await served(["proxy"], { url }, async (proxied) => {
      const { port } = new URL(proxied);
      // Of all addresses on which something listens at that port there is this one.
      const { stdout } = await shell(`node -e 'const fs=require("fs");for(const f of ["/proc/net/tcp","/proc/net/tcp6"])for(const l of fs.readFileSync(f,"latin1").split("\\n")){const [,a,,s]=l.trim().split(/ +/);if(s==="0A"&&a.endsWith(":"+(${port}).toString(16).toUpperCase().padStart(4,"0")))console.log(a.split(":")[0])}'`);
      assert.equal(stdout, "0100007F\n");
    });
  });
});

test("no argument of a running command has the token", async () => {
  const { url } = await hubspot({ startedTask: { processingMs: Infinity } });
  const waiting = start(["run", "export", "--list-id", "5"], { url });
  await waiting.until("started");
  await pause(50);
  const { stdout } = await shell(`tr '\\0' ' ' < /proc/${waiting.child.pid}/cmdline`);
  assert.match(stdout, /hubspot-async-tasks run export/);
  waiting.child.kill("SIGINT");
  await waiting.ended;
});
