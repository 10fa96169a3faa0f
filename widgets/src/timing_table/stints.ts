// The sets of tyres of every car, as they are fitted.
import type { Table } from "../shared/columns";

export interface Stint {
  compound: string | null;
  /** new when fitted; null: not known */
  isFresh: boolean | null;
  /** laps driven on it before it was fitted, and since */
  before: number;
  laps: number | null;
}

export class Stints {
  private readonly rowsOf = new Map<string, number[]>();
  private readonly compound: (string | null)[];
  private readonly fresh: Float64Array;
  private readonly time: Float64Array;
  private readonly lap: Float64Array;
  private readonly age: Float64Array;

  constructor(table: Table) {
    this.compound = table.text("compound");
    [this.fresh, this.time, this.lap, this.age] = ["fresh_tyre", "time_s", "lap", "age_laps"].map((c) => table.number(c));
    table.text("driver").forEach((driver, i) => {
      const own = this.rowsOf.get(driver ?? "") ?? [];
      own.push(i);
      this.rowsOf.set(driver ?? "", own);
    });
  }

  /** Those of a car until a moment, the one that is on last: how many laps that has is in the change log. */
  at(driver: string, time_s: number): Stint[] {
    const rows = (this.rowsOf.get(driver) ?? []).filter((row) => this.time[row] <= time_s);
    return rows.map((row, i) => ({
      compound: this.compound[row],
      isFresh: Number.isNaN(this.fresh[row]) ? null : this.fresh[row] === 1,
      before: this.age[row] || 0,
      laps: i + 1 < rows.length ? this.lap[rows[i + 1]] - this.lap[row] : null,
    }));
  }
}
