// What HubSpot's worker is to an extension: no network but hubspot.fetch, no DOM, React from outside. Written from
// HubSpot's documentation and from what @hubspot/ui-extensions asks of its worker.
const nativeFetch = self.fetch.bind(self);
const forbidden = (name) => () => {
  throw new Error(`${name} is not available in UI extensions`);
};
self.fetch = forbidden("fetch");
self.XMLHttpRequest = forbidden("XMLHttpRequest");

const KNOWN = ["method", "timeout", "body", "headers"];
const isAllowed = (name) => name === "Authorization";

self.hsFetch = async (url, options = {}) => {
  const unknown = Object.keys(options).filter((name) => !KNOWN.includes(name));
  if (unknown.length > 0) throw new Error(`hubspot.fetch: unknown options ${unknown}`);
  if (!Object.keys(options.headers ?? {}).every(isAllowed)) return new Response('{"status":"error"}', { status: 400 });
  const answer = await nativeFetch(url, options);
  // Response headers cannot be relied on.
  return new Response(await answer.blob(), { status: answer.status });
};

// The SDK makes components out of these when it is imported; the scenario shows none.
const stub = new Proxy(function () {}, { get: (_, name) => (name === Symbol.toPrimitive ? undefined : stub), apply: () => stub });
self.React = self.RemoteUI = stub;
self.__HUBSPOT_EXTENSION_WORKER__ = true;
self.extend_V2 = (render) => render({ server: new URLSearchParams(location.search).get("server") });

importScripts("dist/Extension.js");
