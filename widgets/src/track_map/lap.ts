// The lap that colours the circuit: which one, its values along the road, and their colours.

import type { Circuit } from "../shared/circuit";
import type { Table } from "../shared/columns";
import { css, mix, parse, type Tokens } from "../shared/theme";
import type { ColorBy } from "./model";

export type Channel = Exclude<ColorBy, "plain">;

interface ChannelStyle {
  column: string;
  unit: string;
  /** values that are not read between two samples */
  isStep: boolean;
  /** where the ramp ends; null: at the lap's own lowest and highest value */
  range: [number, number] | null;
  levels: number;
}

export const CHANNELS: Record<Channel, ChannelStyle> = {
  speed: { column: "speed_kmh", unit: "km/h", isStep: false, range: null, levels: 32 },
  throttle: { column: "throttle_pct", unit: "% throttle", isStep: false, range: [0, 100], levels: 16 },
  brake: { column: "is_braking", unit: "", isStep: true, range: [0, 1], levels: 2 },
  gear: { column: "gear", unit: "gear", isStep: true, range: [1, 8], levels: 8 },
};

export interface Lap {
  driver: string;
  lap: number;
  lap_time_s: number;
  /** session clock at its end; null: not known */
  end_s: number | null;
  from: number;
  to: number;
}

/**
 * `table`: driver, lap, track_m, lap_time_s and the channels, one lap after the other. `book`: driver, lap and end_time_s of
 * all laps.
 */
export function readLaps(table: Table, book: Table): Lap[] {
  const ends = new Map<string, number>();
  const [whose, which, end] = [book.text("driver"), book.number("lap"), book.number("end_time_s")];
  for (let i = 0; i < book.rows; i++) if (!Number.isNaN(end[i])) ends.set(`${whose[i]} ${which[i]}`, end[i]);
  const driver = table.text("driver");
  const [lap, time] = ["lap", "lap_time_s"].map((c) => table.number(c));
  const laps: Lap[] = [];
  for (let from = 0, i = 1; i <= table.rows; i++) {
    if (i < table.rows && driver[i] === driver[from] && lap[i] === lap[from]) continue;
    const end_s = ends.get(`${driver[from]} ${lap[from]}`) ?? null;
    laps.push({ driver: driver[from] ?? "", lap: lap[from], lap_time_s: time[i - 1], end_s, from, to: i });
    from = i;
  }
  return laps;
}

/** A lap that the clock has not reached the end of. */
export const isAhead = (lap: Lap, time_s: number): boolean => lap.end_s != null && lap.end_s > time_s;

/**
 * The first selected lap that is there, else the best one of the first selected driver, else the fastest of all. Best and
 * fastest are of the laps driven by then; one from later only where there is none.
 */
export function chooseLap(laps: Lap[], selected: [string, number][], drivers: string[], time_s: number): Lap | null {
  const fastest = (some: Lap[]) => some.reduce<Lap | null>((a, b) => (a && a.lap_time_s <= b.lap_time_s ? a : b), null);
  const best = (some: Lap[]) => fastest(some.filter((l) => !isAhead(l, time_s))) ?? fastest(some);
  for (const [driver, lap] of selected) {
    const found = laps.find((l) => l.driver === driver && l.lap === lap);
    if (found) return found;
  }
  return (drivers.length ? best(laps.filter((l) => l.driver === drivers[0])) : null) ?? best(laps);
}

/** A channel of a lap at each point of the outline; NaN where the lap has none. */
export function alongCircuit(circuit: Circuit, table: Table, lap: Lap, channel: Channel): Float64Array {
  const { column, isStep } = CHANNELS[channel];
  const place = table.number("track_m");
  const value = table.number(column);
  const out = new Float64Array(circuit.x.length).fill(Number.NaN);
  let i = lap.from;
  for (let k = 0; k < out.length; k++) {
    const at = circuit.at[k];
    while (i + 1 < lap.to - 1 && place[i + 1] <= at) i++;
    const next = Math.min(i + 1, lap.to - 1);
    const step = place[next] - place[i];
    const share = isStep || step <= 0 ? 0 : Math.min(1, Math.max(0, (at - place[i]) / step));
    out[k] = value[i] + (value[next] - value[i]) * share;
  }
  return out;
}

export interface Levels {
  /** of each point; -1 where there is no value */
  level: Int8Array;
  count: number;
  low: number;
  high: number;
}

export function toLevels(values: Float64Array, channel: Channel): Levels {
  const { range, levels } = CHANNELS[channel];
  const known = values.filter((v) => !Number.isNaN(v));
  const [low, high] = range ?? [
    known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    known.reduce((a, b) => Math.max(a, b), 0),
  ];
  const level = Int8Array.from(values, (v) =>
    Number.isNaN(v) ? -1 : Math.max(0, Math.min(levels - 1, Math.round(((v - low) / (high - low || 1)) * (levels - 1)))),
  );
  return { level, count: levels, low, high };
}

/** The colour of a level on the ramp from slow to fast: one direction of hue, lightness carries it. */
export function levelColor(t: Tokens, level: number, count: number): string {
  const stops = [t["speed-0"], t["speed-1"], t["speed-2"], t["speed-3"], t["speed-4"]];
  const at = (level / Math.max(1, count - 1)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  return css(mix(parse(stops[i]), parse(stops[i + 1]), at - i));
}
