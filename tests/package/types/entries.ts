// The entries side by side: one set of types, but for slim's init(), which takes a source.
import * as main from "hubspot-async-tasks";
import * as js from "hubspot-async-tasks/js";
import * as slim from "hubspot-async-tasks/slim";
import wasm from "hubspot-async-tasks/wasm";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_Holds extends true>(): void {}

is<Same<typeof js, typeof main>>();
is<Same<Omit<typeof slim, "init">, Omit<typeof main, "init">>>();
is<Same<slim.HubSpotTasks, main.HubSpotTasks>>();
is<Same<slim.ClientOptions, js.ClientOptions>>();
is<Same<typeof wasm, unknown>>();

async function ready(): Promise<void> {
  await slim.init(wasm);
  await slim.init("/assets/hubspot-async-tasks.wasm");
  // @ts-expect-error: it needs a source
  await slim.init();
  await main.init();
  await main.init(wasm);
  await js.init();
  const client: main.HubSpotTasks = new slim.HubSpotTasks();
  void client;
}

void ready;
