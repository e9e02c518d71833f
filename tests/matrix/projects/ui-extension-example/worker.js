// HubSpot's worker with the example's card: an export to its link, and a start whose answer is lost. Posts what was shown.
importScripts("restricted.js", "react.js");

// Whether HubSpot's policy allows it is not documented.
self.WebAssembly = undefined;

self.hsFetch = async (url, options = {}) => {
  const refusal = checkHsFetch(url, options);
  if (refusal) return refusal;
  if (!url.startsWith("https://app.example.com/hubspot")) throw new Error(`hubspot.fetch: ${url} is not in permittedUrls`);
  // HubSpot's servers call the backend, not the browser.
  const answer = await nativeFetch("/host", { method: "POST", body: JSON.stringify({ url, ...options }) });
  return new Response(await answer.blob(), { status: answer.status });
};

const { show } = HOST;
Object.assign(self, { React: HOST.React, RemoteUI: HOST.RemoteUI });

let nodes;
self.extend_V2 = (render) => {
  nodes = show(render({}));
  useCard().then(
    (result) => self.postMessage(result),
    ({ name, message }) => self.postMessage({ thrown: { name, message } }),
  );
};

async function useCard() {
  (await shown("Button")).props.onClick();
  const waiting = await shown("Text");
  const link = await shown("Link");
  const alert = nodes().find(({ type }) => type === "Alert");
  await nativeFetch("/lose", { method: "POST" });
  (await shown("Button")).props.onClick();
  const failure = await shown("Alert");
  return {
    waiting: /^(Starting|PENDING|PROCESSING), for \d+ s$/.test(waiting.text),
    link: /^http.+\/exports\//.test(link.props.href),
    alert,
    failure: /may have been carried out/.test(failure.text) && /sent this call twice/.test(failure.text),
  };
}

/** What is shown of a type, as soon as it is. */
async function shown(wanted) {
  for (;;) {
    const found = nodes().find(({ type }) => type === wanted);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

importScripts("src/app/cards/dist/ExportCard.js");
