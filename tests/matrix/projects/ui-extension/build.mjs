// HubSpot's own production build, as it runs on HubSpot's side.
import { remoteBuild } from "@hubspot/ui-extensions-dev-server";

await remoteBuild({ root: process.cwd(), entryPoint: "Extension.jsx", outputDir: "dist", logLevel: "warn" });
