// Where a car would come out of the pits: the place that it had as long ago as a stop costs.
import type { Circuit } from "../shared/circuit";
import type { Table } from "../shared/columns";
import { esc } from "../shared/format";
import type { Status } from "../shared/status";
import { CAR_STATES, type CarState, type TimingLog } from "../shared/timing";
import type { Trail } from "./cars";
import type { Field } from "./field";
import { Progress } from "./progress";
import type { Ghost } from "./scene";

/** Of a stop on a clear track, until the race has shown its own: most circuits cost between 17 and 27 s. */
const USUAL = { loss_s: 22, spread_s: 5 };
const OWN_STOPS = 3; // so many tell it better than the usual
const LEAST_SPREAD_S = 1;
const SIGMA = 1.4826; // standard deviation by the median deviation from the median
const SLOW: Status[] = ["safety_car", "vsc", "vsc_ending"];
/** What a stop costs while the others are slow, as a share of one on a clear track: between 0.6 and 1, by circuit and moment. */
const SLOW_SHARE = 0.8;
const SLOW_SPREAD_S = 4;
const REACH_S = 120; // a car further ahead or behind is no neighbour

export interface Loss {
  loss_s: number;
  spread_s: number;
  /** how it is known */
  by: string;
}

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** What a stop costs, as far as it is known at a moment. `table`: time_s, loss_s. */
export function lossAt(table: Table, time: number, status: Status): Loss {
  const known = Array.from(table.number("loss_s")).filter((_, i) => table.number("time_s")[i] <= time);
  const isOwn = known.length >= OWN_STOPS;
  const clear_s = isOwn ? median(known) : USUAL.loss_s;
  const spread_s = isOwn ? Math.max(LEAST_SPREAD_S, SIGMA * median(known.map((v) => Math.abs(v - clear_s)))) : USUAL.spread_s;
  const by = isOwn ? `the median of ${known.length} stops so far` : "usual; this race has not shown its own yet";
  if (!SLOW.includes(status)) return { loss_s: clear_s, spread_s, by };
  return {
    loss_s: SLOW_SHARE * clear_s,
    spread_s: spread_s + SLOW_SPREAD_S,
    by: `80 % of one on a clear track (${clear_s.toFixed(1)} s, ${by}) while the others are slow`,
  };
}

export interface Neighbour {
  driver: string;
  gap_s: number;
}

export interface PitExit {
  driver: string;
  position: number;
  /** by the spread of the loss */
  best: number;
  worst: number;
  ahead: Neighbour | null;
  behind: Neighbour | null;
}

const GONE = ["retired", "stopped", "finished"];
const RACING = ["running", "out_lap"];

/** The place in the race that a stop now would lead to. Null when the car is not on the track, or was not so long ago. */
export function pitExit(progress: Progress, log: TimingLog, driver: string, time: number, loss: Loss): PitExit | null {
  const stateOf = (d: string) => stateAt(log, d, time);
  if (!RACING.includes(stateOf(driver))) return null;
  const then = time - loss.loss_s;
  const [laps, early, late] = [then, then + loss.spread_s, then - loss.spread_s].map((t) => progress.at(driver, t));
  const others = log.drivers
    .filter((d) => d !== driver && !GONE.includes(stateOf(d)))
    .map((d) => ({ driver: d, laps: progress.at(d, time) }))
    .filter((o) => !Number.isNaN(o.laps))
    .sort((a, b) => b.laps - a.laps);
  if (Number.isNaN(laps + early + late)) return null;
  const placeOf = (at: number) => 1 + others.filter((o) => o.laps > at).length;
  const position = placeOf(laps);
  const ahead = others[position - 2];
  const behind = others[position - 1];
  return {
    driver,
    position,
    best: placeOf(early),
    worst: placeOf(late),
    // how long ago the car ahead was where he comes out; how long ago he was, with the stop, where the car behind is
    ahead: ahead ? { driver: ahead.driver, gap_s: time - progress.when(ahead.driver, laps, time - REACH_S, time) } : null,
    behind: behind ? { driver: behind.driver, gap_s: then - progress.when(driver, behind.laps, then - REACH_S, then) } : null,
  };
}

/** The sentence below the map. */
export function pitExitHtml(exit: PitExit, loss: Loss): string {
  const gap = (n: Neighbour, sign: string) =>
    n.gap_s > REACH_S - 1 ? esc(n.driver) : `${esc(n.driver)} (${sign}${n.gap_s.toFixed(1)} s)`;
  const range = exit.best === exit.worst ? "" : ` (P${exit.best} to P${exit.worst})`;
  const ahead = exit.ahead ? `, behind ${gap(exit.ahead, "+")}` : "";
  const behind = exit.behind ? `, ahead of ${gap(exit.behind, "−")}` : "";
  const cost = `A stop costs ${loss.loss_s.toFixed(1)} s: ${loss.by}.`;
  return `<b>${esc(exit.driver)} would come out P${exit.position}</b>${range}${ahead}${behind}, ±${loss.spread_s.toFixed(1)} s. <span title="${esc(cost)}">${esc(cost)}</span>`;
}

/** The ghost of the chosen driver, and what is said of it. */
export class PitExits {
  private driver: string | null = null;
  private trails: Trail[] = []; // for the middle and both ends of where he can come out
  private paths: Field["paths"] | null = null; // those that the trails are of: a session that goes on has longer ones
  private loss: Loss = { ...USUAL, by: "" };

  constructor(
    private readonly circuit: Circuit,
    private readonly field: Field,
    private readonly log: TimingLog,
    private readonly losses: Table,
  ) {}

  ghost(driver: string | null, time: number): Ghost | null {
    if (!driver || !RACING.includes(stateAt(this.log, driver, time))) return null;
    if (driver !== this.driver || this.paths !== this.field.paths) {
      this.driver = driver;
      this.paths = this.field.paths;
      this.trails = [0, 1, 2].flatMap(() => this.field.trail(driver) ?? []);
    }
    const { loss_s, spread_s } = this.loss;
    const [at, from, to] = this.trails.map((trail, i) =>
      trail.along(time - loss_s + [0, -spread_s, spread_s][i], this.circuit),
    );
    return at + from + to > 0 ? { driver, at, from, to } : null;
  }

  html(driver: string | null, time: number, status: Status): string {
    this.loss = lossAt(this.losses, time, status);
    if (!driver) return "Select or follow a car to see where it would come out of the pits.";
    const exit = pitExit(new Progress(this.circuit, this.field.trails(), this.log), this.log, driver, time, this.loss);
    if (exit) return pitExitHtml(exit, this.loss);
    const isOut = RACING.includes(stateAt(this.log, driver, time));
    return `${esc(driver)} ${isOut ? "has not been on the track for as long as a stop takes" : "is not on the track"}.`;
  }
}

const stateAt = (log: TimingLog, driver: string, time: number): CarState =>
  CAR_STATES[log.at(driver, "state", time).value ?? 0];
