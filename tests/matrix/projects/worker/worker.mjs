import { report } from "./report.mjs";
import { load } from "./tasks.mjs";

report(load);
