/**
 * A host for a client: its `fetch` and its `clock`, which tell how many polls there were and when the next one is due.
 * One host, and so one client, for each task, because a timer does not say whose it is. Without such a display, one
 * client for all tasks is better: they share its limits then.
 */
export function createHost(fetch) {
  const sleeps = new Map(); // by handle, when each ends
  let underway = false;
  const host = {
    polls: 0,
    asking: false, // until the client, having read the answer, goes to sleep
    fetch: async (url, init) => {
      underway = true;
      host.asking = true;
      try {
        return await fetch(url, init);
      } finally {
        underway = false;
        host.polls += 1;
      }
    },
    clock: {
      now: () => Date.now(),
      setTimeout(callback, milliseconds) {
        const handle = setTimeout(() => {
          sleeps.delete(handle);
          callback();
        }, milliseconds);
        if (underway) return handle; // it bounds the request
        host.asking = false;
        sleeps.set(handle, Date.now() + milliseconds);
        return handle;
      },
      clearTimeout(handle) {
        sleeps.delete(handle);
        clearTimeout(handle);
      },
    },
    /** The earliest sleep is the one that ends in a poll; undefined while there is none. */
    nextPollAt: () => (host.asking || sleeps.size === 0 ? undefined : Math.min(...sleeps.values())),
  };
  return host;
}
