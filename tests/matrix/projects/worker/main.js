new Worker(`worker.mjs${location.search}`, { type: "module" });
