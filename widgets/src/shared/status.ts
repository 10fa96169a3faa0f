// Track status, compounds and icons: a sign and a word for each, because colour never carries meaning alone.
import type { Table } from "./columns";

export type Status = "clear" | "yellow" | "safety_car" | "red" | "vsc" | "vsc_ending";

const CAR = "M1 12V9l2-.8L5 5h6l2.2 3.2L15 9v3";
export const STATUS: Record<Status, { name: string; short: string; glyph: string }> = {
  clear: {
    name: "Track clear",
    short: "CLEAR",
    glyph: '<path d="M2.5 8.5 6.5 12 13.5 4.5" fill="none" stroke="currentColor" stroke-width="2.4"/>',
  },
  yellow: { name: "Yellow flag", short: "YELLOW", glyph: '<path d="M3 14V2h10l-3 4 3 4H5v4z" fill="currentColor"/>' },
  safety_car: {
    name: "Safety car",
    short: "SC",
    glyph: `<path d="${CAR}h-2a2 2 0 0 1-4 0H7a2 2 0 0 1-4 0zM6 2h4v2H6z" fill="currentColor"/>`,
  },
  vsc: {
    name: "Virtual SC",
    short: "VSC",
    glyph: `<path d="${CAR}z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.5 1.5"/>`,
  },
  vsc_ending: {
    name: "VSC ending",
    short: "VSC",
    glyph: `<path d="${CAR}z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.5 1.5"/>`,
  },
  red: { name: "Red flag", short: "RED", glyph: '<path d="M2 2h12v12H2z" fill="currentColor"/>' },
};

export interface StatusChange {
  time_s: number;
  status: Status;
}

export function readStatus(table: Table): StatusChange[] {
  const time = table.number("time_s");
  const status = table.text("status");
  return Array.from({ length: table.rows }, (_, i) => ({ time_s: time[i], status: (status[i] ?? "clear") as Status }));
}

/** The status in force at a moment, and since when. */
export function statusAt(changes: StatusChange[], time_s: number): StatusChange {
  let current: StatusChange = { time_s: 0, status: "clear" };
  for (const change of changes) {
    if (change.time_s > time_s) break;
    if (change.status !== current.status) current = change;
  }
  return current;
}

/** As f1nb/schema.py counts them. */
export const COMPOUNDS = ["SOFT", "MEDIUM", "HARD", "INTERMEDIATE", "WET", "HYPERSOFT", "ULTRASOFT", "SUPERSOFT", "SUPERHARD"];
const TWO_LETTERS: Record<string, string> = { HYPERSOFT: "HS", ULTRASOFT: "US", SUPERSOFT: "SS", SUPERHARD: "SH" };

/** What stands in the tyre sign. */
export const compoundLetters = (compound: string | null): string => (compound ? (TWO_LETTERS[compound] ?? compound[0]) : "?");

/** The tyre sign: ring in the compound's colour, its letter, its age in laps. */
export function tyre(compound: string | null, age: number | null): string {
  const name = compound ?? "unknown";
  const letter = compoundLetters(compound);
  const years = age == null || Number.isNaN(age) ? "" : `<span class="f1nb-age">${age}</span>`;
  return `<span class="f1nb-tyre" data-c="${letter}"><abbr title="${name.toLowerCase()}">${letter}</abbr></span>${years}`;
}

export const icon = (paths: string, size = 16): string =>
  `<svg class="f1nb-icon" viewBox="0 0 16 16" width="${size}" height="${size}" aria-hidden="true">${paths}</svg>`;
