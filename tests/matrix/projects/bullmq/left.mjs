// How many jobs there are that are not over, and how many failed.
import { over, running } from "./queues.mjs";

const counts = await Promise.all([running, over].map((queue) => queue.getJobCounts("wait", "active", "delayed", "prioritized", "failed")));
console.log(JSON.stringify(counts.flatMap(Object.values).reduce((sum, count) => sum + count, 0)));
await Promise.all([running.close(), over.close()]);
