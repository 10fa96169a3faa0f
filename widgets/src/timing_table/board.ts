// All that the timing table knows of a moment, from the change log and the tables beside it. No DOM here.
import type { Table } from "../shared/columns";
import type { Driver } from "../shared/drivers";
import { readStatus, type Status, type StatusChange, statusAt } from "../shared/status";
import { type Row, TimingLog } from "../shared/timing";
import { available, type Kind, kindOf } from "./columns";
import { byTime, type Difference, isCatching, onTheRoad, trend } from "./compare";
import { DeletedLaps, reasonOf } from "./deleted";
import { MiniSectors, type Pace } from "./mini_sectors";
import {
  type Cutoff,
  type Cuts,
  cutOf,
  cutoff,
  type Fate,
  hotLap,
  isOnOutLap,
  knockedOutIn,
  partAt,
  partTimes,
} from "./qualifying";
import { Records, SPEEDS } from "./records";
import { type Matter, Stewards } from "./stewards";
import { type Stint, Stints } from "./stints";

/** A row, and what follows from the other cars and tables. */
export interface Car extends Row {
  grid: number | null;
  /** places gained a moment ago */
  moved: number;
  isCatching: boolean;
  /** has the fastest lap of all */
  isFastest: boolean;
  /** why last and best lap do not count */
  lastDeleted: string | null;
  bestDeleted: string | null;
  /** last values of the speed traps, in the order of `SPEEDS` */
  speeds: (number | null)[];
  miniSectors: Pace[][];
  stints: Stint[];
  pitLane_s: number | null;
  matters: Matter[];
  comparison: { difference: Difference; trend: number | null } | null;
  // of qualifying
  parts: (number | null)[];
  partsDeleted: (string | null)[];
  fate: Fate | null;
  outIn: number | null;
  cutoff: Cutoff | null;
  isOnOutLap: boolean;
  /** sectors done of a hot lap */
  hot: number | null;
}

/** What holds for all cars at a moment. */
export interface Moment {
  time_s: number;
  status: Status;
  kind: Kind;
  isRace: boolean;
  /** part of qualifying; 0 elsewhere */
  part: number;
  /** cars that go on from it */
  cut: number | null;
  records: Records;
  /** best lap of all */
  best_s: number | null;
  /** the car that others are compared with */
  other: string | null;
  /** best lap of each part, by anybody */
  bestOfParts: (number | null)[];
}

export interface Seen {
  moment: Moment;
  cars: Car[];
}

export const READ = ["timing", "status", "session_status", "mini_sectors", "stints", "deleted_laps", "stewards"];

export class Board {
  readonly kind: Kind;
  readonly log: TimingLog;
  private readonly tables: Record<string, Table>;
  private readonly drivers: Map<string, Driver>;
  private readonly cuts: Cuts;
  private readonly minis: MiniSectors;
  private statuses: StatusChange[] = [];
  private deleted!: DeletedLaps;
  private stints!: Stints;
  private stewards!: Stewards;

  constructor(tables: Record<string, Table>, drivers: Map<string, Driver>) {
    this.tables = tables;
    this.drivers = drivers;
    this.kind = kindOf(tables.session.text("session")[0]);
    this.cuts = [tables.session.number("q2_cars")[0], tables.session.number("q3_cars")[0]];
    this.log = new TimingLog(tables.timing, drivers.keys());
    this.minis = new MiniSectors(tables.mini_sectors);
    this.readSmall();
  }

  /** Take what is new: the first row that differs of each table that has grown. */
  take(from: Record<string, number>): void {
    if ("timing" in from) this.log.take(this.tables.timing, from.timing);
    if ("mini_sectors" in from) this.minis.take(this.tables.mini_sectors, from.mini_sectors);
    this.readSmall();
  }

  private readSmall(): void {
    this.statuses = readStatus(this.tables.status);
    this.deleted = new DeletedLaps(this.tables.deleted_laps);
    this.stints = new Stints(this.tables.stints);
    this.stewards = new Stewards(this.tables.stewards);
  }

  get isRace(): boolean {
    return this.kind === "race";
  }

  /** The columns that these data can fill. */
  columns(): string[] {
    const hasGrid = [...this.drivers.values()].some((d) => d.grid != null);
    const filled = Object.keys(this.tables).filter((name) => this.tables[name].rows > 0);
    return available(this.log, this.kind, hasGrid, filled);
  }

