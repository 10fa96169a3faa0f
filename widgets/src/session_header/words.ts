// What the header says.
import type { Table } from "../shared/columns";
import { ago, esc } from "../shared/format";
import { SESSION_NAMES } from "../shared/session";
import { icon, STATUS, type Status, type StatusChange, statusAt } from "../shared/status";
import type { Badge } from "./model";

/** The first cell of a column of texts or of numbers; null when there is none. */
const text = (session: Table, name: string): string | null => session.text(name)[0] ?? null;
const number = (session: Table, name: string): number | null => {
  const value = session.number(name)[0] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
};

export interface Words {
  event: string;
  /** session, place, year and round, as far as they are known */
  details: string;
  /** as in `session.session`, empty where nobody has said */
  kind: string;
  isRace: boolean;
  totalLaps: number | null;
}

export function words(session: Table): Words {
  const kind = text(session, "session") ?? "";
  const [year, round] = [number(session, "year"), number(session, "round")];
  const place = [text(session, "circuit") ?? text(session, "location"), text(session, "country")].filter(Boolean).join(", ");
  const when = [year, round && `round ${round}`].filter(Boolean).join(", ");
  return {
    event: text(session, "event") ?? "Session",
    details: [SESSION_NAMES[kind], place, when].filter(Boolean).join(" · "),
    kind,
    isRace: kind === "R" || kind === "S",
    totalLaps: number(session, "total_laps"),
  };
}

/** How long the track has had this status. */
export function lasting({ time_s, status }: StatusChange, now_s: number): string {
  return time_s > 0 || status !== "clear" ? `for ${ago(now_s - time_s)}` : "since the start";
}

export interface Plate {
  /** `none`: nobody says what the track was like */
  look: Status | "none";
  glyph: string;
  name: string;
  since: string;
}

/** The plate at a moment. Without a single status, older archives, the track is not called clear. */
export function plateAt(statuses: StatusChange[], now_s: number): Plate {
  if (!statuses.length) {
    const glyph = '<path d="M3 8h10" stroke="currentColor" stroke-width="2"/>';
    return { look: "none", glyph, name: "No track status", since: "not published" };
  }
  const current = statusAt(statuses, now_s);
  const { glyph, name } = STATUS[current.status];
  return { look: current.status, glyph, name, since: lasting(current, now_s) };
}

const LOOK: Record<Badge["kind"], { k: string; glyph: string }> = {
  live: { k: "live", glyph: '<circle cx="8" cy="8" r="5" fill="currentColor"/>' },
  connecting: {
    k: "act",
    glyph: '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="4 3"/>',
  },
  lost: {
    k: "warn",
    glyph:
      '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M8 6v4m0 1.4v1" stroke="currentColor" stroke-width="1.6"/>',
  },
  replay: {
    k: "",
    glyph: '<path d="M3 8a5 5 0 0 1 8.6-3.4L13 3v4H9l1.4-1.3A3.3 3.3 0 1 0 11 9.6l1.5.8A5 5 0 0 1 3 8z" fill="currentColor"/>',
  },
  simulated: { k: "sim", glyph: "" },
  provisional: {
    k: "warn",
    glyph:
      '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 4.5V8l2.6 1.6" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  },
  sign_in: {
    k: "act",
    glyph: '<path d="M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm1.8 0h4.4V5a2.2 2.2 0 0 0-4.4 0z" fill="currentColor"/>',
  },
  failed: {
    k: "warn",
    glyph:
      '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M8 6v4m0 1.4v1" stroke="currentColor" stroke-width="1.6"/>',
  },
};

export function badgeHtml({ kind, text: label, title }: Badge): string {
  const { k, glyph } = LOOK[kind];
  const sign = glyph && icon(glyph, 12);
  return `<span class="f1nb-badge" data-k="${k}" data-kind="${kind}" title="${esc(title)}">${sign}<span>${esc(label)}</span></span>`;
}
