// What a page of the server at ORIGIN has beside Node: its address, and a fetch that sends its cookie.
const { ORIGIN } = process.env;
const { fetch } = globalThis;
globalThis.location = { href: `${ORIGIN}/exports` };
globalThis.fetch = (url, init) => fetch(url, { ...init, headers: { ...init?.headers, cookie: "session=ada" } });
