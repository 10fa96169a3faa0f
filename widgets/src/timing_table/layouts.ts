// Which columns are shown: by default those of the kind of session, else what an author or the viewer wants.
import { COLUMNS, inOrder, type Kind } from "./columns";

const TIMES = ["last", "best", "sector_1", "sector_2", "sector_3"];
const SPEEDS = ["speed_i1", "speed_i2", "speed_fl", "speed_st"];

export const LAYOUTS: Record<Kind, string[]> = {
  race: inOrder([
    "gained",
    "gap",
    "interval",
    ...TIMES,
    "mini_sectors",
    "tyre",
    "stints",
    "stops",
    "pit_lane",
    "stewards",
    "state",
  ]),
  qualifying: inOrder(["gap", "cutoff", "q1", "q2", "q3", ...TIMES, "mini_sectors", "tyre", "stewards", "state"]).filter(
    (name) => name !== "best",
  ),
  practice: inOrder(["lap", "gap", ...TIMES, "mini_sectors", "speed_st", "tyre", "stints", "state"]),
};

/** What the chooser offers beside single columns. */
export const PRESETS: [name: string, columns: string[]][] = [
  ["Race", LAYOUTS.race],
  ["Qualifying", LAYOUTS.qualifying],
  ["Practice", LAYOUTS.practice],
  ["Sectors", inOrder([...TIMES, "ideal", "mini_sectors", ...SPEEDS, "tyre", "state"])],
  ["Everything", COLUMNS.map((c) => c.name)],
];

/** The viewer's choice, kept by the browser for each kind of session and each set of columns an author gave. */
const keyOf = (kind: Kind, given: string[] | null): string => `f1nb:timing-columns:${kind}:${given?.join() ?? ""}`;

/** What the viewer chose before; null: nothing, or the browser keeps nothing in this host. */
export function remembered(kind: Kind, given: string[] | null): string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(kind, given)) ?? "null");
    return Array.isArray(kept) ? inOrder(kept) : null;
  } catch {
    return null; // no storage in this host
  }
}

export function remember(kind: Kind, given: string[] | null, chosen: string[]): void {
  try {
    localStorage.setItem(keyOf(kind, given), JSON.stringify(chosen));
  } catch {
    return; // no storage in this host: it is the choice of this page
  }
}
