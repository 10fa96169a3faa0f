// How each car goes through the mini-sectors of its lap.
import type { Table } from "../shared/columns";

export type Pace = "none" | "slower" | "personal" | "best" | "pit_lane" | "stopped";

/** One mini-sector of one car as it changes: rows of the table. */
type Rows = number[];

export class MiniSectors {
  /** how many each sector has */
  readonly counts = [0, 0, 0];
  private readonly rowsOf = new Map<string, Rows[][]>();
  private time: Float64Array = new Float64Array();
  private mark: (string | null)[] = [];

  constructor(table: Table) {
    this.take(table, 0);
  }

  /** Take what is new in the table: its rows from this one on. */
  take(table: Table, from: number): void {
    for (const sectors of this.rowsOf.values())
      for (const rows of sectors.flat()) while (rows.length && rows[rows.length - 1] >= from) rows.pop();
    this.time = table.number("time_s");
    this.mark = table.text("mark");
    const driver = table.text("driver");
    const [sector, place] = [table.number("sector"), table.number("mini_sector")];
    for (let i = from; i < table.rows; i++) {
      let sectors = this.rowsOf.get(driver[i] ?? "");
      if (!sectors) {
        sectors = [[], [], []];
        this.rowsOf.set(driver[i] ?? "", sectors);
      }
      const places = sectors[sector[i] - 1];
      while (places.length < place[i]) places.push([]);
      places[place[i] - 1].push(i);
      this.counts[sector[i] - 1] = Math.max(this.counts[sector[i] - 1], place[i]);
    }
  }

  /** The three sectors of a car at a moment. */
  at(driver: string, time_s: number): Pace[][] {
    const sectors = this.rowsOf.get(driver) ?? [];
    return this.counts.map((n, s) => Array.from({ length: n }, (_, place) => this.pace(sectors[s]?.[place] ?? [], time_s)));
  }

  private pace(rows: Rows, time_s: number): Pace {
    let lo = -1;
    let hi = rows.length;
    while (hi - lo > 1) {
      const mid = (lo + hi) >> 1;
      if (this.time[rows[mid]] <= time_s) lo = mid;
      else hi = mid;
    }
    return lo < 0 ? "none" : ((this.mark[rows[lo]] ?? "none") as Pace);
  }
}
