// What is worth jumping to, and where it stands on the rail. No DOM here.
import type { Table } from "../shared/columns";
import type { Status, StatusChange } from "../shared/status";
import { lastAt } from "../shared/timing";

export interface Moment {
  time_s: number;
  kind: string;
  driver: string | null;
  lap: number | null;
  text: string;
}

export interface Span {
  status: Status;
  from_s: number;
  to_s: number;
}

/** A jump lands a little before the moment, so that one sees it happen. */
export const LEAD_IN_S = 4;
/** So long after a landing, "previous" still means the one before it. */
const SETTLED_S = 2;

export const MARKS: Record<string, string> = { out: "×", fastest_lap: "◆" };

const RACE_JUMPS = ["start", "safety_car", "vsc", "red", "out", "overtake", "finish"];
/** Where nobody races, a fastest lap is what happens. */
const OTHER_JUMPS = ["start", "red", "out", "fastest_lap", "finish"];

export function readMoments(table: Table): Moment[] {
  const time = table.number("time_s");
  const lap = table.number("lap");
  const [kind, driver, text] = ["kind", "driver", "text"].map((name) => table.text(name));
  return Array.from({ length: table.rows }, (_, i) => ({
    time_s: time[i],
    kind: kind[i] ?? "",
    driver: driver[i],
    lap: Number.isNaN(lap[i]) ? null : lap[i],
    text: text[i] ?? "",
  })).sort((a, b) => a.time_s - b.time_s);
}

/** Every stretch of the session that is not clear, from its start to its end: the laps to the grid have flags, too. */
export function spans(changes: StatusChange[], start_s: number, end_s: number): Span[] {
  const out: Span[] = [];
  changes.forEach(({ time_s, status }, i) => {
    const previous = out.at(-1);
    const from_s = Math.max(time_s, start_s);
    const to_s = Math.min(changes[i + 1]?.time_s ?? end_s, end_s);
    if (status === "clear" || to_s <= from_s) return;
    if (previous?.status === status && previous.to_s === from_s) previous.to_s = to_s;
    else out.push({ status, from_s, to_s });
  });
  return out;
}

/** Where to go for the next (1) or previous (-1) moment, or null. */
export function jump(moments: Moment[], isRace: boolean, now_s: number, direction: 1 | -1): number | null {
  const kinds = isRace ? RACE_JUMPS : OTHER_JUMPS;
  const landings = moments.filter((m) => kinds.includes(m.kind)).map((m) => m.time_s - LEAD_IN_S);
  const found =
    direction > 0 ? landings.find((time) => time > now_s + SETTLED_S) : landings.findLast((time) => time < now_s - SETTLED_S);
  return found ?? null;
}

/** The leader's lap at a moment. */
export function lapAt(laps: { lap: Float64Array; time_s: Float64Array }, now_s: number): number {
  return laps.lap[Math.max(0, lastAt(laps.time_s, now_s))] ?? 1;
}

export interface Tick {
  time_s: number;
  text: string;
}

const LAP_STEPS = [1, 2, 5, 10, 20, 50];

/** Labels under the rail of a race: lap 1, every so many laps, the last one. */
export function lapTicks(laps: { lap: Float64Array; time_s: Float64Array }): Tick[] {
  const last = laps.lap.length - 1;
  if (last < 0) return [];
  const step = LAP_STEPS.find((s) => laps.lap[last] / s <= 8) ?? 100;
  const out: Tick[] = [];
  laps.lap.forEach((lap, i) => {
    const isRound = lap % step === 0 && laps.lap[last] - lap >= step / 2;
    if (i === 0 || i === last || isRound) out.push({ time_s: laps.time_s[i], text: i === 0 ? `Lap ${lap}` : String(lap) });
  });
  return out;
}

/** Labels under the rail of a session that is not counted in laps. */
export function minuteTicks(start_s: number, end_s: number): Tick[] {
  const minutes = (end_s - start_s) / 60;
  const step = [1, 2, 5, 10, 15, 30].find((s) => minutes / s <= 8) ?? 60;
  return Array.from({ length: Math.floor(minutes / step) + 1 }, (_, i) => ({
    time_s: start_s + i * step * 60,
    text: i ? String(i * step) : "0 min",
  }));
}

export interface Sign {
  /** pixels from the left of the rail: of a tag its edge, of a mark its middle */
  x: number;
  width: number;
  isTag: boolean;
}

/**
 * Where signs stand so that none covers another; null: no room at this width. Tags come first, then marks in the order given;
 * a mark that would stand on a tag moves to the tag's left.
 */
export function placeSigns(signs: Sign[]): (number | null)[] {
  const taken: [number, number][] = [];
  const isFree = (from: number, to: number) => taken.every(([a, b]) => to <= a || from >= b);
  const out: (number | null)[] = signs.map(() => null);
  const put = (i: number, from: number, at: number): boolean => {
    if (!isFree(from, from + signs[i].width)) return false;
    taken.push([from, from + signs[i].width]);
    out[i] = at;
    return true;
  };
  signs.forEach(({ x, isTag }, i) => {
    if (isTag) put(i, x, x);
  });
  const tags = [...taken];
  signs.forEach(({ x, width, isTag }, i) => {
    if (isTag || put(i, x - width / 2, x)) return;
    const tag = tags.find(([from, to]) => x + width / 2 > from && x - width / 2 < to);
    if (tag) put(i, tag[0] - width, tag[0] - width / 2);
  });
  return out;
}
