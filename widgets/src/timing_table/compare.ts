// One car against another: the difference between them, and what it gains or loses a lap.
import { lastAt, type Row, type TimingLog } from "../shared/timing";

export interface Difference {
  /** above zero: behind the other one, or slower */
  time_s: number | null;
  laps: number;
}

/** The trend is the median over so many laps: a stop of either car is one of them. */
const LAPS = 5;
const AT_LEAST = 3;

/** In a race on the road: seconds, or laps. `rows` in running order. */
export function onTheRoad(row: Row, other: Row, rows: Row[]): Difference {
  const laps = row.gap_laps - other.gap_laps;
  if (laps) return { time_s: null, laps };
  const [own, others] = [gapOf(row), gapOf(other)];
  if (own != null && others != null && !row.gap_laps) return { time_s: own - others, laps: 0 };
  // both a lap down: what lies between them, car by car
  const [i, k] = [rows.indexOf(row), rows.indexOf(other)];
  const between = rows.slice(Math.min(i, k) + 1, Math.max(i, k) + 1);
  const isKnown = between.every((car) => car.interval_s != null && !car.interval_laps);
  const sum = between.reduce((s, car) => s + (car.interval_s ?? 0), 0);
  return { time_s: isKnown ? Math.sign(i - k) * sum : null, laps: 0 };
}

const gapOf = (row: Row): number | null => (row.position === 1 ? 0 : row.gap_s);

/** By lap times, where there is no race. */
export function byTime(own_s: number | null, other_s: number | null): Difference {
  return { time_s: own_s == null || other_s == null ? null : own_s - other_s, laps: 0 };
}

/** Seconds that `driver` loses to `other` a lap, below zero: gains; null: not known, or not over as many laps. */
export function trend(log: TimingLog, driver: string, other: string, time_s: number, laps = LAPS): number | null {
  const { times } = log.changes(driver, "lap");
  const end = lastAt(times, time_s);
  const differences: (number | null)[] = [];
  for (let i = Math.max(0, end - laps); i <= end; i++) differences.push(differenceAt(log, driver, other, times[i]));
  const steps: number[] = [];
  for (let i = 1; i < differences.length; i++) {
    const [before, now] = [differences[i - 1], differences[i]];
    if (before != null && now != null) steps.push(now - before);
  }
  if (steps.length < Math.min(AT_LEAST, laps)) return null;
  steps.sort((a, b) => a - b);
  const middle = steps.length >> 1;
  return steps.length % 2 ? steps[middle] : (steps[middle - 1] + steps[middle]) / 2;
}

function differenceAt(log: TimingLog, driver: string, other: string, time_s: number): number | null {
  const gap = (d: string): number | null => {
    if (log.at(d, "gap_laps", time_s).value) return null;
    return log.at(d, "position", time_s).value === 1 ? 0 : log.at(d, "gap_s", time_s).value;
  };
  const [own, others] = [gap(driver), gap(other)];
  return own == null || others == null ? null : own - others;
}

/** Where the feed does not say who is catching whom: so much less of an interval each lap, over the last laps. */
const CATCHING_S = -0.1;

/** Whether a car gets nearer to the one ahead of it. */
export function isCatching(log: TimingLog, row: Row, ahead: Row | undefined, time_s: number): boolean {
  if (!ahead || row.state !== "running" || ahead.state !== "running" || row.interval_laps) return false;
  const said = log.at(row.driver, "is_catching", time_s).value;
  if (said != null) return said === 1;
  const rate = trend(log, row.driver, ahead.driver, time_s, AT_LEAST);
  return rate != null && rate <= CATCHING_S;
}
