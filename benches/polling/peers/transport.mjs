// The HTTP client below those packages that bring none: HubSpot's official one, as far as refusals go.

/** What `numberOfApiCallRetries` of @hubspot/api-client can be at most. */
const RETRIES = 6;

/** What it waits after the first refusal by the ten-secondly limit, twice that after the second, and so on. */
const WAIT_MS = 10_000;

/** Asks the server; asks again after a refusal, as @hubspot/api-client does; throws when it gives up. */
export async function askPatiently(server, id) {
  for (let attempt = 1; ; attempt++) {
    const answer = await server.ask(id);
    if (!answer.isRefused) return answer;
    if (attempt > RETRIES) throw Object.assign(new Error("429"), { statusCode: 429 });
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS * attempt));
  }
}
