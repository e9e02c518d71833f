// @smithy/util-waiter: createWaiter, with the delays that AWS's waiters have unless their service says otherwise.
import { WaiterState, createWaiter } from "@smithy/util-waiter";
import { askPatiently } from "./transport.mjs";

/** It must be given: here no task ever takes so long. */
const MAX_WAIT_S = 365 * 24 * 3_600;

export function create(server) {
  return async (id) => {
    const check = async () => {
      const { isDone } = await askPatiently(server, id);
      return { state: isDone ? WaiterState.SUCCESS : WaiterState.RETRY };
    };
    const { state } = await createWaiter({ client: {}, maxWaitTime: MAX_WAIT_S }, {}, check);
    if (state !== WaiterState.SUCCESS) throw new Error(`the waiter ended as ${state}`);
  };
}
