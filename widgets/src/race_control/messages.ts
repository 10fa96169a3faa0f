// What race control said, sorted into what it is about. No DOM here.
import type { Table } from "../shared/columns";

export type Category = "flags" | "safety_car" | "cars" | "stewards" | "track_limits" | "other";
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
  | "deleted"
  | "incident"
  | "penalty"
  | "other";

export interface Message {
  /** the same message has the same key, however often the table is read */
  key: string;
  time_s: number;
  lap: number | null;
  categories: Category[];
  sign: Sign;
  /** those whom it names */
  drivers: string[];
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
const STEWARDS = /\bstewards\b|\bincident\b|under investigation|\bpenalty\b|\b(flag|warning|reprimand) for car\b/i;
const LIMITS = /\btrack limits\b|\b(deleted|reinstated)\b/i;

function signOf(category: string, flag: string, text: string): Sign {
  const shown = FLAGS[flag.toUpperCase()];
  if (shown) return shown;
  if (/\bblack and white flag\b/i.test(text)) return "black_and_white"; // until 2020 without saying that it is a flag
  if (/\bpenalty\b/i.test(text) && !/\bincident\b/i.test(text)) return "penalty";
  if (STEWARDS.test(text)) return "incident"; // before the safety car, which may be what it is about
  if (LIMITS.test(text)) return "deleted";
  if (category === "SafetyCar" || /\bsafety car\b|\bvsc\b/i.test(text))
    return /virtual|\bvsc\b/i.test(text) ? "vsc" : "safety_car";
  if (/fastest lap/i.test(text)) return "best";
  if (category === "CarEvent") return /\bpit\b|stationary/i.test(text) ? "pit" : "out";
  return "other";
}

const CATEGORIES: Partial<Record<Sign, Category>> = {
  safety_car: "safety_car",
  vsc: "safety_car",
  best: "cars",
  pit: "cars",
  out: "cars",
  incident: "stewards",
  penalty: "stewards",
  deleted: "track_limits",
  other: "other",
};

/** What a message is about: its flag and category where they are given, its words where they are not. It may be about several. */
export function sort(category: string, flag: string, text: string): { categories: Category[]; sign: Sign } {
  const sign = signOf(category, flag, text);
  const first = sign === "other" && category === "Flag" ? "flags" : (CATEGORIES[sign] ?? "flags");
  const categories = new Set([first]);
  if (STEWARDS.test(text) && sign !== "blue") categories.add("stewards");
  if (LIMITS.test(text)) categories.add("track_limits");
  return { categories: [...categories], sign };
}

const ACRONYMS = new Set(["DRS", "FIA", "SC", "VSC", "CET", "UTC", "GMT"]);

/**
 * Race control writes in capitals; in a column of text that is hard to read. Driver codes, acronyms and whatever has a figure
 * in it keep theirs; a message that has small letters already is left alone.
 */
export function sentence(text: string, codes: ReadonlySet<string>): string {
  if (/[a-z]/.test(text)) return text;
  const words = text
    .trim()
    .replace(/[A-Z][A-Z0-9]*/g, (word) =>
      codes.has(word) || ACRONYMS.has(word) || /\d/.test(word) ? word : word.toLowerCase(),
    );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A code in brackets behind a number, or behind the word car. */
const NAMED = /\(([A-Z]{3})\)|\b(?:CAR|BY) ([A-Z]{3})\b/g;

export function named(text: string, driver: string | null, codes: ReadonlySet<string>): string[] {
  const found = [...text.matchAll(NAMED)].map((m) => m[1] ?? m[2]).filter((code) => codes.has(code));
  return [...new Set(driver ? [driver, ...found] : found)];
}

export function readMessages(table: Table, codes: ReadonlySet<string>): Message[] {
  const time = table.number("time_s");
  const lap = table.number("lap");
  const [category, flag, driver, message] = ["category", "flag", "driver", "message"].map((name) => table.text(name));
  return Array.from({ length: table.rows }, (_, i) => ({
    key: `${time[i]} ${message[i]}`,
    time_s: time[i],
    lap: Number.isNaN(lap[i]) ? null : lap[i],
    drivers: named(message[i] ?? "", driver[i], codes),
    text: sentence(message[i] ?? "", codes),
    ...sort(category[i] ?? "", flag[i] ?? "", message[i] ?? ""),
  })).sort((a, b) => a.time_s - b.time_s);
}

/** What one wants to see of them; without drivers, of all. */
export interface Filter {
  category: "all" | Category;
  drivers: readonly string[] | null;
  words: string;
}

export function matches(message: Message, { category, drivers, words }: Filter): boolean {
  if (category !== "all" && !message.categories.includes(category)) return false;
  if (drivers && !message.drivers.some((driver) => drivers.includes(driver))) return false;
  const text = message.text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
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
