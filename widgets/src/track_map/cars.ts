// Where every car is at a moment: twice a second in the data, a smooth line between.
import { type Circuit, project } from "../shared/circuit";
import type { Table } from "../shared/columns";
import { lastAt } from "../shared/timing";

/** A hole in the positions longer than this is not bridged: nobody knows the way the car took. */
export const GAP_S = 3;

export interface Place {
  x: number;
  y: number;
  /** seconds since the place was known; 0 while it is */
  stale_s: number;
}

/** Where one car is, however that is known. */
export interface Trail {
  /** Write the place at `time` into `out`. False when the car has not been seen yet. */
  at(time: number, out: Place): boolean;
  /** Metres from the start line; NaN when it has not been seen yet. */
  along(time: number, circuit: Circuit): number;
}

/** One car's positions. Times ascend. */
export class Path implements Trail {
  private i = 0;

  constructor(
    readonly times: Float64Array,
    readonly x: Float64Array,
    readonly y: Float64Array,
  ) {}

  at(time: number, out: Place): boolean {
    const { times, x, y } = this;
    const last = times.length - 1;
    if (last < 0 || time < times[0] - GAP_S) return false;
    let { i } = this;
    // while playing it is this step or the next one; a search only after a jump
    if (!(times[i] <= time && (i === last || time < times[i + 1]))) {
      i =
        i < last && times[i + 1] <= time && (i + 1 === last || time < times[i + 2]) ? i + 1 : Math.max(0, lastAt(times, time));
      this.i = i;
    }
    const step = i < last ? times[i + 1] - times[i] : Number.POSITIVE_INFINITY;
    if (time <= times[i] || step > GAP_S) {
      out.x = x[i];
      out.y = y[i];
      out.stale_s = time - times[i] > GAP_S ? time - times[i] : 0;
      return true;
    }
    const u = (time - times[i]) / step;
    out.x = hermite(x[i], x[i + 1], this.slope(x, i) * step, this.slope(x, i + 1) * step, u);
    out.y = hermite(y[i], y[i + 1], this.slope(y, i) * step, this.slope(y, i + 1) * step, u);
    out.stale_s = 0;
    return true;
  }

  along(time: number, circuit: Circuit): number {
    const place = { x: 0, y: 0, stale_s: 0 };
    return this.at(time, place) ? project(circuit, place.x, place.y).distance_m : Number.NaN;
  }

  /** Speed at a sample, from its neighbours; one-sided beside a hole. */
  private slope(v: Float64Array, i: number): number {
    const t = this.times;
    const a = i > 0 && t[i] - t[i - 1] <= GAP_S ? i - 1 : i;
    const b = i < t.length - 1 && t[i + 1] - t[i] <= GAP_S ? i + 1 : i;
    return b > a ? (v[b] - v[a]) / (t[b] - t[a]) : 0;
  }
}

/** A cubic through two values with the slopes given. */
function hermite(a: number, b: number, slopeA: number, slopeB: number, u: number): number {
  const v = 1 - u;
  return a * v * v * (1 + 2 * u) + b * u * u * (3 - 2 * u) + slopeA * u * v * v - slopeB * u * u * v;
}

/** `table`: driver, time_s, x_m, y_m; those of one driver in order of time. */
export function readPaths(table: Table): Map<string, Path> {
  const driver = table.text("driver");
  const [time, x, y] = ["time_s", "x_m", "y_m"].map((c) => table.number(c));
  const rows = new Map<string, number[]>();
  for (let i = 0; i < table.rows; i++) {
    const code = driver[i];
    if (!code || Number.isNaN(x[i] + y[i])) continue;
    const own = rows.get(code);
    if (own) own.push(i);
    else rows.set(code, [i]);
  }
  const pick = (own: number[], values: Float64Array) => Float64Array.from(own, (i) => values[i]);
  return new Map([...rows].map(([code, own]) => [code, new Path(pick(own, time), pick(own, x), pick(own, y))]));
}
