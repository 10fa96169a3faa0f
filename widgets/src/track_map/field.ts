// Where the cars are: by their positions where these are published, else by the mini-sectors that they complete.
import { type Circuit, readCircuit } from "../shared/circuit";
import type { Table } from "../shared/columns";
import type { TimingLog } from "../shared/timing";
import { type Path, readPaths, type Trail } from "./cars";
import { drivenCircuit } from "./driven";
import { MiniSectors } from "./mini_sectors";
import { MiniSectorTrail } from "./trail";

export class Field {
  /** null: neither shape nor loop, only positions of less than a lap */
  readonly circuit: Circuit | null;
  /** the shape is the way of a car, because no source has one */
  readonly isDriven: boolean;
  readonly sectors: MiniSectors | null;
  paths: Map<string, Path>;

  constructor(
    private readonly tables: Record<string, Table>,
    private readonly log: TimingLog,
  ) {
    const known = readCircuit(tables.circuit);
    this.paths = readPaths(tables.positions);
    this.sectors = this.paths.size ? null : new MiniSectors(tables.mini_sectors, log, known);
    this.isDriven = !known && !this.sectors;
    this.circuit = this.sectors ? this.sectors.circuit : (known ?? drivenCircuit(tables.laps, this.paths));
  }

  /** Nothing says where any car is. */
  get isEmpty(): boolean {
    return !this.paths.size && !this.sectors?.cars.size;
  }

  /** Take what is new, by the first row of each table that is. True: the road has to be drawn anew. */
  take(from: Record<string, number>): boolean {
    if (!this.sectors) {
      if (from.positions != null) this.paths = readPaths(this.tables.positions);
      return false;
    }
    const isNew = from.mini_sectors != null || (this.sectors.kind === "sectors" && from.timing != null);
    return isNew && this.sectors.take(from.mini_sectors ?? 0);
  }

  /** There is something better to go by, or of another shape: start over. */
  isOutgrown(from: Record<string, number>): boolean {
    if (from.circuit != null) return true;
    if (this.sectors) return this.tables.positions.rows > 0 || this.sectors.isOutgrown();
    return !this.circuit && from.laps != null && drivenCircuit(this.tables.laps, this.paths) !== null;
  }

  /** The way of one car, of its own: whoever looks at it does so in order of time. */
  trail(driver: string): Trail | undefined {
    return this.sectors ? new MiniSectorTrail(this.sectors, driver) : this.paths.get(driver);
  }

  trails(): Map<string, Trail> {
    if (!this.sectors) return this.paths;
    return new Map(this.log.drivers.map((driver) => [driver, this.trail(driver) as Trail]));
  }
}
