// The change log of the timing table, and the state of every car at any moment.
import type { Table } from "./columns";
import { COMPOUNDS } from "./status";

// codes of f1nb/schema.py
export const CAR_STATES = ["grid", "running", "pit", "out_lap", "stopped", "retired", "finished", "garage"] as const;
export const MARKS = ["slower", "personal", "best"] as const;
export type CarState = (typeof CAR_STATES)[number];
export type Mark = (typeof MARKS)[number];

export interface MarkedTime {
  time_s: number | null;
  mark: Mark | null;
  /** set on the lap that is being driven */
  isCurrent: boolean;
}

export interface Row {
  driver: string;
  position: number | null;
  lap: number | null;
  gap_s: number | null;
  gap_laps: number;
  interval_s: number | null;
  interval_laps: number;
  last: MarkedTime;
  best: MarkedTime;
  sectors: [MarkedTime, MarkedTime, MarkedTime];
  compound: string | null;
  tyre_age_laps: number | null;
  stops: number;
  state: CarState;
  state_since_s: number;
  isOut: boolean;
}

interface Series {
  times: Float64Array;
  values: Float64Array;
}

const EMPTY: Series = { times: new Float64Array(), values: new Float64Array() };

/** Index of the last entry at or before `time`, or -1. */
export function lastAt(times: Float64Array, time: number): number {
  let lo = -1;
  let hi = times.length;
  while (hi - lo > 1) {
    const mid = (lo + hi) >> 1;
    if (times[mid] <= time) lo = mid;
    else hi = mid;
  }
  return lo;
}

export class TimingLog {
  readonly drivers: string[];
  private readonly series = new Map<string, Series>();

  /** `table`: time_s, driver, field, value. */
  constructor(table: Table, drivers: Iterable<string>) {
    this.drivers = [...drivers];
    const time = table.number("time_s");
    const value = table.number("value");
    const driver = table.text("driver");
    const field = table.text("field");
    const rows = new Map<string, number[]>();
    for (let i = 0; i < table.rows; i++) {
      const key = `${driver[i]} ${field[i]}`;
      const list = rows.get(key);
      if (list) list.push(i);
      else rows.set(key, [i]);
    }
    for (const [key, list] of rows) {
      list.sort((a, b) => time[a] - time[b] || a - b);
      this.series.set(key, {
        times: Float64Array.from(list, (i) => time[i]),
        values: Float64Array.from(list, (i) => value[i]),
      });
    }
  }

  private find(driver: string, field: string): Series {
    return this.series.get(`${driver} ${field}`) ?? EMPTY;
  }

  /** The value at a moment, and since when. */
  at(driver: string, field: string, time: number): { value: number | null; since: number } {
    const { times, values } = this.find(driver, field);
    const i = lastAt(times, time);
    return i < 0 || Number.isNaN(values[i])
      ? { value: null, since: i < 0 ? Number.NaN : times[i] }
      : { value: values[i], since: times[i] };
  }

  /** All changes of one value: for marks on a time line. */
  changes(driver: string, field: string): Readonly<Series> {
    return this.find(driver, field);
  }

  /** The lap that is being driven: the highest of all cars. */
  lap(time: number): number {
    return this.drivers.reduce((lap, d) => Math.max(lap, this.at(d, "lap", time).value ?? 0), 0);
  }

  row(driver: string, time: number): Row {
    const value = (field: string) => this.at(driver, field, time).value;
    const lapSince = this.at(driver, "lap", time).since;
    const marked = (field: string): MarkedTime => {
      const { value: time_s, since } = this.at(driver, `${field}_time_s`, time);
      const mark = value(`${field}_mark`);
      return { time_s, mark: mark == null ? null : MARKS[mark], isCurrent: since > lapSince };
    };
    const state = this.at(driver, "state", time);
    const name = CAR_STATES[state.value ?? 0];
    const compound = value("compound");
    return {
      driver,
      position: value("position"),
      lap: value("lap"),
      gap_s: value("gap_s"),
      gap_laps: value("gap_laps") ?? 0,
      interval_s: value("interval_s"),
      interval_laps: value("interval_laps") ?? 0,
      last: marked("last_lap"),
      best: marked("best_lap"),
      sectors: [marked("sector_1"), marked("sector_2"), marked("sector_3")],
      compound: compound == null ? null : COMPOUNDS[compound],
      tyre_age_laps: value("tyre_age_laps"),
      stops: value("stops") ?? 0,
      state: name,
      state_since_s: state.since,
      isOut: name === "retired" || name === "stopped",
    };
  }

  /** Every car in running order; those that are out come last, the latest of them first. */
  rows(time: number): Row[] {
    return this.drivers
      .map((d) => this.row(d, time))
      .sort(
        (a, b) =>
          Number(a.isOut) - Number(b.isOut) ||
          (a.isOut ? b.state_since_s - a.state_since_s : (a.position ?? 99) - (b.position ?? 99)) ||
          a.driver.localeCompare(b.driver),
      );
  }
}
