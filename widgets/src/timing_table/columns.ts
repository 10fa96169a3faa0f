// The columns of the timing table: what they are called, how wide they are, which go first where there is no room.
import type { TimingLog } from "../shared/timing";

/** Three kinds of session have three kinds of order, and of columns. */
export type Kind = "race" | "qualifying" | "practice";

export const kindOf = (session: string | null): Kind =>
  session === "R" || session === "S" ? "race" : session === "Q" || session === "SQ" ? "qualifying" : "practice";

export interface Column {
  /** as in the trait `columns` */
  name: string;
  head: string;
  title: string;
  /** what its head says beside the title */
  help?: string;
  /** of the change log: without a value in any of them there is no column; of these only this table is asked */
  fields: string[];
  table?: string;
  /** where it has a sense; everywhere where that is not said */
  only?: Kind[];
  /** width in figures and pixels, because the host's font is not ours */
  ch: number;
  px: number;
}

/** Always there. */
export const FIXED: Column[] = [
  { name: "position", head: "Pos", title: "Position", fields: [], ch: 0, px: 36 },
  { name: "driver", head: "Driver", title: "Driver", fields: [], ch: 4.5, px: 54 },
];

const RACE: Kind[] = ["race"];
const QUALIFYING: Kind[] = ["qualifying"];
const speed = (trap: string, head: string, title: string): Column => ({
  name: `speed_${trap}`,
  head,
  title: `${title}, km/h`,
  fields: [`speed_${trap}_kmh`],
  ch: 3,
  px: 23,
});
const sector = (n: number): Column => ({
  name: `sector_${n}`,
  head: `S${n}`,
  title: `Sector ${n}`,
  fields: [`sector_${n}_time_s`],
  ch: 5.5,
  px: 19,
});
const part = (n: number): Column => ({
  name: `q${n}`,
  head: `Q${n}`,
  title: `Best lap of part ${n}`,
  fields: [`q${n}_time_s`],
  only: QUALIFYING,
  ch: 7,
  px: 21,
});

/** In the order of the table. */
export const COLUMNS: Column[] = [
  { name: "gained", head: "+/−", title: "Places gained since the start", fields: ["position"], only: RACE, ch: 2, px: 24 },
  { name: "lap", head: "Lap", title: "Lap", fields: ["lap"], ch: 2, px: 22 },
  { name: "gap", head: "Gap", title: "Gap to the leader, seconds", fields: ["gap_s", "gap_laps"], ch: 8, px: 10 },
  {
    name: "interval",
    head: "Int",
    title: "Interval to the car ahead, seconds",
    help: "▸ it gets smaller",
    fields: ["interval_s", "interval_laps"],
    only: RACE,
    ch: 6.8,
    px: 10,
  },
  {
    name: "compare",
    head: "vs",
    title: "Difference to another car",
    help: "and what is gained or lost a lap; choose the car here or with the key c, by default it is the first that is selected",
    fields: ["gap_s", "best_lap_time_s"],
    ch: 12,
    px: 24,
  },
  {
    name: "cutoff",
    head: "To cut",
    title: "Margin to the cut",
    help: "what a car in the drop zone has to find, or how much faster one that goes on is than the first that does not",
    fields: ["q1_time_s"],
    only: QUALIFYING,
    ch: 7,
    px: 12,
  },
  part(1),
  part(2),
  part(3),
  { name: "last", head: "Last", title: "Last lap time", fields: ["last_lap_time_s"], ch: 7, px: 21 },
  { name: "best", head: "Best", title: "Best lap time", fields: ["best_lap_time_s"], ch: 7, px: 21 },
  { name: "ideal", head: "Ideal", title: "Best sectors put together", fields: ["sector_1_time_s"], ch: 7, px: 21 },
  sector(1),
  sector(2),
  sector(3),
  {
    name: "mini_sectors",
    head: "Mini-sectors",
    title: "Mini-sectors of this lap",
    help: "high: best of the session; middle: own best; low: slower",
    fields: [],
    table: "mini_sectors",
    ch: 0,
    px: 118,
  },
  speed("i1", "I1", "Speed trap of sector 1"),
  speed("i2", "I2", "Speed trap of sector 2"),
  speed("fl", "FL", "Speed at the line"),
  speed("st", "Trap", "Speed trap on the straight"),
  {
    name: "tyre",
    head: "Tyre",
    title: "Compound and age in laps",
    help: "u: used when fitted",
    fields: ["compound"],
    ch: 3,
    px: 30,
  },
  { name: "stints", head: "Before", title: "Sets of tyres before this one", fields: [], table: "stints", ch: 0, px: 72 },
  { name: "stops", head: "Stops", title: "Pit stops", fields: ["stops"], only: RACE, ch: 0, px: 36 },
  {
    name: "pit_lane",
    head: "Lane",
    title: "Seconds in the pit lane, the latest time",
    fields: ["last_pit_lane_s"],
    only: RACE,
    ch: 4,
    px: 14,
  },
  {
    name: "stewards",
    head: "Stewards",
    title: "What the stewards say",
    help: "incidents noted or under investigation, warnings and penalties",
    fields: [],
    table: "stewards",
    ch: 0,
    px: 62,
  },
  { name: "state", head: "State", title: "Hot lap, out lap, pit lane, retired", fields: ["state"], ch: 7, px: 18 },
];

const ALL_NAMES = COLUMNS.map((c) => c.name);

/** What goes first where the panel is narrow, and what goes when it is as narrow as a phone. */
const FIRST_TO_GO = [
  ["ideal"],
  ["speed_i1", "speed_i2", "speed_fl"],
  ["speed_st"],
  ["mini_sectors"],
  ["lap"],
  ["pit_lane"],
  ["stints"],
  ["gained"],
  ["stewards"],
];
const SECTORS = ["sector_1", "sector_2", "sector_3"];
const NOT_NARROW = ["best", "stops"];
const LAST_TO_GO = ["last", "tyre", "q1", "q2", "q3", "cutoff"];
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
  let columns = ALL_NAMES.filter((name) => wanted.includes(name));
  let spared = 0;
  const fits = () => widthOf(columns, ch) - spared <= width;
  const without = (names: string[]) => columns.filter((name) => !names.includes(name));
  const parts = columns.filter((name) => /^q\d$/.test(name));
  // in qualifying the part that is going on says more than the last lap, and a hot lap is followed by its sectors
  // comparing is in no layout: who has it asked for it
  const next = [...parts.slice(0, -1).map((name) => [name]), ...(parts.length ? [["last"]] : []), SECTORS, ["compare"]];
  for (const names of [...FIRST_TO_GO, ...next]) if (!fits()) columns = without(names);
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

/** The columns that these data can fill: what never has a value is left out with its header. `tables`: those with rows. */
export function available(log: TimingLog, kind: Kind, hasGrid: boolean, tables: string[]): string[] {
  return COLUMNS.filter((c) => {
    if (c.only && !c.only.includes(kind)) return false;
    if (c.name === "gained" && !hasGrid) return false;
    return c.table ? tables.includes(c.table) : c.fields.some((field) => log.has(field));
  }).map((c) => c.name);
}

/** Whether a column says something in this part of qualifying: of later ones there is nothing, and in the last nobody goes on. */
export const hasSense = (name: string, part: number): boolean =>
  name === "cutoff" ? part < 3 : !/^q\d$/.test(name) || Number(name[1]) <= part;

/** In the order of the table. */
export const inOrder = (names: string[]): string[] => ALL_NAMES.filter((name) => names.includes(name));
