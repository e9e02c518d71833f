navigator.serviceWorker.register("service-worker.mjs", { type: "module" });
