// What race control said, sorted into what it is about. No DOM here.
import type { Table } from "../shared/columns";

export type Category = "flags" | "safety_car" | "cars" | "other";
export type Sign =
  | "clear"
  | "yellow"
  | "red"
  | "blue"
  | "chequered"
  | "black_and_white"
  | "safety_car"
  | "vsc"
  | "out"
  | "pit"
  | "best"
  | "other";

export interface Message {
  time_s: number;
  lap: number | null;
  category: Category;
  sign: Sign;
  driver: string | null;
  text: string;
}

const FLAGS: Record<string, Sign> = {
  GREEN: "clear",
  CLEAR: "clear",
  YELLOW: "yellow",
  "DOUBLE YELLOW": "yellow",
  RED: "red",
  BLUE: "blue",
  CHEQUERED: "chequered",
  "BLACK AND WHITE": "black_and_white",
};

/** What a message is about: its flag and category where they are given, its words where they are not. */
export function sort(category: string, flag: string, text: string): { category: Category; sign: Sign } {
  const sign = FLAGS[flag.toUpperCase()];
  if (sign) return { category: "flags", sign };
  if (category === "SafetyCar" || /\bsafety car\b|\bvsc\b/i.test(text))
    return { category: "safety_car", sign: /virtual|\bvsc\b/i.test(text) ? "vsc" : "safety_car" };
  if (/fastest lap/i.test(text)) return { category: "cars", sign: "best" };
  if (/\bpit\b|stationary/i.test(text) && category === "CarEvent") return { category: "cars", sign: "pit" };
  if (category === "CarEvent") return { category: "cars", sign: "out" };
  return { category: category === "Flag" ? "flags" : "other", sign: "other" };
}

const ACRONYMS = new Set(["DRS", "FIA", "SC", "VSC", "CET", "UTC", "GMT"]);

/**
 * Race control writes in capitals; in a column of text that is hard to read. Driver codes, acronyms and whatever has a figure
 * in it keep theirs; a message that has small letters already is left alone.
 */
export function sentence(text: string, codes: ReadonlySet<string>): string {
  if (/[a-z]/.test(text)) return text;
  const words = text.replace(/[A-Z][A-Z0-9]*/g, (word) =>
    codes.has(word) || ACRONYMS.has(word) || /\d/.test(word) ? word : word.toLowerCase(),
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function readMessages(table: Table, codes: ReadonlySet<string>): Message[] {
  const time = table.number("time_s");
  const lap = table.number("lap");
  const [category, flag, driver, message] = ["category", "flag", "driver", "message"].map((name) => table.text(name));
  return Array.from({ length: table.rows }, (_, i) => ({
    time_s: time[i],
    lap: Number.isNaN(lap[i]) ? null : lap[i],
    driver: driver[i],
    text: sentence(message[i] ?? "", codes),
    ...sort(category[i] ?? "", flag[i] ?? "", message[i] ?? ""),
  })).sort((a, b) => a.time_s - b.time_s);
}

/** One line of the list: a message, or blue flags in a row, which say little one by one. */
export interface Line {
  messages: Message[];
  isFolded: boolean;
}

export function fold(messages: Message[]): Line[] {
  const lines: Line[] = [];
  for (const message of messages) {
    const isBlue = message.sign === "blue";
    const last = lines.at(-1);
    if (isBlue && last?.isFolded) last.messages.push(message);
    else lines.push({ messages: [message], isFolded: isBlue });
  }
  return lines;
}

/** How much of the folded lines has been said by then: whole lines, and messages of the last one. */
export function saidBy(lines: Line[], time_s: number): { lines: number; messages: number } {
  let lo = 0;
  let hi = lines.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (lines[mid].messages[0].time_s <= time_s) lo = mid + 1;
    else hi = mid;
  }
  const last = lines[lo - 1]?.messages ?? [];
  return { lines: lo, messages: last.filter((m) => m.time_s <= time_s).length };
}
