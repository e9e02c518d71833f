// A file on its way to a caller. Where that reads nothing of it for too long it is broken off: nobody is to hold a connection
// to the file's server open by doing nothing.
import { Interrupt } from "../results/interrupt.js";
import type { ByteStream } from "../results/types.js";
import type { Clock, TaskAbortSignal } from "../types.js";

/** So much is given out at once, in bytes: more than that nobody has to read in the time that there is. */
const LONGEST_PART = 65_536;

/** The stream, which fails after `ms` in which nobody read of it; `file` is closed then. */
export function unlessUnread(file: ByteStream, ms: number, clock: Clock, signal: TaskAbortSignal): object {
  const reader = file.getReader();
  const interrupt = new Interrupt(clock, signal);
  let part: Uint8Array = new Uint8Array();
  let wanted = (): void => undefined;
  let waiting: Promise<void> | undefined;

  const close = () => {
    interrupt.end();
    reader.cancel().catch(() => undefined);
  };
  const waitForReader = (stream: HostStreamController) => {
    const isWanted = new Promise<void>((resolve) => (wanted = resolve));
    waiting = interrupt
      .race(isWanted, ms, () => new Error(`nothing was read of the file for ${ms} ms`))
      .catch((reason: unknown) => {
        close();
        stream.error(reason);
      });
  };
  const source: HostStreamSource = {
    start: waitForReader,
    async pull(stream) {
      wanted();
      // Its timer is gone then.
      await waiting;
      try {
        if (part.length === 0) part = (await reader.read()).value ?? part;
        if (part.length === 0) {
          interrupt.end();
          stream.close();
          return;
        }
        // A copy: who takes it may transfer its memory, and the rest is in the same.
        stream.enqueue(new Uint8Array(part.subarray(0, LONGEST_PART)));
        part = part.subarray(LONGEST_PART);
        waitForReader(stream);
      } catch (thrown) {
        close();
        throw thrown;
      }
    },
    cancel() {
      wanted();
      close();
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}
