// What remains of a session, as its own clock says: it stands still under a red flag. No DOM here.
import type { Table } from "../shared/columns";
import { lastAt } from "../shared/timing";

export interface Remaining {
  remaining_s: number;
  isRunning: boolean;
}

/** What remained at a moment; null where nobody says. */
export function remainingAt(clock: Table, now_s: number): Remaining | null {
  const i = lastAt(clock.number("time_s"), now_s);
  const said_s = i < 0 ? Number.NaN : clock.number("remaining_s")[i];
  if (Number.isNaN(said_s)) return null;
  const isRunning = clock.number("is_running")[i] === 1;
  const passed_s = isRunning ? now_s - clock.number("time_s")[i] : 0;
  return { remaining_s: Math.max(0, said_s - passed_s), isRunning };
}

/** The part of a qualifying that is going on or was the last: 1, 2, 3; 0 before the first. A red flag ends none. */
export function partAt(status: Table, now_s: number): number {
  const names = status.text("status");
  const end = lastAt(status.number("time_s"), now_s);
  let part = 0;
  for (let i = 0; i <= end; i++) if (names[i] === "started" && names[i - 1] !== "aborted") part++;
  return part;
}
