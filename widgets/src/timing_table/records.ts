// The best sectors, laps and speeds until a moment: of each driver, and of all.
import type { TimingLog } from "../shared/timing";
import { type DeletedLaps, isOfDeleted } from "./deleted";

export interface RecordOf {
  value: number;
  driver: string;
}

export const SECTORS = ["sector_1_time_s", "sector_2_time_s", "sector_3_time_s"];
export const SPEEDS = ["speed_i1_kmh", "speed_i2_kmh", "speed_fl_kmh", "speed_st_kmh"];

export class Records {
  private readonly own = new Map<string, Map<string, number>>();
  private readonly overall = new Map<string, RecordOf>();

  constructor(log: TimingLog, deleted: DeletedLaps, time_s: number) {
    for (const driver of log.drivers) {
      const laps = deleted.at(driver, time_s);
      const values = new Map<string, number>();
      this.own.set(driver, values);
      for (const field of [...SECTORS, ...SPEEDS]) {
        const { times, values: all } = log.changes(driver, field);
        const isSector = field.startsWith("sector");
        let best = Number.NaN;
        for (let i = 0; i < times.length && times[i] <= time_s; i++) {
          // NaN is beaten by anything, and beats nothing
          const isBetter = isSector ? !(all[i] >= best) : !(all[i] <= best);
          if (isBetter && !Number.isNaN(all[i]) && !(isSector && isOfDeleted(laps, times[i]))) best = all[i];
        }
        if (Number.isNaN(best)) continue;
        values.set(field, best);
        const first = this.overall.get(field);
        if (!first || (isSector ? best < first.value : best > first.value)) this.overall.set(field, { value: best, driver });
      }
    }
  }

  of(driver: string, field: string): number | null {
    return this.own.get(driver)?.get(field) ?? null;
  }

  best(field: string): RecordOf | null {
    return this.overall.get(field) ?? null;
  }

  /** The best sectors of a driver put together; of all without one. */
  ideal(driver?: string): number | null {
    const parts = SECTORS.map((field) => (driver ? this.of(driver, field) : this.best(field)?.value));
    return parts.every((s) => s != null) ? parts.reduce<number>((sum, s) => sum + (s as number), 0) : null;
  }
}
