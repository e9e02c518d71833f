import { hubspot } from "@hubspot/ui-extensions";
import { fetch } from "./glue.js";
import { scenario } from "./scenario.mjs";
import { load } from "./tasks.mjs";

hubspot.extend(({ server }) => {
  load()
    .then((tasks) => scenario(tasks, { server, fetch }))
    .then(
      (result) => self.postMessage(result),
      ({ name, code, message }) => self.postMessage({ thrown: { name, code, message } }),
    );
  return null;
});
