// Which laps the panel shows, and how each of them is drawn.
import type { Table } from "../shared/columns";
import { DASHES } from "../shared/drivers";
import { keyOf, type LapRef } from "./traces";

export interface Lap {
  driver: string;
  lap: number;
  /** session clock at the line; null: not finished */
  end_s: number | null;
  time_s: number | null;
  compound: string | null;
  age: number | null;
}

const known = (v: number): number | null => (Number.isNaN(v) ? null : v);

/** The table of laps, by driver and lap. */
export class LapBook {
  private readonly byKey = new Map<string, Lap>();
  private readonly byDriver = new Map<string, Lap[]>();

  /** `table`: driver, lap, end_time_s, lap_time_s, compound, tyre_age_laps. */
  constructor(table: Table) {
    const [driver, compound] = ["driver", "compound"].map((c) => table.text(c));
    const [lap, end, time, age] = ["lap", "end_time_s", "lap_time_s", "tyre_age_laps"].map((c) => table.number(c));
    for (let i = 0; i < table.rows; i++) {
      const code = driver[i] ?? "";
      const row = {
        driver: code,
        lap: lap[i],
        end_s: known(end[i]),
        time_s: known(time[i]),
        compound: compound[i],
        age: known(age[i]),
      };
      this.byKey.set(keyOf([code, row.lap]), row);
      this.byDriver.set(code, [...(this.byDriver.get(code) ?? []), row]);
    }
  }

  get(ref: LapRef): Lap | undefined {
    return this.byKey.get(keyOf(ref));
  }

  of(driver: string): Lap[] {
    return this.byDriver.get(driver) ?? [];
  }
}

/** A lap that the clock has not reached the end of. */
export const isAhead = (lap: Lap | undefined, time_s: number): boolean => lap?.end_s != null && lap.end_s > time_s;

/** The driver's best lap of those at hand, driven by then if there is one; else his best of all. */
export function bestLap(book: LapBook, driver: string, has: (ref: LapRef) => boolean, time_s: number): LapRef | null {
  const laps = book
    .of(driver)
    .filter((lap) => has([driver, lap.lap]))
    .sort((a, b) => (a.time_s ?? Number.POSITIVE_INFINITY) - (b.time_s ?? Number.POSITIVE_INFINITY));
  const best = laps.find((lap) => !isAhead(lap, time_s)) ?? laps[0];
  return best ? [driver, best.lap] : null;
}

export interface Wish {
  /** the panel's own laps: nothing else counts then */
  explicit: LapRef[];
  /** laps of the selection */
  picked: LapRef[];
  /** selected drivers */
  drivers: string[];
}

/**
 * The laps to show. Of the selection: first the selected drivers, each with the laps picked for him or else `best`, then
 * picked laps of other drivers.
 */
export function chooseLaps(wish: Wish, best: (driver: string) => LapRef | null): LapRef[] {
  const { explicit, picked, drivers } = wish;
  const all = explicit.length
    ? explicit
    : [
        ...drivers.flatMap((driver) => {
          const own = picked.filter(([code]) => code === driver);
          return own.length ? own : [best(driver)].filter((lap) => lap !== null);
        }),
        ...picked.filter(([code]) => !drivers.includes(code)),
      ];
  return [...new Map(all.map((lap) => [keyOf(lap), lap])).values()];
}

/**
 * Which line sample each lap has. The first lap of a selected driver has the driver's own, so that he looks the same in all
 * panels; the others take those that are left.
 */
export function slots(laps: LapRef[], drivers: string[]): number[] {
  const out = new Array<number>(laps.length).fill(-1);
  laps.forEach(([driver], i) => {
    const own = drivers.indexOf(driver);
    if (own >= 0 && own < DASHES.length && !out.includes(own)) out[i] = own;
  });
  let next = 0;
  laps.forEach((_, i) => {
    if (out[i] >= 0) return;
    while (out.includes(next)) next++;
    out[i] = next;
  });
  return out;
}
