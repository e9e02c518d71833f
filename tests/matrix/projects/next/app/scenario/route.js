import { scenario } from "../../scenario.mjs";
import { load } from "../../tasks.mjs";

export async function GET(request) {
  const server = request.nextUrl.searchParams.get("server");
  return Response.json(await scenario(await load(), { server }));
}
