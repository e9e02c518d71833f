import { scenario } from "./scenario.mjs";
import { load } from "./tasks.mjs";

const server = process.argv.at(-1);
load()
  .then((tasks) => scenario(tasks, { server }))
  .then((result) => console.log(JSON.stringify(result)));
