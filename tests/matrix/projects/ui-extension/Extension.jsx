import { hubspot } from "@hubspot/ui-extensions";
import { scenario } from "./scenario.mjs";
import { load } from "./tasks.mjs";

// hubspot.fetch knows no signal, and takes no header but Authorization.
const fetch = (url, { method, headers }) => {
  const { authorization, Authorization = authorization } = headers;
  return hubspot.fetch(url, { method, headers: { Authorization } });
};

hubspot.extend(({ server }) => {
  load()
    .then((tasks) => scenario(tasks, { server, fetch }))
    .then(
      (result) => self.postMessage(result),
      ({ name, code, message }) => self.postMessage({ thrown: { name, code, message } }),
    );
  return null;
});
