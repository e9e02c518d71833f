// HubSpot's own production build of the example's card, and what HubSpot's worker brings for it.
import { remoteBuild } from "@hubspot/ui-extensions-dev-server";
import { build } from "esbuild";

await remoteBuild({ root: `${process.cwd()}/src/app/cards`, entryPoint: "ExportCard.tsx", outputDir: "dist", logLevel: "warn" });
await build({
  entryPoints: ["react.mjs"],
  outfile: "react.js",
  bundle: true,
  format: "iife",
  globalName: "HOST",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "error",
});
