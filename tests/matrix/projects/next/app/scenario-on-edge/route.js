export { GET } from "../scenario/route.js";

export const runtime = "edge";
