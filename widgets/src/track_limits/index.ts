// f1nb.TrackLimits: how often each driver has left the track, up to the clock's time.
import { readDrivers } from "../shared/drivers";
import { clockTime, esc, lapTime } from "../shared/format";
import type { PanelModel } from "../shared/models";
import { element, type Panel, panel, put } from "../shared/panel";
import { icon } from "../shared/status";
import { type Entry, readEntries, type Tally, tallies } from "./limits";

const FLAG = icon(
  '<path d="M2 3h12v10H2z" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M2 3h12L2 13z" fill="currentColor"/>',
  13,
);
const WORDS: Record<Entry["kind"], string> = {
  deleted: "",
  reinstated: "given back",
  black_and_white: "black and white flag",
  penalty: "penalty",
};
const SHOWN_PIPS = 5;

const place = ({ turn, lap }: Entry, words = ["turn ", "lap "]): string =>
  [turn !== null && words[0] + turn, lap !== null && words[1] + lap].filter(Boolean).join(", ");

function entryHtml(entry: Entry): string {
  const what = entry.kind === "penalty" ? `${WORDS.penalty} ${entry.penalty ?? ""}` : WORDS[entry.kind];
  const words = [place(entry), entry.lap_time_s !== null && lapTime(entry.lap_time_s), what].filter(Boolean).join(" · ");
  return `<li><span class="f1nb-lab">${clockTime(entry.time_s)}</span><span>${esc(words)}</span></li>`;
}

/** In a race the third brings the flag: seen at a glance. */
const pips = (count: number): string =>
  `<span class="f1nb-pips" aria-hidden="true">${"<i></i>".repeat(Math.min(count, SHOWN_PIPS))}</span>`;

function summaryHtml(tally: Tally, name: string, isRace: boolean): string {
  const { driver, count, isWarned, penalties, entries } = tally;
  const flag = isWarned
    ? `<span class="f1nb-badge" title="Black and white flag">${FLAG}<span class="f1nb-sr">Black and white flag</span></span>`
    : "";
  const given = penalties.map((p) => `<span class="f1nb-badge" data-k="warn" title="Penalty">${esc(p)}</span>`).join("");
  const next = isRace && isWarned ? '<span class="f1nb-next">next: penalty</span>' : "";
  const latest = entries.find((entry) => entry.kind === "deleted");
  const where = latest ? `<span class="f1nb-where">${place(latest, ["T", "L"]) || clockTime(latest.time_s)}</span>` : "";
  return `<i class="f1nb-team"></i><b title="${esc(name)}">${esc(driver)}</b><span class="f1nb-times">${count}<span class="f1nb-sr"> times</span></span>${isRace ? pips(count) : ""}<span class="f1nb-signs">${flag}${given}${next}</span>${where}`;
}

interface Row {
  el: HTMLElement;
  summary: HTMLElement;
  list: HTMLElement;
}

function setup({ model, clock, selection, tables, meta, body, follow, grows }: Panel<PanelModel>): void {
  const drivers = readDrivers(tables.drivers);
  const isRace = ["R", "S"].includes(tables.session.text("session")[0] ?? "");
  let entries = readEntries(tables.track_limits);
  const list = element("ol", "f1nb-tallies");
  // messages that were worked out from the laps tell of no track limits
  const isKnown = !model.get("_notes").some((note) => note.kind === "derived");
  const none = isKnown
    ? "No lap time has been deleted for track limits yet."
    : "Not known: what race control wrote is not published.";
  const empty = element("p", "f1nb-quiet", none);
  body.append(list, empty);
  const rows = new Map<string, Row>();

  function rowOf(driver: string): Row {
    let row = rows.get(driver);
    if (!row) {
      const el = element("li", "", "<details><summary></summary><ol></ol></details>");
      const summary = el.querySelector("summary") as HTMLElement;
      el.style.setProperty("--c", drivers.get(driver)?.color ?? "#808890");
      row = { el, summary, list: el.querySelector("ol") as HTMLElement };
      rows.set(driver, row);
    }
    return row;
  }

  let shown = Number.NaN; // how many entries are on the page
  function draw(): void {
    const now = clock.get("time_s");
    const said = entries.findLastIndex((entry) => entry.time_s <= now) + 1;
    if (said === shown) return;
    shown = said;
    const all = tallies(entries, now);
    const order = all.map((tally) => {
      const row = rowOf(tally.driver);
      put(row.summary, summaryHtml(tally, drivers.get(tally.driver)?.name ?? "", isRace));
      put(row.list, tally.entries.map(entryHtml).join(""));
      return row.el;
    });
    if (order.some((el, i) => list.children[i] !== el) || list.children.length !== order.length) list.replaceChildren(...order);
    const total = all.reduce((sum, tally) => sum + tally.count, 0);
    meta.textContent = total ? `${total} in all` : "";
    list.hidden = !order.length;
    empty.hidden = order.length > 0;
  }
  const mark = () => {
    for (const [driver, { el }] of rows) el.classList.toggle("is-selected", selection.get("drivers").includes(driver));
  };
  const both = () => {
    draw();
    mark();
  };
  follow(clock, "time_s", both, true);
  follow(selection, "drivers", mark);
  grows(["track_limits"], () => {
    entries = readEntries(tables.track_limits);
    shown = Number.NaN;
    both();
  });
}

export default { render: panel<PanelModel>("limits", setup) };
