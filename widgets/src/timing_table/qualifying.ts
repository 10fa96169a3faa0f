// Qualifying by the season's rules: which part it is, who goes on, what a car needs, who is on a hot lap.
import type { Table } from "../shared/columns";
import { CAR_STATES, lastAt, type Row, type TimingLog } from "../shared/timing";
import { type Records, SECTORS } from "./records";

/** How many cars go on to the second and to the third part. */
export type Cuts = [number, number];

/** `safe`: goes on as it stands; `drop`: does not; `out`: did not. */
export type Fate = "safe" | "drop" | "out";

export interface Cutoff {
  /** below zero: what the car needs to find; above: how much faster it is than the first that does not go on */
  margin_s: number | null;
  /** the time to beat of a car that has none */
  target_s: number | null;
}

/** What counts as a lap at pace, and how much later than the car the screen is told. */
const AT_PACE = 1.07;
const TOLD_S = 3;
const OUT_LAP = CAR_STATES.indexOf("out_lap");

const partField = (part: number): string => `q${part}_time_s`;

/**
 * The part that is going on or was the last: 1, 2, 3. A part begins when the session is started other than after a red flag;
 * where that is not published, with its first lap time; 0 where there are neither.
 */
export function partAt(status: Table, log: TimingLog, time_s: number): number {
  const names = status.text("status");
  const end = lastAt(status.number("time_s"), time_s);
  let part = 0;
  for (let i = 0; i <= end; i++) if (names[i] === "started" && names[i - 1] !== "aborted") part++;
  if (part || status.rows) return Math.min(3, Math.max(1, part));
  if (!log.has(partField(1))) return 0;
  const hasTimes = (n: number) => log.drivers.some((d) => log.at(d, partField(n), time_s).value != null);
  return hasTimes(3) ? 3 : hasTimes(2) ? 2 : 1;
}

/** How many cars of this part go on; null: nobody does. */
export const cutOf = (part: number, cuts: Cuts): number | null => (part < 3 ? cuts[part - 1] : null);

/** Best lap of each part. */
export const partTimes = (log: TimingLog, driver: string, time_s: number): (number | null)[] =>
  [1, 2, 3].map((part) => log.at(driver, partField(part), time_s).value);

/** The part in which a car was knocked out; null: it was not. */
export function knockedOutIn(row: Row, log: TimingLog, part: number, cuts: Cuts, time_s: number): number | null {
  const place = row.position ?? Number.POSITIVE_INFINITY;
  const isSaid = log.at(row.driver, "is_knocked_out", time_s).value === 1;
  if (place > cuts[0] && (part > 1 || isSaid)) return 1;
  return place > cuts[1] && (part > 2 || isSaid) ? 2 : null;
}

/** `times`: best laps of the part that is going on, by place. */
export function cutoff(place: number | null, own_s: number | null, cut: number, times: (number | null)[]): Cutoff {
  const isSafe = place != null && place <= cut;
  const other_s = (isSafe ? times[cut] : times[cut - 1]) ?? null;
  if (own_s == null) return { margin_s: null, target_s: isSafe ? null : other_s };
  return { margin_s: other_s == null ? null : other_s - own_s, target_s: null };
}

/** When a car last left the pit lane. */
function leftAt(log: TimingLog, driver: string, time_s: number): number {
  const { times, values } = log.changes(driver, "state");
  for (let i = lastAt(times, time_s); i >= 0; i--) if (values[i] === OUT_LAP) return times[i];
  return Number.NEGATIVE_INFINITY;
}

/** Whether the lap that is being driven began in the pit lane. The feed says so for its first seconds only. */
export function isOnOutLap(log: TimingLog, row: Row, time_s: number): boolean {
  if (row.state === "out_lap") return true;
  return row.state === "running" && leftAt(log, row.driver, time_s) >= log.at(row.driver, "lap", time_s).since - 1;
}

/** Whether the lap before the one that began then was an out lap. */
function wasOnOutLap(log: TimingLog, driver: string, since_s: number): boolean {
  const { times } = log.changes(driver, "lap");
  const before = lastAt(times, since_s) - 1;
  return before >= 0 && leftAt(log, driver, since_s) >= times[before] - 1;
}

/**
 * How many sectors a car has behind it on a lap at pace; null: it is on no such lap. Nobody says which laps are meant: the first
 * after the out lap is, and any as long as each of its sectors, and the time since the last one, is within 107 % of the best.
 */
export function hotLap(log: TimingLog, row: Row, records: Records, time_s: number): number | null {
  if (row.state !== "running" || isOnOutLap(log, row, time_s)) return null;
  const since_s = log.at(row.driver, "lap", time_s).since;
  if (Number.isNaN(since_s)) return null;
  let limit_s = TOLD_S;
  let done = 0;
  for (const field of SECTORS) {
    const best_s = records.best(field)?.value;
    const { value, since } = log.at(row.driver, field, time_s);
    if (best_s == null) return done; // nothing to compare with: the first laps of all
    if (value == null || since <= since_s) {
      limit_s += AT_PACE * best_s;
      break;
    }
    if (value > AT_PACE * best_s) return null;
    limit_s += value;
    done++;
  }
  if (time_s - since_s > limit_s) return null;
  if (done) return done;
  const ideal_s = records.ideal();
  const wasAtPace = row.last.time_s != null && ideal_s != null && row.last.time_s <= AT_PACE * ideal_s;
  return wasAtPace && !wasOnOutLap(log, row.driver, since_s) ? null : 0;
}
