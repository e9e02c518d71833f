// A card that starts an export through the app's backend, shows how it goes, and links to the file while the link lives.
import { Alert, Button, Flex, Link, Text, hubspot } from "@hubspot/ui-extensions";
import { HubSpotTasks, type Task, fromHubSpotFetch } from "hubspot-async-tasks/ui-extension";
import { useEffect, useState } from "react";
import contacts from "./contacts.json";
import learned from "./learned.json";

const client = new HubSpotTasks({ baseUrl: "https://app.example.com/hubspot", fetch: fromHubSpotFetch(hubspot.fetch), learned });

hubspot.extend<"crm.record.tab">(() => <ExportCard />);

type Shown = { isBusy?: boolean; task?: Task<string, "export">; url?: string; diesMs?: number; problem?: string };

export function ExportCard() {
  const [{ isBusy = false, task, url, diesMs = Infinity, problem }, show] = useState<Shown>({});
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => void setTimeout(() => setNowMs(Date.now()), 1_000), [nowMs]);

  async function follow(started: Task<string, "export"> | Promise<Task<string, "export">>) {
    show({ isBusy: true });
    try {
      const task = await started;
      const { result: url } = await task.wait({ onStatus: () => show({ isBusy: true, task }) });
      show({ task, url, diesMs: Date.now() + 5 * 60_000 });
    } catch (error) {
      show({ problem: String(error) });
    }
  }

  const ageS = Math.round((nowMs - (task?.checkpoint().startedMs ?? nowMs)) / 1_000);
  const left = task?.estimate();
  return (
    <Flex direction="column" gap="small">
      <Button disabled={isBusy} onClick={() => follow(client.exports.start(contacts))}>Export contacts</Button>
      {isBusy && <Text>{task?.latest?.status ?? "Starting"}, for {Math.max(0, ageS)} s</Text>}
      {left && <Text>Likely over at {new Date(nowMs + left.medianMs).toLocaleTimeString()}</Text>}
      {url && nowMs < diesMs && <Link href={url}>Download the contacts</Link>}
      {task && nowMs >= diesMs && <Button onClick={() => follow(task)}>Get a new link</Button>}
      {problem && <Alert title="No export" variant="error">{problem}</Alert>}
    </Flex>
  );
}
