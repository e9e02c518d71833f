// Work in parts: between two of them the browser can do what is waiting, so that nobody waits long for it.

/** Resolves in a task of the browser's own. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve);
  });
