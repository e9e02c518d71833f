import { hubspot } from "@hubspot/ui-extensions";

// hubspot.fetch knows no signal, and takes no header but Authorization.
export const fetch = (url, { method, headers }) => {
  const { authorization, Authorization = authorization } = headers;
  return hubspot.fetch(url, { method, headers: { Authorization } });
};
