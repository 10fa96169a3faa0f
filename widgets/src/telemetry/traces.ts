// Telemetry of laps by their place on the circuit.
import type { Table } from "../shared/columns";

export type LapRef = [driver: string, lap: number];

export const keyOf = ([driver, lap]: LapRef): string => `${driver} ${lap}`;

/** One lap. All arrays have the same length; `place` and `time` never fall. */
export interface Trace {
  driver: string;
  lap: number;
  /** metres from the line */
  place: Float64Array;
  /** seconds since the start of the lap */
  time: Float64Array;
  column(name: string): Float64Array;
}

/** `table`: driver, lap, track_m, lap_time_s and channels; the rows of a lap stand together, in order. */
export function readTraces(table: Table): Map<string, Trace> {
  const traces = new Map<string, Trace>();
  if (!table.rows) return traces;
  const driver = table.text("driver");
  const lap = table.number("lap");
  for (let start = 0, i = 1; i <= table.rows; i++) {
    if (i < table.rows && driver[i] === driver[start] && lap[i] === lap[start]) continue;
    const [from, to] = [start, i];
    const trace: Trace = {
      driver: driver[from] ?? "",
      lap: lap[from],
      place: table.number("track_m").subarray(from, to),
      time: table.number("lap_time_s").subarray(from, to),
      column: (name) => table.number(name).subarray(from, to),
    };
    traces.set(keyOf([trace.driver, trace.lap]), trace);
    start = i;
  }
  return traces;
}

/** Index of the last entry of a rising array at or before `value`, at least 0. */
export function before(rising: Float64Array, value: number): number {
  let lo = 0;
  let hi = rising.length;
  while (hi - lo > 1) {
    const mid = (lo + hi) >> 1;
    if (rising[mid] <= value) lo = mid;
    else hi = mid;
  }
  return lo;
}

/** The value where `rising` reaches `at`: on a straight line between two entries, at the ends the first or last one. */
export function between(rising: Float64Array, values: Float64Array, at: number): number {
  const i = before(rising, at);
  const width = rising[i + 1] - rising[i];
  const share = i + 1 < rising.length && width > 0 ? Math.min(1, Math.max(0, (at - rising[i]) / width)) : 0;
  return share ? values[i] + (values[i + 1] - values[i]) * share : values[i];
}

export const timeAt = (trace: Trace, place_m: number): number => between(trace.place, trace.time, place_m);
export const placeAt = (trace: Trace, time_s: number): number => between(trace.time, trace.place, time_s);

/** How far the car got, metres: less than a lap where it stopped. */
export const endOf = (trace: Trace): number => trace.place[trace.place.length - 1];

/** Seconds behind the reference at a place; NaN beyond the end of either lap. */
export function deltaAt(trace: Trace, reference: Trace, place_m: number): number {
  if (place_m > Math.min(endOf(trace), endOf(reference)) + 0.1) return Number.NaN;
  return timeAt(trace, place_m) - timeAt(reference, place_m);
}

/** Seconds behind the reference at every place of the lap. */
export const deltaOf = (trace: Trace, reference: Trace): Float64Array =>
  trace.place.map((place_m) => deltaAt(trace, reference, place_m));

/** Where a switch is on, as pairs of indices [from, to]. */
export function runs(on: Float64Array): [number, number][] {
  const found: [number, number][] = [];
  let from = -1;
  for (let i = 0; i <= on.length; i++) {
    const isOn = i < on.length && on[i] === 1;
    if (isOn && from < 0) from = i;
    if (!isOn && from >= 0) {
      found.push([from, Math.min(i, on.length - 1)]);
      from = -1;
    }
  }
  return found;
}

/** A channel at a place; `isStep`: the value of the last sample. NaN beyond the end of the lap. */
export function valueAt(trace: Trace, column: string, place_m: number, isStep = false): number {
  if (place_m > endOf(trace) + 0.1) return Number.NaN;
  const values = trace.column(column);
  return isStep ? values[before(trace.place, place_m)] : between(trace.place, values, place_m);
}
