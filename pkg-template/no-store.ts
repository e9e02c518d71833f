// Whether the host's fetch can be told to keep its cache out of it.
import { attempt } from "./values.js";

let known: "no-store" | "" | undefined;

/** What `cache` is for the host's own fetch, as its Request takes it; "" where it knows none: some throw, some ignore it. */
export const noStore = () =>
  (known ??= attempt(() => globalThis.Request && (new globalThis.Request("http://a", { cache: "no-store" }).cache as "no-store")) ?? "");
