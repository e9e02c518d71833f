// A worker that is killed at the worst instant: it has told an end, and its own job is not done.
import { Queue } from "bullmq";
import { writeSync } from "node:fs";

const TOLD = 20;

const { add } = Queue.prototype;
let told = 0;
Queue.prototype.add = async function (name, data, options) {
  const job = await add.call(this, name, data, options);
  if (this.name === "hubspot-over" && ++told === TOLD) {
    writeSync(1, `killed after telling: ${options.jobId}\n`);
    process.kill(process.pid, "SIGKILL");
  }
  return job;
};
