// How far each car has come in a race, and when it had come so far.
import type { Circuit } from "../shared/circuit";
import { CAR_STATES, type TimingLog } from "../shared/timing";
import type { Trail } from "./cars";

// so near to the line, as a share of the lap, the lap count can be a little early or late
const EARLY = { share: 0.1, within_s: 15 };
const LATE = { share: 0.03, after_s: 60 };
const STEPS = 18; // of halving two minutes: half a millisecond

export class Progress {
  constructor(
    private readonly circuit: Circuit,
    private readonly trails: ReadonlyMap<string, Trail>,
    private readonly log: TimingLog,
  ) {}

  /** In laps: 12.25 is a quarter into lap 13. NaN where it is not known. */
  at(driver: string, time: number): number {
    const lap = this.log.at(driver, "lap", time);
    if (lap.value == null) return Number.NaN;
    const share = (this.trails.get(driver)?.along(time, this.circuit) ?? Number.NaN) / this.circuit.length_m;
    const since = time - lap.since;
    if (share > 1 - EARLY.share && since < EARLY.within_s) return lap.value + share - 2;
    if (share < LATE.share && since > LATE.after_s && this.isOnTrack(driver, time)) return lap.value + share;
    return lap.value + share - 1;
  }

  private isOnTrack(driver: string, time: number): boolean {
    return CAR_STATES[this.log.at(driver, "state", time).value ?? 0] === "running";
  }

  /** When a car had come so far, between two moments. */
  when(driver: string, laps: number, from: number, to: number): number {
    let [a, b] = [from, to];
    for (let i = 0; i < STEPS; i++) {
      const middle = (a + b) / 2;
      if (this.at(driver, middle) < laps) a = middle;
      else b = middle;
    }
    return (a + b) / 2;
  }
}
