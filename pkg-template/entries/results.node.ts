// What results.ts exports, with the saveTo() that Node can have. Picked by the condition `node`.
export { download } from "../results/download.js";
export { rows } from "../results/rows.js";
export { saveTo } from "../results/save.js";
export type * from "../results/types.js";
