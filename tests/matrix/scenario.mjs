// What every case does with the package, and what has to come of it: a success, an HTTP error, an abort and a network
// error; those of ./results also start an export and read its rows. Runs unchanged in every runtime, and so uses nothing but the language, AbortController and the package.

export const TOKEN = "matrix-token";

/**
 * @param entry The package, by whichever entry the case imports; with `rows`, if it imports ./results as well.
 * @param where `server`, where /hubspot and /dropped are ("" for the page's own); `fetch`, if not the host's.
 */
export async function scenario({ HubSpotTasks, isHubSpotTaskError, rows }, { server = "", fetch } = {}) {
  const client = (path) => new HubSpotTasks({ baseUrl: server + path, token: TOKEN, minIntervalMs: 50, fetch });
  const hubspot = client("/hubspot");
  const dropped = client("/dropped");
  return {
    success: await success(hubspot.exports.task("1")),
    httpError: await errorOf(hubspot.sourceCodeExtracts.task("2").wait()),
    abort: await abort(hubspot.fileImports.task("endless")),
    networkError: await errorOf(dropped.exports.status("3")),
    ...(rows && { fromStartToRows: await fromStartToRows() }),
  };

  async function success(task) {
    const statuses = [];
    const { outcome, result, polls } = await task.wait({ onStatus: ({ status }) => statuses.push(status) });
    return { outcome, statuses, polls, hasUrl: /^https?:\/\/.+\/exports\/1\/.+/.test(result) };
  }

  async function fromStartToRows() {
    const task = await hubspot.exports.start({ exportType: "VIEW", exportName: "contacts", format: "CSV" });
    const read = [];
    for await (const row of rows(hubspot, task)) read.push(row);
    return read;
  }

  async function errorOf(promise) {
    try {
      return { resolved: await promise };
    } catch (error) {
      const { name, code, httpStatus, category, requiredScopes } = error;
      return { name, code, httpStatus, category, requiredScopes, isOurs: isHubSpotTaskError(error), hasCause: "cause" in error };
    }
  }

  /** While it waits for the next poll, after the first answer. */
  async function abort(task) {
    const reason = { why: "the user left" };
    const controller = new AbortController();
    const onStatus = () => void setTimeout(() => controller.abort(reason));
    try {
      return { resolved: await task.wait({ signal: controller.signal, onStatus }) };
    } catch (error) {
      return { isReason: error === reason };
    }
  }
}

/** What scenario() gives, as JSON has it. */
export const EXPECTED = {
  success: { outcome: "succeeded", statuses: ["PENDING", "COMPLETE"], polls: 2, hasUrl: true },
  httpError: {
    name: "HubSpotTaskError",
    code: "FORBIDDEN",
    httpStatus: 403,
    category: "MISSING_SCOPES",
    requiredScopes: ["content"],
    isOurs: true,
    hasCause: false,
  },
  abort: { isReason: true },
  networkError: { name: "HubSpotTaskError", code: "NETWORK", isOurs: true, hasCause: true },
};

/** What an export's file holds. */
export const FILE = 'Email,Note\nzoe@example.com,"two\nlines"\nada@example.com,"said ""hello"""\n';

/** The same of those that import ./results as well. */
export const EXPECTED_OF_RESULTS = {
  ...EXPECTED,
  fromStartToRows: [
    { Email: "zoe@example.com", Note: "two\nlines" },
    { Email: "ada@example.com", Note: 'said "hello"' },
  ],
};
