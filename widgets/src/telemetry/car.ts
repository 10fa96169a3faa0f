// Where a car is on its lap, from the positions that the map plays.
import { type Circuit, onLap, project } from "../shared/circuit";
import type { Table } from "../shared/columns";
import { before } from "./traces";

/** A car unseen for longer is not moved between the two places. */
const LONGEST_GAP_S = 3;

/** Places of cars on the lap at any moment. `table`: driver, time_s, x_m, y_m, sorted. */
export class CarPlaces {
  private readonly rows = new Map<string, [number, number]>();
  private readonly time: Float64Array;
  private readonly x: Float64Array;
  private readonly y: Float64Array;
  private readonly places: Float64Array;

  constructor(
    table: Table,
    private readonly circuit: Circuit,
  ) {
    [this.time, this.x, this.y] = ["time_s", "x_m", "y_m"].map((c) => table.number(c));
    this.places = new Float64Array(table.rows).fill(Number.NaN);
    const driver = table.text("driver");
    for (let i = 0; i < table.rows; i++) {
      const code = driver[i] ?? "";
      const rows = this.rows.get(code);
      if (rows) rows[1] = i + 1;
      else this.rows.set(code, [i, i + 1]);
    }
  }

  /** Metres from the line, or null where nothing is known of the car. */
  at(driver: string, time_s: number): number | null {
    const rows = this.rows.get(driver);
    if (!rows) return null;
    const i = rows[0] + before(this.time.subarray(...rows), time_s);
    const first = this.place(i);
    const span = i + 1 < rows[1] ? this.time[i + 1] - this.time[i] : Number.POSITIVE_INFINITY;
    if (Number.isNaN(first) || time_s < this.time[i] || time_s - this.time[i] > LONGEST_GAP_S) return null;
    if (span > LONGEST_GAP_S) return first;
    const { length_m } = this.circuit;
    const way = onLap(this.circuit, this.place(i + 1) - first + length_m / 2) - length_m / 2; // the short way round
    return onLap(this.circuit, first + (way * (time_s - this.time[i])) / span);
  }

  private place(i: number): number {
    if (Number.isNaN(this.places[i])) this.places[i] = project(this.circuit, this.x[i], this.y[i]).distance_m;
    return this.places[i];
  }
}
