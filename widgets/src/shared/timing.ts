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
  /** measured before that of a car beside it in the order, which it contradicts */
  isGapStale: boolean;
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

/** The last sector ends with its lap: for this long it still counts as the lap's. */
const HELD_S = 6;
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
  private readonly series = new Map<string, Map<string, Series>>();
  private orderTimes: Float64Array | undefined;

  /** `table`: time_s, driver, field, value; sorted by driver, field and time, as `f1nb/panels/_tables.py` sends it. */
  constructor(table: Table, drivers: Iterable<string>) {
    this.drivers = [...drivers];
    const time = table.number("time_s");
    const value = table.number("value");
    const driver = table.text("driver");
    const field = table.text("field");
    for (let from = 0, to = 0; from < table.rows; from = to) {
      while (to < table.rows && driver[to] === driver[from] && field[to] === field[from]) to++;
      const code = driver[from] ?? "";
      const fields = this.series.get(code) ?? new Map<string, Series>();
      this.series.set(
        code,
        fields.set(field[from] ?? "", { times: time.subarray(from, to), values: value.subarray(from, to) }),
      );
    }
  }

  /** Whether a field ever has a value: older data have no sectors or tyres. */
  has(field: string): boolean {
    return this.drivers.some((d) => this.changes(d, field).values.some((v) => !Number.isNaN(v)));
  }

  /** The value at a moment, and since when. */
  at(driver: string, field: string, time: number): { value: number | null; since: number } {
    const { times, values } = this.changes(driver, field);
    const i = lastAt(times, time);
    return i < 0 ? { value: null, since: Number.NaN } : { value: Number.isNaN(values[i]) ? null : values[i], since: times[i] };
  }

  /** All changes of one value: for marks on a time line. */
  changes(driver: string, field: string): Readonly<Series> {
    return this.series.get(driver)?.get(field) ?? EMPTY;
  }

  /** How often the order of the cars had changed by then: it differs, so the order may. */
  orderAt(time: number): number {
    this.orderTimes ??= Float64Array.from(
      this.drivers.flatMap((d) => [...this.changes(d, "position").times, ...this.changes(d, "state").times]),
    ).sort();
    return lastAt(this.orderTimes, time);
  }

  /** Places gained (or lost, below zero) since a moment; 0 where either is unknown. */
  moved(driver: string, since: number, time: number): number {
    const [then, now] = [this.at(driver, "position", since).value, this.at(driver, "position", time).value];
    return then == null || now == null ? 0 : then - now;
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
      return { time_s, mark: mark == null ? null : MARKS[mark], isCurrent: since > lapSince || time - since < HELD_S };
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
      isGapStale: false,
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

  /**
   * Every car in running order. In a race those that are out come last, the latest of them first; elsewhere a car that
   * stops keeps the place that its best lap gave it.
   */
  rows(time: number, isRace = true): Row[] {
    const last = (r: Row) => isRace && r.isOut;
    const rows = this.drivers
      .map((d) => this.row(d, time))
      .sort(
        (a, b) =>
          Number(last(a)) - Number(last(b)) ||
          (last(a) ? b.state_since_s - a.state_since_s : (a.position ?? 99) - (b.position ?? 99)) ||
          a.driver.localeCompare(b.driver),
      );
    if (isRace) this.markStale(rows, time);
    return rows;
  }

  /** A gap is as old as the car's last crossing of a line: where gaps fall down the order, the older one is no longer true. */
  private markStale(rows: Row[], time: number): void {
    const driving = rows
      .filter((r) => (r.state === "running" || r.state === "out_lap") && r.gap_s != null && r.gap_laps === 0)
      .map((row) => ({ row, gap_s: row.gap_s as number, since: this.at(row.driver, "gap_s", time).since }));
    driving.forEach((ahead, i) => {
      for (const behind of driving.slice(i + 1)) {
        if (behind.gap_s >= ahead.gap_s) continue;
        (behind.since < ahead.since ? behind : ahead).row.isGapStale = true;
      }
    });
  }
}
