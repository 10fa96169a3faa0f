// What stands in the cells of one row.
import { ago, esc, gap, lapsDown, lapTime, NONE } from "../shared/format";
import { compoundLetters, tyre } from "../shared/status";
import type { Mark, MarkedTime, Row } from "../shared/timing";
import type { Car, Moment } from "./board";
import type { Pace } from "./mini_sectors";
import { SECTORS, SPEEDS } from "./records";
import type { Matter } from "./stewards";
import type { Stint } from "./stints";

const none = `<span class="f1nb-none">${NONE}</span>`;
const seconds = (s: number): string => s.toFixed(3);

const MEANINGS = { best: "best of the session", personal: "personal best", slower: "no improvement" };

const figure = (text: string, mark: Mark | null, title: string): string =>
  `<span class="f1nb-t"${mark ? ` data-k="${mark}"` : ""}${title ? ` title="${esc(title)}"` : ""}>${text}</span>`;

function marked({ time_s, mark }: MarkedTime, write: (s: number) => string, title = ""): string {
  if (time_s == null) return none;
  return figure(write(time_s), mark, [mark && MEANINGS[mark], title].filter(Boolean).join("; "));
}

/** A time that race control has deleted, with the reason. */
const struck = (time_s: number, reason: string): string =>
  `<s class="f1nb-deleted" title="${esc(`deleted: ${reason.toLowerCase()}`)}">${lapTime(time_s)}</s>`;

const arrow = (places: number): string =>
  places ? `<span class="f1nb-mv" data-k="${places > 0 ? "up" : "down"}">${places > 0 ? "▴" : "▾"}</span>` : "";

