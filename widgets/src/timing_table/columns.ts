// The columns of the timing table: what they are called, how wide they are, which go first where there is no room.
import type { TimingLog } from "../shared/timing";

export interface Column {
  /** as in the trait `columns` */
  name: string;
  head: string;
  title: string;
  /** of the change log: without a value in any of them there is no column */
  fields: string[];
  /** width in figures and pixels, because the host's font is not ours */
  ch: number;
  px: number;
}

/** Always there. */
export const FIXED: Column[] = [
  { name: "position", head: "Pos", title: "Position", fields: [], ch: 0, px: 36 },
  { name: "driver", head: "Driver", title: "Driver", fields: [], ch: 4.5, px: 54 },
];

/** In the order of the table. */
export const COLUMNS: Column[] = [
  { name: "gained", head: "+/−", title: "Places gained since the start", fields: ["position"], ch: 2, px: 24 },
  { name: "lap", head: "Lap", title: "Lap", fields: ["lap"], ch: 2, px: 22 },
  { name: "gap", head: "Gap", title: "Gap to the leader, seconds", fields: ["gap_s", "gap_laps"], ch: 8, px: 10 },
  {
    name: "interval",
    head: "Int",
    title: "Interval to the car ahead, seconds",
    fields: ["interval_s", "interval_laps"],
    ch: 6.8,
    px: 10,
  },
  { name: "last", head: "Last", title: "Last lap time", fields: ["last_lap_time_s"], ch: 7, px: 21 },
  { name: "best", head: "Best", title: "Best lap time", fields: ["best_lap_time_s"], ch: 7, px: 21 },
  { name: "sector_1", head: "S1", title: "Sector 1", fields: ["sector_1_time_s"], ch: 5.5, px: 19 },
  { name: "sector_2", head: "S2", title: "Sector 2", fields: ["sector_2_time_s"], ch: 5.5, px: 19 },
  { name: "sector_3", head: "S3", title: "Sector 3", fields: ["sector_3_time_s"], ch: 5.5, px: 19 },
  { name: "tyre", head: "Tyre", title: "Compound and age in laps", fields: ["compound"], ch: 3, px: 30 },
  { name: "stops", head: "Stops", title: "Pit stops", fields: ["stops"], ch: 0, px: 36 },
  { name: "state", head: "State", title: "Pit lane, out lap, retired", fields: ["state"], ch: 7, px: 18 },
];

/** What goes first where the panel is narrow, and what goes when it is as narrow as a phone. */
const FIRST_TO_GO = [["gained"], ["lap"], ["sector_1", "sector_2", "sector_3"]];
const NOT_NARROW = ["best", "stops"];
const LAST_TO_GO = ["last", "tyre"];
/** What a narrow table spares by setting the line sample under the code. */
const SPARED_PX = 24;

export type Which = "gap" | "interval";

export interface Fit {
  columns: string[];
  /** of gap and interval only one has room: a switch says which */
  hasSwitch: boolean;
  /** rows for a thumb, line samples under the code */
  isNarrow: boolean;
}

const widthOf = (names: string[], ch: number): number =>
  [...FIXED, ...COLUMNS.filter((c) => names.includes(c.name))].reduce((width, c) => width + c.ch * ch + c.px, 0);

/** What of the wanted columns a panel of this width shows; `ch` is the width of a figure. */
export function fitting(wanted: string[], width: number, ch: number, which: Which): Fit {
  let columns = COLUMNS.map((c) => c.name).filter((name) => wanted.includes(name));
  let spared = 0;
  const fits = () => widthOf(columns, ch) - spared <= width;
  const without = (names: string[]) => columns.filter((name) => !names.includes(name));
  for (const names of FIRST_TO_GO) if (!fits()) columns = without(names);
  const isNarrow = !fits();
  if (isNarrow) {
    spared = SPARED_PX;
    columns = without(NOT_NARROW);
  }
  const hasSwitch = !fits() && columns.includes("gap") && columns.includes("interval");
  if (hasSwitch) columns = without([which === "gap" ? "interval" : "gap"]);
  for (const name of LAST_TO_GO) if (!fits()) columns = without([name]);
  return { columns, hasSwitch, isNarrow };
}

/** The columns that these data can fill: what never has a value is left out with its header. */
export function available(log: TimingLog, isRace: boolean, hasGrid: boolean): string[] {
  const ofRaces = ["gained", "interval", "stops"]; // elsewhere a stop is a visit to the garage
  const hasSense = (name: string) => (isRace || !ofRaces.includes(name)) && (name !== "gained" || hasGrid);
  return COLUMNS.filter((c) => hasSense(c.name) && c.fields.some((field) => log.has(field))).map((c) => c.name);
}

/** The viewer's choice, kept by the browser for each set of columns an author gave, where the browser lets us. */
const keyOf = (given: string[]): string => `f1nb:timing-columns:${given.join()}`;

export function remembered(given: string[]): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(given)) ?? "null");
    return Array.isArray(kept) ? COLUMNS.map((c) => c.name).filter((name) => kept.includes(name)) : given;
  } catch {
    return given; // no storage in this host
  }
}

export function remember(given: string[], chosen: string[]): void {
  try {
    localStorage.setItem(keyOf(given), JSON.stringify(chosen));
  } catch {
    return; // no storage in this host: it is the choice of this page
  }
}
