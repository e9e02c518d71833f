// google-gax: Operation.promise(), made as Google's generated clients make it. Its word for COMPLETE is done: true.
import gax from "google-gax";
import { askPatiently } from "./transport.mjs";

export function create(server) {
  const operations = {
    async getOperationInternal({ name }) {
      const { isDone } = await askPatiently(server, name);
      return [{ name, done: isDone, ...(isDone && { result: "response", response: { value: "result" } }) }];
    },
  };
  const descriptor = new gax.LongrunningDescriptor(operations, (value) => value, (value) => value);
  return (id) => gax.operation({ name: id, done: false }, descriptor, gax.createDefaultBackoffSettings()).promise();
}
