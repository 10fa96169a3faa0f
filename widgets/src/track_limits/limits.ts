// Who has left the track how often by a moment, and what came of it. No DOM here.
import type { Table } from "../shared/columns";

export type Kind = "deleted" | "reinstated" | "black_and_white" | "penalty";

export interface Entry {
  time_s: number;
  driver: string;
  kind: Kind;
  /** of the driver's, from then on */
  count: number;
  /** of these the message names some */
  turn: number | null;
  lap: number | null;
  lap_time_s: number | null;
  penalty: string | null;
}

const known = (v: number): number | null => (Number.isNaN(v) ? null : v);

export function readEntries(table: Table): Entry[] {
  const [time, count, turn, lap, lapTime] = ["time_s", "count", "turn", "lap", "lap_time_s"].map((name) => table.number(name));
  const [driver, kind, penalty] = ["driver", "kind", "penalty"].map((name) => table.text(name));
  return Array.from({ length: table.rows }, (_, i) => ({
    time_s: time[i],
    driver: driver[i] ?? "",
    kind: kind[i] as Kind,
    count: count[i],
    turn: known(turn[i]),
    lap: known(lap[i]),
    lap_time_s: known(lapTime[i]),
    penalty: penalty[i],
  }));
}

export interface Tally {
  driver: string;
  count: number;
  /** the black and white flag was shown, so the next time costs a penalty */
  isWarned: boolean;
  penalties: string[];
  /** newest first */
  entries: Entry[];
}

/** One for each driver of whom anything was said by then: those with the most first, then those with the latest. */
export function tallies(entries: readonly Entry[], time_s: number): Tally[] {
  const by = new Map<string, Tally>();
  for (const entry of entries) {
    if (entry.time_s > time_s) break;
    const { driver, kind, count, penalty } = entry;
    const tally = by.get(driver) ?? { driver, count, isWarned: false, penalties: [], entries: [] };
    tally.count = count;
    tally.isWarned ||= kind === "black_and_white";
    if (kind === "penalty") tally.penalties.push(penalty ?? "penalty");
    tally.entries.unshift(entry);
    by.set(driver, tally);
  }
  return [...by.values()].sort((a, b) => b.count - a.count || b.entries[0].time_s - a.entries[0].time_s);
}
