// Lap times that race control deleted: from its message on, until it gives them back.
import type { Table } from "../shared/columns";

interface Deleted {
  start_s: number;
  end_s: number;
  lap_time_s: number;
  from_s: number;
  until_s: number;
  reason: string;
}

/** The screen is told of a lap a little after the car has crossed the line. */
const TOLD_S = 20;
const SAME_S = 0.0015;

export class DeletedLaps {
  private readonly byDriver = new Map<string, Deleted[]>();

  constructor(table: Table) {
    const number = (name: string) => table.number(name);
    const [start, end, time, from, until] = ["start_time_s", "end_time_s", "lap_time_s", "deleted_at_s", "reinstated_at_s"].map(
      number,
    );
    const [driver, reason] = [table.text("driver"), table.text("deleted_reason")];
    for (let i = 0; i < table.rows; i++) {
      const own = this.byDriver.get(driver[i] ?? "") ?? [];
      this.byDriver.set(driver[i] ?? "", own);
      own.push({
        start_s: start[i],
        end_s: end[i],
        lap_time_s: time[i],
        from_s: from[i],
        until_s: Number.isNaN(until[i]) ? Number.POSITIVE_INFINITY : until[i],
        reason: reason[i] ?? "no reason given",
      });
    }
  }

  /** The laps of a driver that do not count at a moment. */
  at(driver: string, time_s: number): Deleted[] {
    return (this.byDriver.get(driver) ?? []).filter((lap) => lap.from_s <= time_s && time_s < lap.until_s);
  }
}

/** Why a lap time that stands since a moment does not count; null: it does. */
export function reasonOf(laps: Deleted[], time_s: number | null, since_s: number): string | null {
  const isIt = (lap: Deleted) =>
    Math.abs(lap.lap_time_s - (time_s ?? Number.NaN)) < SAME_S && since_s >= lap.end_s - 1 && since_s < lap.end_s + TOLD_S;
  return laps.find(isIt)?.reason ?? null;
}

/** Whether what was measured then belongs to a lap that does not count. */
export const isOfDeleted = (laps: Deleted[], since_s: number): boolean =>
  laps.some((lap) => lap.start_s < since_s && since_s <= lap.end_s + 1);
