// What is worth a chime, and when: as the clock passes it while it plays, never on a jump. No DOM here.
import type { Table } from "../shared/columns";
import type { Message } from "./messages";

/** The gravest first: of what is due at once, one sounds. */
export const TONES = ["stop", "caution", "flag", "start", "favourite"] as const;
export type Tone = (typeof TONES)[number];

export interface Alert {
  key: string;
  time_s: number;
  tone: Tone;
  title: string;
  text: string;
}

function toneOf({ sign, text }: Message): { tone: Tone; title: string } | null {
  if (sign === "red") return { tone: "stop", title: "Red flag" };
  if (sign === "chequered") return { tone: "flag", title: "Chequered flag" };
  const isMove = /deployed|in this lap|ending/i.test(text); // not where it will drive, or who may overtake it
  if (sign === "safety_car" && isMove) return { tone: "caution", title: "Safety car" };
  if (sign === "vsc" && isMove) return { tone: "caution", title: "Virtual safety car" };
  return null;
}

/** The session's starts and restarts, which race control does not always write about. */
function starts(status: Table): Alert[] {
  const time = status.number("time_s");
  const state = status.text("status");
  const alerts: Alert[] = [];
  for (let i = 0; i < status.rows; i++) {
    if (state[i] !== "started") continue;
    const title = state[i - 1] === "aborted" ? "Session resumed" : "Session started";
    alerts.push({ key: `${time[i]} ${title}`, time_s: time[i], tone: "start", title, text: "" });
  }
  return alerts;
}

/** Everything worth a chime, in order of time. */
export function alerts(messages: readonly Message[], status: Table, favourites: readonly string[]): Alert[] {
  const said = messages.flatMap((message) => {
    const known = toneOf(message);
    const whose = message.sign === "blue" ? [] : message.drivers.filter((driver) => favourites.includes(driver));
    if (!known && !whose.length) return [];
    const { tone, title } = known ?? { tone: "favourite" as const, title: whose.join(", ") };
    return [{ key: message.key, time_s: message.time_s, tone, title, text: message.text }];
  });
  return [...said, ...starts(status)].sort((a, b) => a.time_s - b.time_s);
}

/** A longer step of the clock is a jump, seconds of ours. */
const LONGEST_STEP_S = 2;
/** What arrives so long after the clock has passed it is still news, seconds of ours: a feed is always a little late. */
const LATE_S = 10;

/** Which alerts a clock passes. */
export class Passing {
  private last = Number.NaN;
  private all: readonly Alert[] = [];
  private passed = new Set<string>();

  /** Those that are due now. `pace`: seconds of the session for each of ours. */
  pass(all: readonly Alert[], now: number, isPlaying: boolean, pace: number): Alert[] {
    const { last, passed } = this;
    const isSame = all === this.all;
    this.last = now;
    this.all = all;
    const isStep = isPlaying && now >= last && now - last <= LONGEST_STEP_S * pace;
    if (isStep && isSame && !all.some((alert) => alert.time_s > last && alert.time_s <= now)) return [];
    this.passed = new Set(all.filter((alert) => alert.time_s <= now).map((alert) => alert.key));
    if (!isStep) return [];
    return all.filter(({ key, time_s }) => time_s <= now && time_s > last - LATE_S * pace && !passed.has(key));
  }
}
