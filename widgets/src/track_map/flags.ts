// Which stretches of the circuit are under yellow flags, by the messages of race control.
import type { Circuit, Stretch } from "../shared/circuit";
import type { Table } from "../shared/columns";
import { lastAt } from "../shared/timing";

export type SectorFlag = "yellow" | "double";
export type SectorFlags = ReadonlyMap<number, SectorFlag>;

const NO_FLAGS: SectorFlags = new Map();
const FLAGS: Record<string, SectorFlag> = { YELLOW: "yellow", "DOUBLE YELLOW": "double" };
const ENDS_ALL = ["GREEN", "CLEAR", "CHEQUERED"]; // of the whole track
const FEWEST = 15; // marshal sectors of a circuit, where nothing says how many it has

/** The flags of marshal sectors as they change. */
export class FlagLog {
  private readonly times: Float64Array;
  private readonly states: SectorFlags[];
  /** the highest sector that was ever named */
  readonly highest: number;

  /** `table`: time_s, flag, scope, sector. */
  constructor(table: Table) {
    const [time, sector] = ["time_s", "sector"].map((c) => table.number(c));
    const [flag, scope] = ["flag", "scope"].map((c) => table.text(c));
    const times: number[] = [];
    this.states = [];
    let highest = 0;
    let now: SectorFlags = NO_FLAGS;
    for (let i = 0; i < table.rows; i++) {
      const isSector = scope[i] === "Sector" && sector[i] > 0;
      let next = now;
      if (isSector) {
        highest = Math.max(highest, sector[i]);
        const changed = new Map(now);
        const shown = FLAGS[flag[i] ?? ""];
        if (shown) changed.set(sector[i], shown);
        else changed.delete(sector[i]);
        next = changed;
      } else if (scope[i] === "Track" && ENDS_ALL.includes(flag[i] ?? "")) next = NO_FLAGS;
      if (next === now) continue;
      now = next;
      times.push(time[i]);
      this.states.push(now);
    }
    this.times = Float64Array.from(times);
    this.highest = highest;
  }

  at(time_s: number): SectorFlags {
    return this.states[lastAt(this.times, time_s)] ?? NO_FLAGS;
  }
}

/**
 * Where a marshal sector is. On a loop, where nothing is more than a share of the lap, by its number; on a circuit whose marshal
 * sectors are not known nowhere.
 */
export function stretchOf(circuit: Circuit, sector: number, highest: number): Stretch | null {
  const known = circuit.marshalSectors.find((s) => s.number === sector);
  if (known || !circuit.isSchematic) return known ?? null;
  const step = circuit.length_m / Math.max(FEWEST, highest);
  return { number: sector, from: (sector - 1) * step, to: sector * step };
}

/** "Yellow flag, sector 14", as a label. */
export function flagWords(flags: SectorFlags): string {
  const of = (kind: SectorFlag) =>
    [...flags]
      .filter(([, f]) => f === kind)
      .map(([sector]) => sector)
      .sort((a, b) => a - b);
  const words = (name: string, sectors: number[]) =>
    sectors.length ? `${name}, sector${sectors.length > 1 ? "s" : ""} ${sectors.join(", ")}` : "";
  return [words("Double yellow", of("double")), words("Yellow", of("yellow"))].filter(Boolean).join("; ");
}
