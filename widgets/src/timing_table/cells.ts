// What stands in the cells of one row.
import type { Driver } from "../shared/drivers";
import { ago, gap, lapsDown, lapTime, NONE } from "../shared/format";
import { type Status, tyre } from "../shared/status";
import type { MarkedTime, Row } from "../shared/timing";

export interface Moment {
  time_s: number;
  status: Status;
  isRace: boolean;
}

const none = `<span class="f1nb-none">${NONE}</span>`;
const seconds = (s: number): string => s.toFixed(3);

const MEANINGS = { best: "best of the session", personal: "personal best", slower: "no improvement" };

function marked({ time_s, mark }: MarkedTime, write: (s: number) => string): string {
  if (time_s == null) return none;
  return mark
    ? `<span class="f1nb-t" data-k="${mark}" title="${MEANINGS[mark]}">${write(time_s)}</span>`
    : `<span class="f1nb-t">${write(time_s)}</span>`;
}

const arrow = (places: number): string =>
  places ? `<span class="f1nb-mv" data-k="${places > 0 ? "up" : "down"}">${places > 0 ? "▴" : "▾"}</span>` : "";

function gained(row: Row, driver: Driver | undefined): string {
  if (row.position == null || driver?.grid == null) return none;
  const places = driver.grid - row.position;
  return `${arrow(places)}${Math.abs(places)}`;
}

/** Seconds or laps behind; `first` stands where nobody is ahead. */
function behind(laps: number, time_s: number | null, isFirst: boolean, first: string): string {
  if (isFirst) return first;
  if (laps > 0) return lapsDown(laps);
  return time_s == null ? none : gap(time_s);
}

const aged = (row: Row, html: string): string =>
  row.isGapStale ? `<span class="f1nb-stale" title="measured before the gaps around it">${html}</span>` : html;

function leader(row: Row, { isRace }: Moment): string {
  if (isRace) return '<span class="f1nb-lead">Leader</span>';
  return row.best.time_s == null ? none : '<span class="f1nb-lead">Fastest</span>';
}

/** Close enough to attack: under a second, both driving, green flag. */
export const isClose = (row: Row, { status, isRace }: Moment): boolean =>
  isRace &&
  !row.isGapStale &&
  status === "clear" &&
  row.state === "running" &&
  row.interval_laps === 0 &&
  (row.interval_s ?? 1) < 1;

function interval(row: Row, moment: Moment): string {
  const text = behind(row.interval_laps, row.interval_s, row.position === 1, "");
  return row.position !== 1 && isClose(row, moment) ? `<span class="f1nb-close" title="under a second">${text}</span>` : text;
}

const chip = (kind: string, text: string): string => `<span class="f1nb-chip" data-k="${kind}">${text}</span>`;

function state(row: Row, { time_s }: Moment): string {
  switch (row.state) {
    case "pit":
      return chip("pit", `PIT ${ago(time_s - row.state_since_s)}`);
    case "out_lap":
      return chip("outlap", "OUT LAP");
    case "stopped":
      return chip("stopped", "STOPPED");
    case "retired":
      return chip("out", row.lap == null ? "OUT" : `OUT L${row.lap}`);
    case "finished":
      return chip("out", "FINISH");
    case "garage":
      return chip("out", "GARAGE");
    case "grid":
      return chip("out", "GRID");
    case "running":
      return "";
  }
}

/** The HTML of every column; `moved`: places gained a moment ago. */
export function cells(row: Row, driver: Driver | undefined, moment: Moment, moved: number): Record<string, string> {
  const isGone = moment.isRace && row.isOut;
  const [s1, s2, s3] = row.sectors.map((sector) => (isGone ? "" : marked(sector, seconds)));
  return {
    position: isGone || row.position == null ? none : `${arrow(moved)}${row.position}`,
    gained: isGone ? "" : gained(row, driver),
    lap: row.lap == null ? none : String(row.lap),
    gap: isGone ? "" : aged(row, behind(row.gap_laps, row.gap_s, row.position === 1, leader(row, moment))),
    interval: isGone ? "" : aged(row, interval(row, moment)),
    last: isGone ? "" : marked(row.last, lapTime),
    // every best lap is a personal best: only the best of all is worth a mark
    best: marked(row.best.mark === "best" ? row.best : { ...row.best, mark: null }, lapTime),
    sector_1: s1,
    sector_2: s2,
    sector_3: s3,
    tyre: row.compound ? tyre(row.compound, row.tyre_age_laps) : none,
    stops: String(row.stops),
    state: state(row, moment),
  };
}

/** How many are where: 18 running, 3 in the pit lane, 2 out. */
export function summary(rows: Row[], isRace: boolean): string {
  const count = (test: (row: Row) => boolean, words: string) => {
    const n = rows.filter(test).length;
    return n ? `${n} ${words}` : "";
  };
  const isDriving = ({ state: s }: Row) => s === "running" || s === "out_lap" || (isRace && (s === "pit" || s === "garage"));
  return [
    count(({ state: s }) => s === "grid", "on the grid"),
    count(isDriving, isRace ? "running" : "on track"),
    count(({ state: s }) => s === "finished", "finished"),
    count(({ state: s }) => s === "pit", "in the pit lane"),
    count(({ state: s }) => s === "garage", "in the garage"),
    count((row) => row.isOut, "out"),
  ]
    .filter(Boolean)
    .join(", ");
}
