import { make } from "./proxy.mjs";

const onListen = ({ port }) => console.log(`Ready on http://127.0.0.1:${port}`);
Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, make(Deno.args.at(-1)));
