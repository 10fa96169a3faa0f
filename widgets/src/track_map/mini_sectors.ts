// What every car has completed of its lap, by the reports of mini-sectors; by sectors where there are none.
import { type Circuit, schematic, setSectors } from "../shared/circuit";
import type { Table } from "../shared/columns";
import type { TimingLog } from "../shared/timing";

const LAP_S = 90; // of a lap nothing is known of yet
const SHORTEST_S = 0.2; // two ends that come at once are no time between them
const POSSIBLE = 0.4; // of an even share of a lap: no car drives several mini-sectors faster than this
const WORTH_MEASURING = 1.25; // so many times as many reports as before tell better how long each takes

/** The ends of mini-sectors that one car has come to, and when. */
export class Passages {
  times = new Float64Array();
  /** of the lap, from 0 */
  ends: number[] = [];
  private all: number[] = [];

  /** A mini-sector is reported again when its mark changes, also that of a lap ago: what cannot have been driven is left out. */
  add(time: number, end: number, count: number): void {
    const last = this.ends.length - 1;
    if (last >= 0) {
      const ahead = (end - this.ends[last] + count) % count;
      if (ahead === 0 || (ahead > 2 && time - this.all[last] < (POSSIBLE * ahead * LAP_S) / count)) return;
    }
    this.all.push(time);
    this.ends.push(end);
  }

  /** Forget what came at this time or later. */
  cut(time: number): void {
    while (this.all.length && this.all[this.all.length - 1] >= time) {
      this.all.pop();
      this.ends.pop();
    }
  }

  close(): void {
    if (this.times.length !== this.all.length || this.times.at(-1) !== this.all.at(-1))
      this.times = Float64Array.from(this.all);
  }
}

export class MiniSectors {
  readonly kind: "mini-sectors" | "sectors";
  /** how many there are on a lap */
  readonly count: number;
  readonly cars = new Map<string, Passages>();
  /** the one given, or a loop that stands for it */
  readonly circuit: Circuit;
  /** metres from the start line at which each begins, and the length of the lap */
  ends: Float64Array = new Float64Array();
  /** time that a fast car takes for each of them */
  typical: Float64Array = new Float64Array();
  /** how many of them each of the three sectors has */
  private readonly inSector: number[];
  private measuredOf = 0;

  /** `table`: time_s, driver, sector, mini_sector, mark. */
  constructor(
    private readonly table: Table,
    readonly log: TimingLog,
    circuit: Circuit | null,
  ) {
    this.inSector = countsOf(table);
    this.kind = this.inSector.every((n) => n > 0) ? "mini-sectors" : "sectors";
    if (this.kind === "sectors") this.inSector = [1, 1, 1];
    this.count = this.inSector.reduce((a, b) => a + b, 0);
    this.circuit = circuit ?? schematic();
    this.take(0);
  }

  /** Whether the table has come to have another number of mini-sectors. */
  isOutgrown(): boolean {
    const counts = countsOf(this.table);
    return counts.every((n) => n > 0) && counts.some((n, i) => n !== this.inSector[i]);
  }

  /** Take the rows from this one on. True: the places of the ends have moved. */
  take(from: number): boolean {
    if (this.kind === "sectors") this.readSectors();
    else this.readTable(from);
    for (const car of this.cars.values()) car.close();
    const known = [...this.cars.values()].reduce((n, car) => n + car.ends.length, 0);
    if (this.measuredOf && known < WORTH_MEASURING * this.measuredOf) return false;
    this.measuredOf = known;
    this.typical = typicalTimes(this.cars.values(), this.count);
    this.ends = this.placed();
    return true;
  }

  private readTable(from: number): void {
    const { table, inSector } = this;
    const [driver, mark] = [table.text("driver"), table.text("mark")];
    const [time, sector, number] = ["time_s", "sector", "mini_sector"].map((c) => table.number(c));
    const before = [0, inSector[0], inSector[0] + inSector[1]];
    let first = from;
    while (first > 0 && time[first - 1] >= time[from]) first--; // of one moment all or nothing is read again
    if (first > 0) for (const car of this.cars.values()) car.cut(time[first]);
    else this.cars.clear();
    const rows = Array.from({ length: table.rows - first }, (_, k) => first + k).filter((i) => mark[i] !== "none");
    const end = (i: number) => before[sector[i] - 1] + number[i] - 1;
    rows.sort((a, b) => time[a] - time[b] || end(a) - end(b));
    for (const i of rows) this.of(driver[i] ?? "").add(time[i], end(i), this.count);
  }

  private readSectors(): void {
    this.cars.clear();
    for (const driver of this.log.drivers) {
      const reports = [0, 1, 2].flatMap((end) => {
        const { times, values } = this.log.changes(driver, `sector_${end + 1}_time_s`);
        return Array.from(times, (time, i) => ({ time, end, isSet: !Number.isNaN(values[i]) })).filter((r) => r.isSet);
      });
      reports.sort((a, b) => a.time - b.time || a.end - b.end);
      for (const { time, end } of reports) this.of(driver).add(time, end, this.count);
    }
  }

  private of(driver: string): Passages {
    let own = this.cars.get(driver);
    if (!own) {
      own = new Passages();
      this.cars.set(driver, own);
    }
    return own;
  }

  /** Where each begins: as published, else by time, inside the timing sectors where it is known where these end. */
  private placed(): Float64Array {
    const { circuit, count, inSector } = this;
    const { length_m, miniSectorEnds, sectorLines } = circuit;
    if (miniSectorEnds.length === count) return Float64Array.from([0, ...miniSectorEnds.slice(0, -1), length_m]);
    const by = new Float64Array(count + 1);
    for (let k = 0; k < count; k++) by[k + 1] = by[k] + this.typical[k];
    const out = by.map((time) => (time / by[count]) * length_m);
    const firsts = [0, inSector[0], inSector[0] + inSector[1], count];
    if (circuit.isSchematic) setSectors(circuit, [out[firsts[1]], out[firsts[2]]]);
    else if (sectorLines.length === 2) {
      const lines = [0, ...sectorLines, length_m];
      for (let sector = 0; sector < 3; sector++) {
        const [a, b] = [firsts[sector], firsts[sector + 1]];
        const stretch = (lines[sector + 1] - lines[sector]) / (by[b] - by[a]);
        for (let k = a; k < b; k++) out[k] = lines[sector] + (by[k] - by[a]) * stretch;
      }
    }
    return out;
  }
}

function countsOf(table: Table): number[] {
  const [sector, number] = ["sector", "mini_sector"].map((c) => table.number(c));
  const counts = [0, 0, 0];
  for (let i = 0; i < table.rows; i++) counts[sector[i] - 1] = Math.max(counts[sector[i] - 1], number[i]);
  return counts;
}

/** The time for each that a quarter of the cars are faster than: who is slow says little about the road. */
function typicalTimes(cars: Iterable<Passages>, count: number): Float64Array {
  const times: number[][] = Array.from({ length: count }, () => []);
  for (const { times: at, ends } of cars) {
    for (let i = 1; i < at.length; i++) {
      const took = at[i] - at[i - 1];
      if (took >= SHORTEST_S && ends[i] === (ends[i - 1] + 1) % count) times[ends[i]].push(took);
    }
  }
  return Float64Array.from(times, (all) =>
    all.length ? all.sort((a, b) => a - b)[Math.floor(all.length / 4)] : LAP_S / count,
  );
}
