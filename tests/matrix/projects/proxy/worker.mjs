import { make } from "./proxy.mjs";

let proxy;

export default {
  fetch(request, { SERVER }) {
    // One for all visitors.
    proxy ??= make(SERVER);
    return proxy(request);
  },
};
