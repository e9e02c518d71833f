// The hook on a page, with React 18 and 19: what is drawn, and what is asked for it.
import assert from "node:assert/strict";
import { answer, assertError, complete, deferred, hang, inTurn, processing, setUp, setUpSimulator, test, turns } from "../package/support.mjs";
import { VERSIONS, openPage, stage } from "./stage.mjs";

const { document } = openPage();

for (const version of VERSIONS) {
  const { React, act, dom, hook } = stage(version);
  const { createElement: h, StrictMode } = React;
  const { useTask } = hook;
  const on = (name, run) => test(`React ${version}: ${name}`, async (context) => {
    const said = [];
    context.mock.method(console, "error", (...words) => void said.push(words.join(" ")));
    await run(context);
    for (const root of roots.splice(0)) await act(async () => root.unmount());
    assert.deepEqual(said, [], "React complains");
  });
  const roots = [];

  /** A root on the page, with what it shows. */
  function page() {
    const container = document.createElement("div");
    const root = dom.createRoot(container);
    roots.push(root);
    return {
      container,
      root,
      render: (element) => act(async () => root.render(element)),
      unmount: () => act(async () => root.unmount()),
      get text() {
        return container.textContent;
      },
    };
  }

  /** Shows a task, and notes each of what it was given. */
  function shower() {
    const drawn = [];
    function Shown({ task }) {
      const view = useTask(task);
      drawn.push(view);
      return h("p", null, [view.phase, view.status?.status, view.result, view.error?.code].filter(Boolean).join(" "));
    }
    return { drawn, Shown };
  }

  const pass = (clock, ms) => act(() => clock.advance(ms));

  /** When a task is asked that is watched in another way. */
  async function asked(fetch, watch, ms) {
    const { client, clock, times } = setUp(fetch);
    const stop = watch(client.exports.task(1));
    await clock.advance(ms);
    stop();
    return times();
  }

  on("a task is drawn from its first poll to its end", async () => {
    const { client, clock, requests } = setUp(inTurn(processing(), processing(), complete()));
    const { drawn, Shown } = shower();
    const { render, container } = page();
    await render(h(Shown, { task: client.exports.task(1) }));
    await pass(clock, 0);
    assert.equal(container.textContent, "waiting PROCESSING");
    await pass(clock, 10_000);
    assert.equal(container.textContent, "over COMPLETE https://exports.example/1.csv");
    assert.equal(requests.length, 3);
    assert.deepEqual(Object.keys(drawn.at(-1)).sort(), ["outcome", "phase", "polls", "result", "retry", "status"]);
  });

  on("nothing is asked before there is a task, and it is drawn as idle", async () => {
    const { client, clock, requests } = setUp(inTurn(processing(), complete()));
    const { drawn, Shown } = shower();
    const { render, container } = page();
    for (const task of [undefined, null]) {
      await render(h(Shown, { task }));
      await pass(clock, 10_000);
      const { retry, ...snapshot } = drawn.at(-1);
      assert.deepEqual(snapshot, { phase: "idle", outcome: "running", polls: 0 });
      retry();
    }
    assert.equal(requests.length, 0);
    await render(h(Shown, { task: client.exports.task(1) }));
    await pass(clock, 10_000);
    assert.equal(container.textContent, "over COMPLETE https://exports.example/1.csv");
    await render(h(Shown, { task: null }));
    assert.equal(container.textContent, "idle");
  });

  on("a handle may be made in each render: the polling goes on, and what is given stays the same", async () => {
    const { client, clock, times } = setUp(inTurn(...Array.from({ length: 50 }, () => processing())));
    const { drawn, Shown } = shower();
    const inLine = ({ count }) => h(Shown, { task: client.exports.task(1), count });
    const { render } = page();
    for (let count = 0; count < 20; count++) {
      await render(h(inLine, { count }));
      await pass(clock, 1_000);
    }
    const alone = await asked(inTurn(processing()), (task) => task.subscribe(() => {}), 20_000);
    assert.deepEqual(times(), alone, "as without React");
    assert.equal(new Set(drawn.map(({ retry }) => retry)).size, 1);
  });

  on("what it gives is the same object in each render, until something changes", async () => {
    const { client, clock } = setUp(inTurn(processing()));
    const { drawn, Shown } = shower();
    const { render } = page();
    const task = client.exports.task(1);
    await render(h(Shown, { task }));
    await pass(clock, 10);
    const before = drawn.at(-1);
    await render(h(Shown, { task, other: 1 }));
    assert.equal(drawn.at(-1), before);
    await pass(clock, 5_000);
    assert.notEqual(drawn.at(-1), before);
  });

  on("StrictMode sends no request more, in any form of handle", async () => {
    const counted = async (strict, isInLine) => {
      const { client, clock, times } = setUp(inTurn(processing(), processing(), complete()));
      const { Shown } = shower();
      const kept = client.exports.task(1);
      const App = () => h(Shown, { task: isInLine ? client.exports.task(1) : kept });
      const { render, container } = page();
      await render(strict ? h(StrictMode, null, h(App)) : h(App));
      await pass(clock, 20_000);
      assert.equal(container.textContent, "over COMPLETE https://exports.example/1.csv");
      return times();
    };
    for (const isInLine of [false, true]) assert.deepEqual(await counted(true, isInLine), await counted(false, isInLine));
  });

  on("a thousand components, in two roots, share one poll", async () => {
    const { client, clock, requests } = setUp(inTurn(processing(), complete()));
    const { Shown } = shower();
    const pages = [page(), page()];
    const many = Array.from({ length: 500 }, (_, key) => h(Shown, { key, task: client.exports.task(1) }));
    for (const { render } of pages) await render(h(StrictMode, null, many));
    await pass(clock, 10_000);
    assert.equal(requests.length, 2);
    for (const { container } of pages) assert.equal(container.textContent, "over COMPLETE https://exports.example/1.csv".repeat(500));
    await pages[0].unmount();
  });

  on("no component is drawn with another state than the others of the same commit", async () => {
    const { client, clock } = setUp(inTurn(processing(), processing(), complete()));
    const commits = [];
    const One = ({ task, note }) => {
      note.push(useTask(task).phase);
      return null;
    };
    const All = ({ task }) => {
      const note = [];
      React.useLayoutEffect(() => void commits.push(new Set(note).size));
      const { phase } = useTask(task);
      return Array.from({ length: 10 }, (_, key) => h(One, { key, task, note, phase }));
    };
    const { root } = page();
    await act(async () => React.startTransition(() => root.render(h(All, { task: client.exports.task(1) }))));
    await pass(clock, 20_000);
    assert(commits.length > 3);
    assert.deepEqual(new Set(commits), new Set([1]));
  });

  on("nothing is sent after the last one has gone, and its request is broken off", async () => {
    const { client, clock, requests } = setUp(hang);
    const { Shown } = shower();
    const [first, second] = [page(), page()];
    for (const { render } of [first, second]) await render(h(Shown, { task: client.exports.task(1) }));
    await pass(clock, 10);
    await first.unmount();
    await turns();
    assert.equal(requests[0].init.signal.aborted, false);
    await second.unmount();
    await turns();
    assert.equal(requests[0].init.signal.aborted, true);
    assert.equal(clock.timers, 0);
    await pass(clock, 1_000_000);
    assert.equal(requests.length, 1);
  });

  on("a task that moves from one component to another in one commit keeps its request, and is shown as before", async () => {
    const slow = deferred();
    const { client, clock, requests } = setUp(() => slow.promise);
    const { Shown } = shower();
    const { render, container } = page();
    await render(h("div", null, h(Shown, { task: client.exports.task(1) })));
    await pass(clock, 10);
    const before = container.textContent;
    assert.equal(before, "asking");
    await render(h("section", null, h(Shown, { task: client.exports.task(1) })));
    await pass(clock, 10);
    assert.equal(container.textContent, before);
    assert.equal(requests.length, 1);
    assert.equal(requests[0].init.signal.aborted, false);
    slow.resolve(complete());
    await pass(clock, 10);
    assert.equal(container.textContent, "over COMPLETE https://exports.example/1.csv");
  });

  on("a component that is given another task shows that one, and the first is not asked any more", async () => {
    const { client, clock, requests } = setUp((url) => (url.includes("/1/") ? hang(url, requests.at(-1).init) : complete()));
    const { Shown } = shower();
    const { render, container } = page();
    await render(h(Shown, { task: client.exports.task(1) }));
    await pass(clock, 10);
    await render(h(Shown, { task: client.exports.task(2) }));
    await pass(clock, 10);
    assert.equal(container.textContent, "over COMPLETE https://exports.example/1.csv");
    assert.equal(requests[0].init.signal.aborted, true);
    await pass(clock, 100_000);
    assert.deepEqual(requests.map(({ url }) => /tasks\/(\d)/.exec(url)[1]), ["1", "2"]);
  });

  on("tasks of one id, but of two clients, are two tasks", async () => {
    const [first, second] = [setUp(inTurn(processing())), setUp(inTurn(complete()))];
    const { Shown } = shower();
    const { render, container } = page();
    await render(h(Shown, { task: first.client.exports.task(1) }));
    await pass(first.clock, 10);
    assert.equal(container.textContent, "waiting PROCESSING");
    await render(h(Shown, { task: second.client.exports.task(1) }));
    await pass(second.clock, 10);
    assert.equal(container.textContent, "over COMPLETE https://exports.example/1.csv");
    await pass(first.clock, 100_000);
    assert.deepEqual([first.requests.length, second.requests.length], [1, 1]);
  });

  on("an error is given, not thrown, and retry() polls again, once, for all who show the task", async () => {
    const { client, clock, requests } = setUp(inTurn(answer(403, {}), processing(), complete()));
    const { drawn, Shown } = shower();
    const pages = [page(), page()];
    const shown = h(StrictMode, null, h(Shown, { task: client.exports.task(1) }));
    await act(async () => pages.forEach(({ root }) => root.render(shown)));
    await pass(clock, 10);
    assert.equal(pages[0].text, "over FORBIDDEN");
    assertError(drawn.at(-1).error, "FORBIDDEN");
    await pass(clock, 100_000);
    assert.equal(requests.length, 1);
    await act(async () => [0, 1, 2].forEach(drawn.at(-1).retry));
    await pass(clock, 0);
    assert.equal(requests.length, 2);
    await pass(clock, 60_000);
    for (const { text } of pages) assert.equal(text, "over COMPLETE https://exports.example/1.csv");
    assert.equal(requests.length, 3);
  });

  on("a component that comes because of an error, and shows the task itself, asks no faster than others", async () => {
    const inPlace = await asked(inTurn(processing()), (task) => task.subscribe(() => {}), 60_000);
    const { client, clock, times } = setUp(inTurn(answer(403, {})));
    const task = client.exports.task(1);
    const Failed = () => useTask(task).error?.code ?? "again";
    const Card = () => (useTask(task).error ? h(Failed) : "fine");
    const { render } = page();
    await render(h(Card));
    await pass(clock, 60_000);
    assert(times().length > 1);
    for (const [index, at] of times().entries()) assert(at >= inPlace[index], `${times()}, beside ${inPlace}`);
  });

  on("a task's own time limit begins anew with retry()", async () => {
    const { client, clock, requests } = setUp(inTurn(processing()));
    const { drawn, Shown } = shower();
    const { render, container } = page();
    await render(h(Shown, { task: client.exports.task(1, { timeoutMs: 3_000 }) }));
    await pass(clock, 60_000);
    assert.equal(container.textContent, "over PROCESSING TIMEOUT");
    const before = requests.length;
    await act(async () => drawn.at(-1).retry());
    await pass(clock, 2_000);
    assert.match(container.textContent, /^waiting PROCESSING/);
    assert(requests.length > before);
    await pass(clock, 60_000);
    assert.equal(container.textContent, "over PROCESSING TIMEOUT");
  });

  for (const [when, answers] of Object.entries({
    "while it waits": [processing()],
    "after it has succeeded": [complete()],
    "after it was canceled": [answer(200, { status: "CANCELED" })],
    "after it has failed": [answer(200, { status: "COMPLETE", errors: [{ message: "broken" }], numErrors: 1 })],
  })) {
    on(`retry() does nothing ${when}`, async () => {
      const { client, clock, requests } = setUp(inTurn(...answers));
      const { drawn, Shown } = shower();
      const { render } = page();
      await render(h(Shown, { task: client.exports.task(1) }));
      await pass(clock, 10);
      const [draws, view] = [drawn.length, drawn.at(-1)];
      await act(async () => view.retry());
      await pass(clock, 10);
      assert.equal(requests.length, 1);
      assert.equal(drawn.at(-1), view);
      assert.equal(drawn.length, draws);
    });
  }

  on("retry() of a component that has gone sends nothing", async () => {
    const { client, clock, requests } = setUp(inTurn(answer(403, {}), processing()));
    const { drawn, Shown } = shower();
    const { render, unmount } = page();
    await render(h(Shown, { task: client.exports.task(1) }));
    await pass(clock, 10);
    await unmount();
    drawn.at(-1).retry();
    await pass(clock, 100_000);
    assert.equal(requests.length, 1);
  });

  on("an error that a component throws reaches its boundary, and a retry there polls again", async (context) => {
    // React tells of it where nobody does.
    context.mock.method(console, "error", () => {});
    const { client, clock } = setUp(inTurn(answer(403, {}), complete()));
    class Boundary extends React.Component {
      state = {};
      static getDerivedStateFromError = (error) => ({ error });
      render() {
        const again = () => this.setState({ error: undefined });
        return this.state.error ? h("button", { onClick: again }, this.state.error.code) : this.props.children;
      }
    }
    const Thrower = ({ task }) => {
      const { error, outcome } = useTask(task);
      if (error) throw error;
      return outcome;
    };
    // Above the boundary somebody keeps the task, and tries again.
    const App = () => {
      const task = client.exports.task(1);
      const { retry } = useTask(task);
      return h("div", { onClick: retry }, h(Boundary, null, h(Thrower, { task })));
    };
    const { render, container } = page();
    await render(h(App));
    await pass(clock, 10);
    assert.equal(container.textContent, "FORBIDDEN");
    document.body.append(container);
    await act(async () => container.querySelector("button").click());
    await pass(clock, 10_000);
    assert.equal(container.textContent, "succeeded");
    container.remove();
  });

  on("an export that is over is asked once for its fresh URL, however many show it under StrictMode", async () => {
    const { client, simulator, clock } = setUpSimulator();
    const task = client.exports.task(simulator.addTask("export"));
    await clock.run(task.wait());
    const before = simulator.requests.length;
    const { Shown } = shower();
    const { render, container } = page();
    await render(h(StrictMode, null, [1, 2, 3].map((key) => h(Shown, { key, task }))));
    await pass(clock, 1_000);
    assert.equal(simulator.requests.length, before + 1);
    assert.match(container.textContent, /^(over COMPLETE https:\S+){3}$/);
  });

  on("a new link that somebody asks for by wait() is drawn", async () => {
    const { client, clock, requests } = setUp(inTurn(complete({ result: "https://exports.example/0.csv" }), complete()));
    const task = client.exports.task(1);
    const { Shown } = shower();
    const { render, container } = page();
    await render(h(Shown, { task }));
    await pass(clock, 10);
    assert.equal(container.textContent, "over COMPLETE https://exports.example/0.csv");
    await act(() => clock.run(task.wait()));
    assert.equal(container.textContent, "over COMPLETE https://exports.example/1.csv");
    assert.equal(requests.length, 2);
  });

  on("an export that is over, and is refused a fresh URL, keeps the one that it has; retry() asks for another", async () => {
    const old = "https://exports.example/0.csv";
    const { client, clock, requests } = setUp(inTurn(complete({ result: old }), answer(403, {}), complete()));
    const task = client.exports.task(1);
    await clock.run(task.wait());
    const { drawn, Shown } = shower();
    const { render, container } = page();
    await render(h(Shown, { task }));
    await pass(clock, 10);
    assert.equal(container.textContent, `over COMPLETE ${old} FORBIDDEN`);
    await act(async () => drawn.at(-1).retry());
    await pass(clock, 60_000);
    assert.equal(container.textContent, "over COMPLETE https://exports.example/1.csv");
    assert.equal(requests.length, 3);
  });

  on("a task that is hidden with its component is not asked until it is shown again", async (context) => {
    const { Activity } = React;
    if (!Activity) return context.skip("this React has no Activity");
    const { client, clock, requests } = setUp(inTurn(processing()));
    const { Shown } = shower();
    const { render } = page();
    const App = ({ mode }) => h(Activity, { mode }, h(Shown, { task: client.exports.task(1) }));
    await render(h(App, { mode: "visible" }));
    await pass(clock, 10);
    assert.equal(requests.length, 1);
    await render(h(App, { mode: "hidden" }));
    await pass(clock, 100_000);
    assert.equal(requests.length, 1);
    await render(h(App, { mode: "visible" }));
    await pass(clock, 10);
    assert.equal(requests.length, 2);
  });

  on("use(task.finished) suspends until the task is over", async (context) => {
    const { use, Suspense } = React;
    if (!use) return context.skip("this React has no use()");
    const { client, clock, requests } = setUp(inTurn(processing(), processing(), complete()));
    const Result = () => h("a", null, use(client.exports.task(1).finished).result);
    const { Shown } = shower();
    const { render, container } = page();
    const fallback = h(Shown, { task: client.exports.task(1) });
    await render(h(StrictMode, null, h(Suspense, { fallback }, h(Result))));
    await pass(clock, 10);
    assert.equal(container.textContent, "waiting PROCESSING");
    await pass(clock, 10_000);
    assert.equal(container.textContent, "https://exports.example/1.csv");
    assert.equal(requests.length, 3);
  });

  on("use(task.finished) throws an error to the boundary", async (context) => {
    const { use, Suspense } = React;
    if (!use) return context.skip("this React has no use()");
    context.mock.method(console, "error", () => {});
    const { client, clock } = setUp(inTurn(answer(403, {})));
    class Boundary extends React.Component {
      state = {};
      static getDerivedStateFromError = (error) => ({ error });
      render() {
        return this.state.error?.code ?? this.props.children;
      }
    }
    const Result = () => use(client.exports.task(1).finished).result;
    const { render, container } = page();
    await render(h(Boundary, null, h(Suspense, { fallback: "…" }, h(Result))));
    await pass(clock, 10);
    assert.equal(container.textContent, "FORBIDDEN");
  });
}
