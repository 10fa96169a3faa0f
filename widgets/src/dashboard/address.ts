// The page's address as a bookmark: time, drivers, theme.
import type { AnyModel } from "@anywidget/types";
import { type Clock, MAX_SELECTED, type Selection, seek } from "../shared/models";
import type { follower } from "../shared/panel";
import { chosenTheme, onTheme, type Theme } from "../shared/theme";

export interface Bookmark {
  t?: number;
  drivers?: string[];
  theme?: Theme;
}

export function read(search: string): Bookmark {
  const query = new URLSearchParams(search);
  const out: Bookmark = {};
  const t = query.get("t");
  if (t && /^\d+(\.\d+)?$/.test(t)) out.t = Number(t);
  const drivers = query.get("drivers");
  if (drivers !== null) {
    const codes = drivers.split(",").map((code) => code.trim().toUpperCase());
    out.drivers = [...new Set(codes.filter(Boolean))].slice(0, MAX_SELECTED);
  }
  const theme = query.get("theme");
  if (theme === "dark" || theme === "light") out.theme = theme;
  return out;
}

/** The query with these values in it; what else is in it stays. */
export function write(search: string, { t, drivers, theme }: Bookmark): string {
  const query = new URLSearchParams(search);
  if (t !== undefined) query.set("t", String(Math.floor(t)));
  if (drivers) {
    if (drivers.length) query.set("drivers", drivers.join(","));
    else query.delete("drivers");
  }
  if (theme) query.set("theme", theme);
  const text = query.toString().replaceAll("%2C", ",");
  return text && `?${text}`;
}

/** Take what the address says of this session: a driver who is not in it is left out. */
export function apply(bookmark: Bookmark, clock: Clock | null, selection: Selection | null, known: Set<string> | null): void {
  if (clock && bookmark.t !== undefined) seek(clock, bookmark.t);
  const drivers = bookmark.drivers?.filter((code) => !known || known.has(code));
  if (selection && drivers?.length) {
    selection.set("drivers", drivers);
    selection.save_changes();
  }
}

/** Browsers refuse an address that changes with every frame of a drag. */
const QUIET_MS = 300;

/** Keep the address up to date: on pause, seek, selection and a theme that was chosen, never while playing. */
export function keep(
  clock: Clock | null,
  selection: Selection | null,
  follow: ReturnType<typeof follower>,
  signal: AbortSignal,
): void {
  let timer = 0;
  let pending: Bookmark = {};
  const later = (change: Bookmark) => {
    pending = { ...pending, ...change };
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const url = location.pathname + write(location.search, pending) + location.hash;
      pending = {};
      history.replaceState(history.state, "", url);
    }, QUIET_MS);
  };
  if (clock) {
    const onTime = () => {
      if (!clock.get("playing")) later({ t: clock.get("time_s") });
    };
    follow(clock, "time_s", onTime);
    follow(clock, "playing", onTime);
  }
  if (selection)
    follow(selection as AnyModel<{ drivers: string[] }>, "drivers", () => later({ drivers: selection.get("drivers") }));
  onTheme(() => {
    const theme = chosenTheme(); // the system's stays out of it: it may be another one where the link is opened
    if (theme) later({ theme });
  }, signal);
  signal.addEventListener("abort", () => clearTimeout(timer));
}
