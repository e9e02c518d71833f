// HubSpot's own side of hubspot.fetch, from its documentation: calls the app's backend with what it adds to each address,
// signed, and calls once more where no answer came.
import { createHmac } from "node:crypto";

const ADDED = { userId: "1", portalId: "62515", userEmail: "jane.doe@example.com", appId: "3" };

/** What is decoded in an address before it is signed; nothing else is. */
const DECODED = /%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/g;

/**
 * @param options `secret`, the app's client secret; `origin`, the public one of the backend, and `sendTo`, where it is.
 * @returns `call` for what an extension asks for, and `lose`, which loses the answer to the next start.
 */
export function createHost({ secret, origin, sendTo }) {
  let isLosing = false;

  async function call({ url, method = "GET", timeout = 15_000, headers, body }) {
    const address = new URL(url);
    for (const [name, value] of Object.entries(ADDED)) address.searchParams.append(name, value);
    const text = body === undefined ? "" : JSON.stringify(body);
    const timestamp = String(Date.now());
    const signed = method + address.href.replace(DECODED, decodeURIComponent) + text + timestamp;
    const request = {
      method,
      headers: {
        ...headers,
        "x-hubspot-signature-v3": createHmac("sha256", secret).update(signed).digest("base64"),
        "x-hubspot-request-timestamp": timestamp,
        ...(text && { "content-type": "application/json" }),
      },
      ...(text && { body: text }),
    };
    const send = () => fetch(address.href.replace(origin, sendTo), { ...request, signal: AbortSignal.timeout(timeout) });
    const answer = await send();
    if (!isLosing || method !== "POST") return answer;
    isLosing = false;
    await answer.arrayBuffer();
    return send();
  }

  return { call, lose: () => void (isLosing = true) };
}
