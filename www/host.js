/**
 * A host for a client: its `fetch` and its `clock`, which tell how many polls there were and when the next one is due.
 * One host, and so one client, for each task, because a timer does not say whose it is. Without such a display, one
 * client for all tasks is better: they share its limits then.
 */
export function createHost(fetch) {
  const timers = new Map(); // by handle, when each is due
  const host = {
    polls: 0,
    asking: false,
    fetch: async (url, init) => {
      host.asking = true;
      try {
        return await fetch(url, init);
      } finally {
        host.asking = false;
        host.polls += 1;
      }
    },
    clock: {
      now: () => Date.now(),
      setTimeout(callback, milliseconds) {
        const handle = setTimeout(() => {
          timers.delete(handle);
          callback();
        }, milliseconds);
        timers.set(handle, Date.now() + milliseconds);
        return handle;
      },
      clearTimeout(handle) {
        timers.delete(handle);
        clearTimeout(handle);
      },
    },
    /** While no answer is awaited, the earliest timer is the one that ends in a poll. */
    nextPollAt: () => (host.asking || timers.size === 0 ? undefined : Math.min(...timers.values())),
  };
  return host;
}
