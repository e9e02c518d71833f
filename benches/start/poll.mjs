// CPU of a poll, beside a loop of `(await fetch(url)).json()`, at three lengths of the body.
import { spread } from "../statistics.mjs";
import { probes } from "./processes.mjs";

/** How many polls are a round of some tenths of a second. */
export const BODIES = [
  { title: "400 B", bytes: 400, polls: 3_000 },
  { title: "10 kB", bytes: 10_000, polls: 1_000 },
  { title: "500 kB", bytes: 500_000, polls: 20 },
];

const PROCESSES = 3;

export async function measurePoll({ samples, limitS }) {
  const figures = {};
  for (const { title, bytes, polls } of BODIES) {
    const runs = await probes(PROCESSES, "poll.mjs", [bytes, polls, samples(16)], { limitS });
    figures[title] = runs && compared(runs);
  }
  return figures;
}

/** Each round of the package is set against the bare loop's beside it. */
function compared(runs) {
  const [own, bare] = ["own", "bare"].map((who) => runs.flatMap((run) => run[who]));
  return {
    ownUs: spread(own),
    bareUs: spread(bare),
    ratio: spread(own.map((us, round) => us / bare[round])),
  };
}
