// The tables that a timing table reads, as the browser opens them, without the wire.
import type { Table } from "../src/shared/columns";
import type { Driver } from "../src/shared/drivers";
import { Board } from "../src/timing_table/board";
import { type Change, logOf } from "./log";
import { tableOf } from "./table";

type Cell = string | number | null;

/** A table from rows. */
export const rowsOf = (columns: string[], rows: Cell[][] = []): Table =>
  tableOf(Object.fromEntries(columns.map((name, i) => [name, rows.map((row) => row[i])])));

export const COLUMNS: Record<string, string[]> = {
  session: ["session", "q2_cars", "q3_cars"],
  status: ["time_s", "status"],
  session_status: ["time_s", "status"],
  mini_sectors: ["time_s", "driver", "sector", "mini_sector", "mark"],
  stints: ["driver", "lap", "compound", "fresh_tyre", "time_s", "age_laps"],
  deleted_laps: [
    "driver",
    "lap",
    "start_time_s",
    "end_time_s",
    "lap_time_s",
    "deleted_reason",
    "reinstated_at_s",
    "deleted_at_s",
  ],
  stewards: ["time_s", "until_s", "driver", "kind", "penalty", "text"],
};

/** All tables of a session with two cars going on to the second part and one to the third, unless rows say otherwise. */
export function tablesOf(session: string, changes: Change[], rows: Record<string, Cell[][]> = {}): Record<string, Table> {
  const all = { session: [[session, 2, 1]], ...rows };
  const tables = Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, rowsOf(COLUMNS[name], all[name as "session"])]));
  return { ...tables, timing: logOf(changes) };
}

export const driversOf = (codes: string[]): Map<string, Driver> =>
  new Map(codes.map((code, i) => [code, { code, name: code, team: "", number: "", color: "#888888", grid: i + 1 }]));

export const boardOf = (session: string, codes: string[], changes: Change[], rows: Record<string, Cell[][]> = {}): Board =>
  new Board(tablesOf(session, changes, rows), driversOf(codes));