function gained(car: Car): string {
  if (car.position == null || car.grid == null) return none;
  const places = car.grid - car.position;
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

/** Close enough to attack: a second at most, both driving, green flag. */
export const isClose = (row: Row, { status, isRace }: Pick<Moment, "status" | "isRace">): boolean =>
  isRace &&
  !row.isGapStale &&
  status === "clear" &&
  row.state === "running" &&
  row.interval_laps === 0 &&
  (row.interval_s ?? 2) <= 1;

function interval(car: Car, moment: Moment): string {
  const text = behind(car.interval_laps, car.interval_s, car.position === 1, "");
  if (car.position === 1) return text;
  const closing = car.isCatching ? '<span class="f1nb-closing" title="catching the car ahead">▸</span>' : "";
  return closing + (isClose(car, moment) ? `<span class="f1nb-close" title="within a second">${text}</span>` : text);
}

function compare(car: Car, { other, isRace }: Moment): string {
  const button = (html: string, title: string) =>
    `<button type="button" class="f1nb-vs" tabindex="-1" title="${esc(title)}">${html}</button>`;
  if (car.driver === other) return button(`<b>${esc(car.driver)}</b>`, "the others are compared with this car");
  const offer = `compare the others with ${car.driver} (key c)`;
  const found = car.comparison;
  const { time_s, laps } = found?.difference ?? { time_s: null, laps: 0 };
  if (!found || (time_s == null && !laps)) return button(none, offer);
  const text = laps ? `${laps < 0 ? "−" : "+"}${lapsDown(Math.abs(laps)).slice(1)}` : gap(time_s);
  const rate = found.trend;
  if (rate == null || laps) return button(isRace ? `${text}<span class="f1nb-trend"></span>` : text, offer);
  const size = Math.abs(rate).toFixed(Math.abs(rate) < 10 ? 2 : 0);
  if (size === "0.00") return button(`${text}<span class="f1nb-trend">=</span>`, `as fast as ${other}; ${offer}`);
  const gains = rate < 0;
  const words = `${gains ? "gains" : "loses"} ${Math.abs(rate).toFixed(3)} s a lap ${gains ? "on" : "to"} ${other}`;
  const sign = `<span class="f1nb-trend" data-k="${gains ? "up" : "down"}">${gains ? "▴" : "▾"}${size}</span>`;
  return button(`${text}${sign}`, `${words}; ${offer}`);
}

function toCut(car: Car): string {
  if (!car.cutoff) return "";
  const { margin_s, target_s } = car.cutoff;
  if (target_s != null) return `<span class="f1nb-need" title="the time to beat">${lapTime(target_s)}</span>`;
  if (margin_s == null) return none;
  return car.fate === "drop"
    ? `<span class="f1nb-need" title="has to find so much to go on">${gap(margin_s)}</span>`
    : `<span title="faster than the first that does not go on">${gap(margin_s)}</span>`;
}

function partTime(car: Car, n: number, { bestOfParts }: Moment): string {
  const time_s = car.parts[n - 1];
  if (time_s == null) return car.outIn != null && car.outIn < n ? "" : none;
  const reason = car.partsDeleted[n - 1];
  if (reason) return struck(time_s, reason);
  const mark = time_s === bestOfParts[n - 1] ? "best" : null;
  return figure(lapTime(time_s), mark, mark ? `best of part ${n}` : "");
}

/** So many times the best lap of all, a lap had its time in the garage, which the feed counts, too. */
const WAITED = 2;

function last(car: Car, { isRace, best_s }: Moment): string {
  const { time_s } = car.last;
  if (time_s != null && car.lastDeleted) return struck(time_s, car.lastDeleted);
  const hasWaited = !isRace && time_s != null && best_s != null && time_s > WAITED * best_s;
  return hasWaited ? none : marked(car.last, lapTime);
}

function best(car: Car): string {
  if (car.best.time_s == null) return none;
  if (car.bestDeleted) return struck(car.best.time_s, car.bestDeleted);
  // every best lap is a personal best: only the best of all is worth a mark
  return marked({ ...car.best, mark: car.isFastest ? "best" : null }, lapTime);
}

function ideal(car: Car, { records }: Moment): string {
  const time_s = records.ideal(car.driver);
  if (time_s == null) return none;
  const lost = car.best.time_s == null ? "" : `${(car.best.time_s - time_s).toFixed(3)} s better than the best lap`;
  return figure(lapTime(time_s), time_s <= (records.ideal() ?? 0) ? "best" : null, lost);
}

function sector(car: Car, n: number, { records }: Moment): string {
  const field = SECTORS[n];
  const [own, all] = [records.of(car.driver, field), records.best(field)];
  const title = [own && `own best ${seconds(own)}`, all && `best of all ${seconds(all.value)} by ${all.driver}`];
  return marked(car.sectors[n], seconds, title.filter(Boolean).join("; "));
}

const NAMES = { slower: "slower", personal: "own best", best: "best of all", pit_lane: "pit lane", stopped: "stopped" };
const HEIGHTS = { none: 2, slower: 6, personal: 10, best: 14, pit_lane: 4, stopped: 14 };
/** of one mini-sector, and between two sectors */
const STEP = 4;
const BETWEEN = 3;

/** One path for each kind: it is drawn for 22 cars twice a second. */
function miniSectors(car: Car): string {
  const paths = new Map<Pace, string>();
  const counts = new Map<Pace, number>();
  let x = 0;
  for (const places of car.miniSectors) {
    for (const pace of places) {
      counts.set(pace, (counts.get(pace) ?? 0) + 1);
      const height = HEIGHTS[pace];
      paths.set(pace, `${paths.get(pace) ?? ""}M${x} ${14 - height}h3v${height}h-3z`);
      x += STEP;
    }
    x += BETWEEN;
  }
  const words = Object.entries(NAMES).flatMap(([pace, name]) => {
    const n = counts.get(pace as Pace);
    return n ? `${n} ${name}` : [];
  });
  const label = `Mini-sectors of this lap: ${words.join(", ") || "none"}`;
  const html = [...paths].map(([pace, d]) => `<path data-k="${pace}" d="${d}"/>`).join("");
  return `<svg class="f1nb-minis" viewBox="0 0 ${x - BETWEEN} 14" preserveAspectRatio="none" role="img" aria-label="${label}">${html}</svg>`;
}

function trap(car: Car, n: number, { records }: Moment): string {
  const value = car.speeds[n];
  if (value == null) return none;
  const [own, all] = [records.of(car.driver, SPEEDS[n]), records.best(SPEEDS[n])];
  const mark = value === all?.value ? "best" : value === own ? "personal" : null;
  const title = [own && `own best ${own}`, all && `fastest of all ${all.value} by ${all.driver}`].filter(Boolean).join("; ");
  return figure(String(value), mark, title);
}

const history = ({ compound, isFresh, before, laps }: Stint): string =>
  [compound?.toLowerCase() ?? "tyre unknown", laps != null && `${laps} laps`, isFresh === false && `used, ${before} before`]
    .filter(Boolean)
    .join(", ");

function tyres(car: Car): string {
  if (!car.compound) return none;
  const isUsed = car.stints.at(-1)?.isFresh === false;
  const title = isUsed ? ` title="${esc(history({ ...(car.stints.at(-1) as Stint), laps: null }))}"` : "";
  const sign = isUsed ? '<span class="f1nb-used">u</span>' : "";
  return `<span${title}>${tyre(car.compound, car.tyre_age_laps)}${sign}</span>`;
}

/** So many small rings have room. */
const RINGS = 4;

function stints(car: Car): string {
  const before = car.stints.slice(0, -1);
  if (!before.length) return "";
  const rings = before.slice(-RINGS).map((stint) => {
    const letters = compoundLetters(stint.compound);
    return `<span class="f1nb-tyre is-small" data-c="${letters}"><abbr title="${esc(history(stint))}">${letters}</abbr></span>`;
  });
  return `<span class="f1nb-rings" title="${esc(before.map(history).join("; "))}">${rings.join("")}</span>`;
}

const chip = (kind: string, text: string, title = ""): string =>
  `<span class="f1nb-chip" data-k="${kind}"${title ? ` title="${esc(title)}"` : ""}>${text}</span>`;

function signOf({ kind, penalty }: Matter): [look: string, text: string] {
  switch (kind) {
    case "penalty":
      return ["penalty", penalty && /^\d+ s$/.test(penalty) ? `+${penalty}` : SHORT[penalty ?? ""] || "PENALTY"];
    case "warning":
      return ["warning", "B/W"];
    case "noted":
      return ["noted", "NOTED"];
    default:
      return ["investigation", kind === "after_session" ? "LATER" : "INV."];
  }
}

const SHORT: Record<string, string> = { "drive through": "DRIVE T.", "stop and go": "STOP GO", disqualified: "DSQ" };

function stewards({ matters }: Car): string {
  if (!matters.length) return "";
  const [look, text] = signOf(matters[0]);
  const more = matters.length > 1 ? `<small>+${matters.length - 1}</small>` : "";
  return chip(look, `${esc(text)}${more}`, matters.map((m) => m.text).join("\n"));
}

function state(car: Car, { time_s }: Moment): string {
  if (car.outIn != null && (car.state === "garage" || car.state === "grid")) return chip("out", `OUT Q${car.outIn}`);
  if (car.hot != null) return chip("hot", `HOT S${Math.min(3, car.hot + 1)}`, "on a lap at pace");
  if (car.isOnOutLap) return chip("outlap", "OUT LAP");
  switch (car.state) {
    case "pit":
      return chip("pit", `PIT ${ago(time_s - car.state_since_s)}`);
    case "out_lap":
      return chip("outlap", "OUT LAP");
    case "stopped":
      return chip("stopped", "STOPPED");
    case "retired":
      return chip("out", car.lap == null ? "OUT" : `OUT L${car.lap}`);
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

type Write = (car: Car, moment: Moment) => string;

const WRITE: Record<string, Write> = {
  gained,
  lap: ({ lap }) => (lap == null ? none : String(lap)),
  gap: (car, moment) => aged(car, behind(car.gap_laps, car.gap_s, car.position === 1, leader(car, moment))),
  interval: (car, moment) => aged(car, interval(car, moment)),
  compare,
  cutoff: toCut,
  q1: (car, moment) => partTime(car, 1, moment),
  q2: (car, moment) => partTime(car, 2, moment),
  q3: (car, moment) => partTime(car, 3, moment),
  last,
  best,
  ideal,
  sector_1: (car, moment) => sector(car, 0, moment),
  sector_2: (car, moment) => sector(car, 1, moment),
  sector_3: (car, moment) => sector(car, 2, moment),
  mini_sectors: miniSectors,
  speed_i1: (car, moment) => trap(car, 0, moment),
  speed_i2: (car, moment) => trap(car, 1, moment),
  speed_fl: (car, moment) => trap(car, 2, moment),
  speed_st: (car, moment) => trap(car, 3, moment),
  tyre: tyres,
  stints,
  stops: ({ stops }) => String(stops),
  pit_lane: ({ pitLane_s }) => (pitLane_s == null ? none : pitLane_s.toFixed(1)),
  stewards,
  state,
};

/** What a car that is out of a race leaves empty: it is how things stood then, and they go on. */
const OF_RUNNING = new Set([
  ...["gained", "gap", "interval", "compare", "last", "sector_1", "sector_2", "sector_3", "mini_sectors"],
  ...["speed_i1", "speed_i2", "speed_fl", "speed_st"],
]);

/** What a car that was knocked out of qualifying leaves empty. */
const OF_PART = new Set(["gap", "cutoff", "last", "sector_1", "sector_2", "sector_3", "mini_sectors"]);

/** The HTML of the position and of these columns. Without a column of its own, what the stewards say stands where no state does. */
export function cells(car: Car, moment: Moment, columns: string[]): Record<string, string> {
  const isGone = moment.isRace && car.isOut;
  const html: Record<string, string> = {
    position: isGone || car.position == null ? none : `${arrow(car.moved)}${car.position}`,
  };
  const isEmpty = (name: string) => (isGone && OF_RUNNING.has(name)) || (car.fate === "out" && OF_PART.has(name));
  for (const name of columns) html[name] = isEmpty(name) ? "" : WRITE[name](car, moment);
  const hasRoom = html.state === "" || car.state === "finished"; // that all have finished needs no saying
  if (html.state != null && hasRoom && !columns.includes("stewards")) html.state = stewards(car) || html.state;
  return html;
}

/** The best of all in the columns that have one, for the foot of the table. */
export function bests(cars: Car[], { records, part, bestOfParts }: Moment, columns: string[]): Record<string, string> {
  const by = (value: string, driver: string, title: string) =>
    `<span title="${esc(title)}">${value}<small>${esc(driver)}</small></span>`;
  const html: Record<string, string> = {};
  bestOfParts.forEach((time_s, n) => {
    const holder = cars.find((car) => time_s != null && car.parts[n] === time_s);
    if (holder) html[`q${n + 1}`] = by(lapTime(time_s), holder.driver, `best of part ${n + 1}, by ${holder.driver}`);
  });
  const fastest = part ? undefined : cars.find((car) => car.isFastest);
  if (fastest)
    html[columns.includes("best") ? "best" : "last"] = by(
      lapTime(fastest.best.time_s),
      fastest.driver,
      `fastest lap, by ${fastest.driver}`,
    );
  SECTORS.forEach((field, n) => {
    const found = records.best(field);
    if (found) html[`sector_${n + 1}`] = by(seconds(found.value), found.driver, `best sector ${n + 1}, by ${found.driver}`);
  });
  SPEEDS.forEach((field) => {
    const found = records.best(field);
    if (found) html[field.replace("_kmh", "")] = by(String(found.value), found.driver, `fastest, by ${found.driver}`);
  });
  const ideal_s = records.ideal();
  if (ideal_s != null) html.ideal = by(lapTime(ideal_s), "all", "the best sectors of all put together");
  return html;
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
