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
  readonly times: Float64Array;
  readonly values: Float64Array;
}

const EMPTY: Series = { times: new Float64Array(), values: new Float64Array() };

/** One value of one car as it changes; there is room for what comes. */
class Growing implements Series {
  private room = { times: new Float64Array(8), values: new Float64Array(8) };
  private rows: number[] = [];
  private shown: Series = EMPTY;

  get times(): Float64Array {
    return this.view().times;
  }

  get values(): Float64Array {
    return this.view().values;
  }

  push(row: number, time: number, value: number): void {
    const n = this.rows.push(row);
    if (n > this.room.times.length) {
      const larger = { times: new Float64Array(2 * n), values: new Float64Array(2 * n) };
      larger.times.set(this.room.times);
      larger.values.set(this.room.values);
      this.room = larger;
    }
    this.room.times[n - 1] = time;
    this.room.values[n - 1] = value;
  }

  /** Forget what stood in rows from this one on. */
  cut(from: number): void {
    while (this.rows.length && this.rows[this.rows.length - 1] >= from) this.rows.pop();
  }

  private view(): Series {
    const n = this.rows.length;
    const { times, values } = this.room;
    if (this.shown.times.length !== n || this.shown.times.buffer !== times.buffer)
      this.shown = { times: times.subarray(0, n), values: values.subarray(0, n) };
    return this.shown;
  }
}

/** The last sector ends with its lap: for this long it still counts as the lap's. */
const HELD_S = 6;
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
  private readonly series = new Map<string, Map<string, Growing>>();
  private orderTimes: Float64Array | undefined;

  /** `table`: time_s, driver, field, value; those of one driver and field in order of time. */
  constructor(table: Table, drivers: Iterable<string>) {
    this.drivers = [...drivers];
    this.take(table, 0);
  }

  /** Take what is new in the table: its rows from this one on. */
  take(table: Table, from: number): void {
    if (from > 0 || this.series.size)
      for (const fields of this.series.values()) for (const series of fields.values()) series.cut(from);
    const time = table.number("time_s");
    const value = table.number("value");
    const driver = table.text("driver");
    const field = table.text("field");
    for (let i = from; i < table.rows; i++) this.seriesOf(driver[i] ?? "", field[i] ?? "").push(i, time[i], value[i]);
    this.orderTimes = undefined;
  }

  private seriesOf(driver: string, field: string): Growing {
    let fields = this.series.get(driver);
    if (!fields) {
      fields = new Map();
      this.series.set(driver, fields);
    }
    let series = fields.get(field);
    if (!series) {
      series = new Growing();
      fields.set(field, series);
    }
    return series;
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
