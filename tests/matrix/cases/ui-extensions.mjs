// HubSpot's UI extensions: built by HubSpot's own builder, and run in a worker whose fetch throws.
const PAGE = '<!doctype html><title>Matrix</title><script src="/errors.js"></script><script src="host.js"></script>\n';

const extension = (entry, { csp, ...holds } = {}) => async (c) => {
  c.project("ui-extension");
  c.entry(entry);
  c.write("index.html", PAGE);
  await c.script("build.mjs");
  c.holds("dist", holds);
  return c.page("Chromium", "index.html", { csp });
};

const JS = "hubspot-async-tasks/js";
const STRICT = "script-src 'self'"; // whether HubSpot's own is so strict is not documented

export const uiExtensions = [
  { name: "HubSpot UI extension", quick: true, run: extension("hubspot-async-tasks") },
  { name: "HubSpot UI extension, ./js", run: extension(JS, { inlined: 0 }) },
  { name: `HubSpot UI extension, CSP ${STRICT}, ./js`, run: extension(JS, { inlined: 0, csp: STRICT }) },
];
