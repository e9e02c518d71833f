import { scenario } from "./scenario.mjs";

/** Plays the scenario, in a page or in a worker, and tells the server what came of it. */
export async function report(load) {
  const server = new URLSearchParams(location.search).get("server") ?? "";
  const result = await resultOf(load, server);
  await fetch(`${server}/report`, { method: "POST", body: JSON.stringify(result) });
}

async function resultOf(load, server) {
  try {
    return await scenario(await load(), { server });
  } catch ({ name, code, message }) {
    return { thrown: { name, code, message } };
  }
}
