// What HubSpot's worker takes away from an extension, and what hubspot.fetch takes. Written from HubSpot's documentation and
// from what @hubspot/ui-extensions asks of its worker, since HubSpot's own is not published.
self.nativeFetch = self.fetch.bind(self);

const forbidden = (name) => () => {
  throw new Error(`${name} is not available in UI extensions`);
};
self.fetch = forbidden("fetch");
self.XMLHttpRequest = forbidden("XMLHttpRequest");

const KNOWN = ["method", "timeout", "body", "headers"];
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Throws for what the SDK's types do not have; gives the answer to a header that HubSpot refuses. */
self.checkHsFetch = (url, { body, headers = {}, ...options } = {}) => {
  const unknown = Object.keys({ body, headers, ...options }).filter((name) => !KNOWN.includes(name));
  if (unknown.length > 0) throw new Error(`hubspot.fetch: unknown options ${unknown}`);
  if (body !== undefined && !isObject(body)) throw new Error("hubspot.fetch: the body is no object");
  const isAllowed = Object.keys(headers).every((name) => name === "Authorization");
  return isAllowed ? undefined : new Response('{"status":"error"}', { status: 400 });
};

self.__HUBSPOT_EXTENSION_WORKER__ = true;
