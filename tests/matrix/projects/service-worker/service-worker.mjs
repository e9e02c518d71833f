import { report } from "./report.mjs";
import { load } from "./tasks.mjs";

addEventListener("install", (event) => event.waitUntil(report(load)));
