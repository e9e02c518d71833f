// What HubSpot's worker is to an extension: no network but hubspot.fetch, no DOM, React from outside.
importScripts("restricted.js");

self.hsFetch = async (url, options = {}) => {
  const refusal = checkHsFetch(url, options);
  if (refusal) return refusal;
  const answer = await nativeFetch(url, options);
  // Response headers cannot be relied on.
  return new Response(await answer.blob(), { status: answer.status });
};

// The SDK makes components out of these when it is imported; the scenario shows none.
const stub = new Proxy(function () {}, { get: (_, name) => (name === Symbol.toPrimitive ? undefined : stub), apply: () => stub });
self.React = self.RemoteUI = stub;
self.extend_V2 = (render) => render({ server: new URLSearchParams(location.search).get("server") });

importScripts("dist/Extension.js");
