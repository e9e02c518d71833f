// Whether the stack has room for what is to run on it. What is cut off in its middle leaves things half done, and inside the
// engine that is the end of the instance.
import { soon } from "./values.js";

/** Calls within calls, that many fit on what a public call and the engine take. */
let levels = 100;

/** An engine of JavaScript takes more: its functions are compiled when they are first called, on the same stack. */
export function needRoomToCompile(): void {
  levels = 1_000;
}

/** Takes so much of the stack. (Not a call at the end, which some hosts turn into a jump.) */
const descend = (left: number): number => (left > 0 ? descend(left - 1) + 1 : 0);

/** Throws as the host does where the stack is nearly full. */
export function assertRoom(): void {
  descend(levels);
}

/** Does it now, or soon where the stack is nearly full. */
export function withRoom(act: () => void): void {
  try {
    assertRoom();
  } catch {
    soon(act);
    return;
  }
  act();
}
