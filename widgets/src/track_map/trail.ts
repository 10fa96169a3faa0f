// A car on the circuit by the ends of mini-sectors that it has come to: exact there, and worked out in between.
import { onLap, pointAt } from "../shared/circuit";
import { lastAt } from "../shared/timing";
import type { Place, Trail } from "./cars";
import { type MiniSectors, Passages } from "./mini_sectors";

const PACE_OF = 3; // mini-sectors that say how fast a car is now
const SLOWEST = 3; // times a typical time: slower is no pace but a car that stood
const FASTEST = 0.7;
const EASE_S = 0.6; // in which a car makes up for what it was late
const SLOWS_FROM = 0.85; // share of a mini-sector from which on a car goes ever slower, until its end is reported
const LOST_S = 20; // beyond the expected time: then its place is old
const LATE_REPORT_S = 5; // the end of a lap can be told before that of its last mini-sectors
const NOTHING = new Passages();

/** Never beyond an end that has not been reported, and never backwards. */
export class MiniSectorTrail implements Trail {
  private i = -1;
  private since_s = Number.NaN;
  private end = -1;
  private expected_s = 1;
  private late_m = 0;

  constructor(
    private readonly sectors: MiniSectors,
    private readonly driver: string,
  ) {}

  at(time: number, out: Place): boolean {
    const along_m = this.along(time);
    if (Number.isNaN(along_m)) return false;
    [out.x, out.y] = pointAt(this.sectors.circuit, along_m);
    const late_s = time - this.since_s - this.expected_s;
    out.stale_s = late_s > LOST_S ? late_s : 0;
    return true;
  }

  /** Metres from the start line; NaN before the car was seen. */
  along(time: number): number {
    return this.find(time) ? this.place(time) : Number.NaN;
  }

  /** By what was found last. */
  private place(time: number): number {
    const since = Math.max(0, time - this.since_s);
    const target = this.target(this.end, since / this.expected_s);
    return onLap(this.sectors.circuit, target - this.late_m * Math.exp(-since / EASE_S));
  }

  private get own(): Passages {
    return this.sectors.cars.get(this.driver) ?? NOTHING;
  }

  /** Where a car is that has come to an end and has driven this share of the expected time since. */
  private target(end: number, share: number): number {
    const { ends, count } = this.sectors;
    const next = (end + 1) % count;
    return ends[next] + (ends[next + 1] - ends[next]) * eased(share);
  }

  /** Set what is known of the car at a moment. */
  private find(time: number): boolean {
    const { times } = this.own;
    let { i } = this;
    if (!(i >= 0 && times[i] <= time && !(times[i + 1] <= time))) i = lastAt(times, time);
    if (i !== this.i && i !== this.i + 1) {
      this.end = -1; // a jump: its place now depends on how it came to the last few ends
      for (let k = Math.max(0, i - PACE_OF); k < i; k++) this.come(times[k], k);
    }
    this.i = i;
    return this.come(time, i);
  }

  /** Take what is known at a moment when passage `i` is the last one. */
  private come(time: number, i: number): boolean {
    const { times, ends } = this.own;
    const { count, log, circuit } = this.sectors;
    // the end of a lap is missing more often than any other; the count of laps knows it, too
    const lap = log.at(this.driver, "lap", time);
    const isLate = ends[i] >= count / 2;
    const isMissing = lap.value != null && !(lap.since <= times[i]);
    const isAtLine = isMissing
      ? (lap.value as number) <= 1 || (isLate && ends[i] < count - 1)
      : isLate && times[i] - lap.since < LATE_REPORT_S;
    if (i < 0 && !isAtLine) return false;
    const since_s = isAtLine ? lap.since : times[i];
    const end = isAtLine ? count - 1 : ends[i];
    if (end === this.end && since_s === this.since_s) return true;
    const before = this.end < 0 ? Number.NaN : this.place(since_s);
    this.end = end;
    this.since_s = since_s;
    this.expected_s = this.expected(i, end);
    const missing = onLap(circuit, this.target(end, 0) - before);
    this.late_m = missing < circuit.length_m / 3 ? missing : 0; // else it was out of sight
    return true;
  }

  /** How long the mini-sector after this end will take, at the pace that the car had when it came to passage `i`. */
  private expected(i: number, end: number): number {
    const { times, ends } = this.own;
    const { count, typical } = this.sectors;
    let took = 0;
    let usual = 0;
    for (let k = i; k > Math.max(0, i - PACE_OF); k--) {
      const step = times[k] - times[k - 1];
      if (ends[k] !== (ends[k - 1] + 1) % count || step > SLOWEST * typical[ends[k]]) continue;
      took += step;
      usual += typical[ends[k]];
    }
    return typical[(end + 1) % count] * (usual ? Math.max(FASTEST, took / usual) : 1);
  }
}

/** Even, then ever slower towards the end. */
function eased(share: number): number {
  const left = 1 - SLOWS_FROM;
  return share <= SLOWS_FROM ? share : 1 - left * Math.exp(-(share - SLOWS_FROM) / left);
}
