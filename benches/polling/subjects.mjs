// Who is measured: this package in two ways, and the pollers that others published.

/**
 * `module` is loaded by the measuring process, `npm` is the package whose version is told, `call` is the public
 * function that polls, `interval` what it waits by default, `refused` what becomes of a 429. With `fewerLongTasks`,
 * only so many tasks of the scenarios with long ones are simulated: its millions of requests would take minutes.
 */
export const SUBJECTS = [
  {
    key: "default",
    title: "this package, default",
    module: "./this-package.mjs",
    npm: "hubspot-async-tasks",
    call: "`resume(checkpoint).wait()`, nothing learned",
    interval: "√age s, 1 to 60 s",
    refused: "its own budget avoids it",
  },
  {
    key: "learned",
    title: "this package, learned",
    module: "./this-package.mjs",
    npm: "hubspot-async-tasks",
    call: "`resume(checkpoint).wait()`, learned from other tasks of the same kind",
    interval: "as learned",
    refused: "its own budget avoids it",
  },
  {
    key: "core-lro",
    title: "@azure/core-lro",
    module: "./peers/core-lro.mjs",
    npm: "@azure/core-lro",
    call: "`createHttpPoller(…).pollUntilDone()`",
    interval: "2 s",
    refused: "as @hubspot/api-client",
    fewerLongTasks: 1_000,
  },
  {
    key: "smithy",
    title: "@smithy/util-waiter",
    module: "./peers/smithy.mjs",
    npm: "@smithy/util-waiter",
    call: "`createWaiter({ maxWaitTime: one year })`",
    interval: "2 s, doubling up to 120 s, full jitter",
    refused: "as @hubspot/api-client",
  },
  {
    key: "gax",
    title: "google-gax",
    module: "./peers/gax.mjs",
    npm: "google-gax",
    call: "`operation(…, createDefaultBackoffSettings()).promise()`",
    interval: "0.1 s, growing by 1.3 up to 60 s",
    refused: "as @hubspot/api-client",
  },
  {
    key: "openai",
    title: "openai",
    module: "./peers/openai.mjs",
    npm: "openai",
    call: "`vectorStores.files.poll(…)`",
    interval: "5 s",
    refused: "its own: two retries",
    fewerLongTasks: 1_000,
  },
  {
    key: "replicate",
    title: "replicate",
    module: "./peers/replicate.mjs",
    npm: "replicate",
    call: "`replicate.wait(prediction)`",
    interval: "0.5 s",
    refused: "its own: five retries",
    fewerLongTasks: 1_000,
  },
];

export const PEERS = SUBJECTS.filter(({ module }) => module.startsWith("./peers/"));