  partAt(time_s: number): number {
    return this.kind === "qualifying" ? partAt(this.tables.session_status, this.log, time_s) : 0;
  }

  /** Every car in order. `since_s`: arrows show who has changed place since then; `other`: with whom to compare. */
  at(time_s: number, since_s: number, other: string | null): Seen {
    const { log, isRace, kind } = this;
    const rows = log.rows(time_s, isRace);
    const records = new Records(log, this.deleted, time_s);
    const part = this.partAt(time_s);
    const cut = part ? cutOf(part, this.cuts) : null;
    const parts = new Map(rows.map((row) => [row.driver, part ? partTimes(log, row.driver, time_s) : []]));
    const bestOfParts = [0, 1, 2].map((n) => least([...parts.values()].map((times) => times[n] ?? null)));
    const timesByPlace = rows.map((row) => parts.get(row.driver)?.[part - 1] ?? null);
    const fastest_s = least(rows.map((row) => row.best.time_s));
    const fastest = rows
      .filter((row) => row.best.time_s != null && row.best.time_s === fastest_s)
      .sort((a, b) => Number(b.best.mark === "best") - Number(a.best.mark === "best"))[0];
    const compared = rows.find((row) => row.driver === other);
    const moment: Moment = {
      time_s,
      status: statusAt(this.statuses, time_s).status,
      kind,
      isRace,
      part,
      cut,
      records,
      best_s: least([fastest_s, ...bestOfParts]),
      other: compared?.driver ?? null,
      bestOfParts,
    };
    const cars = rows.map((row, i): Car => {
      const { driver } = row;
      const laps = this.deleted.at(driver, time_s);
      const whyNot = (field: string) => {
        const { value, since } = laps.length ? log.at(driver, field, time_s) : { value: null, since: Number.NaN };
        return reasonOf(laps, value, since);
      };
      const own = parts.get(driver) ?? [];
      const outIn = part ? knockedOutIn(row, log, part, this.cuts, time_s) : null;
      const isIn = cut != null && row.position != null && row.position <= cut;
      const fate: Fate | null = outIn ? "out" : cut == null ? null : isIn ? "safe" : "drop";
      return {
        ...row,
        grid: this.drivers.get(driver)?.grid ?? null,
        moved: isRace ? log.moved(driver, since_s, time_s) : 0,
        isCatching: moment.status === "clear" && isRace && isCatching(log, row, rows[i - 1], time_s),
        isFastest: row === fastest,
        lastDeleted: whyNot("last_lap_time_s"),
        bestDeleted: whyNot("best_lap_time_s"),
        speeds: SPEEDS.map((field) => log.at(driver, field, time_s).value),
        miniSectors: this.minis.at(driver, time_s),
        stints: this.stints.at(driver, time_s),
        pitLane_s: log.at(driver, "last_pit_lane_s", time_s).value,
        matters: this.stewards.at(driver, time_s),
        comparison: compared && compared !== row ? this.compare(row, compared, rows, parts, time_s) : null,
        parts: own,
        partsDeleted: own.map((_, n) => whyNot(`q${n + 1}_time_s`)),
        fate,
        outIn,
        cutoff: cut == null || outIn ? null : cutoff(row.position, own[part - 1], cut, timesByPlace),
        isOnOutLap: !isRace && isOnOutLap(log, row, time_s),
        hot: part ? hotLap(log, row, records, time_s) : null,
      };
    });
    return { moment, cars };
  }

  private compare(row: Row, other: Row, rows: Row[], parts: Map<string, (number | null)[]>, time_s: number): Car["comparison"] {
    if (this.isRace) {
      if (row.isOut || other.isOut) return null;
      return { difference: onTheRoad(row, other, rows), trend: trend(this.log, row.driver, other.driver, time_s) };
    }
    // in qualifying by the last part in which both have a time: the feed clears best laps when a part begins
    const [own, others] = [parts.get(row.driver) ?? [], parts.get(other.driver) ?? []];
    const n = own.findLastIndex((time, i) => time != null && others[i] != null);
    const difference = n < 0 ? byTime(row.best.time_s, other.best.time_s) : byTime(own[n], others[n]);
    return { difference, trend: null };
  }
}

function least(values: (number | null)[]): number | null {
  const known = values.filter((v): v is number => v != null);
  return known.length ? Math.min(...known) : null;
}
