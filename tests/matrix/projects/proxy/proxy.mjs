// The proxy that each runtime serves: for calls that HubSpot signed.
import { createProxy } from "hubspot-async-tasks/proxy";

export const make = (server) =>
  createProxy({
    clientSecret: "matrix-secret",
    token: ({ portalId }) => (portalId === "123" ? "matrix-token" : undefined),
    families: ["export"],
    allow: ["start", "download"],
    hideExportUrls: true,
    path: "/proxy",
    publicUrl: "https://app.example.com",
    baseUrl: `${server}/hubspot`,
    rateLimit: false,
  });
