import { make } from "./proxy.mjs";

const server = Bun.serve({ fetch: make(process.argv.at(-1)), port: 0, hostname: "127.0.0.1" });
console.log(`Ready on http://127.0.0.1:${server.port}`);
