// The timing table: every car in running order, as of the clock.
import { readDrivers } from "../shared/drivers";
import { toggleDriver } from "../shared/models";
import { type Panel, panel, put } from "../shared/panel";
import { readStatus, statusAt } from "../shared/status";
import { type Row, TimingLog } from "../shared/timing";
import { cells, summary } from "./cells";
import { chooser } from "./chooser";
import { available, type Fit, fitting, type Which } from "./columns";
import type { Model } from "./model";
import { isDue, type Shown } from "./refresh";
import { reorder } from "./reorder";
import { figureWidth, type Line, makeLine, makeTable, paint, showColumns } from "./table";

/** How long an arrow shows that a car has changed place: seconds of the session, and at least seconds as one sees it. */
const MOVED_S = 8;
const MOVED_SEEN_S = 2;

const LEGEND =
  '<span class="f1nb-legend"><span class="f1nb-t" data-k="best">session best</span>' +
  '<span class="f1nb-t" data-k="personal">personal best</span><span class="f1nb-t" data-k="slower">slower</span></span>';
const SWITCH =
  '<span class="f1nb-seg f1nb-which" role="group" aria-label="Column">' +
  '<button type="button" aria-pressed="true" data-which="gap">Gap</button>' +
  '<button type="button" aria-pressed="false" data-which="interval">Interval</button></span>';

function setup(p: Panel<Model>): void {
  const { model, clock, selection, tables, tools, root } = p;
  const drivers = readDrivers(tables.drivers);
  const log = new TimingLog(tables.timing, drivers.keys());
  const statuses = readStatus(tables.status);
  const isRace = ["R", "S"].includes(tables.session.text("session")[0] ?? "");
  const hasGrid = [...drivers.values()].some((d) => d.grid != null);
  const known = available(log, isRace, hasGrid);
  if (!known.length) {
    p.blank({ kind: "info", title: "No timing", text: "This session has no lap that could be timed.", code: "" });
    return;
  }
  const table = makeTable(`Timing at the session clock, ${isRace ? "in running order" : "by best lap"}`);
  const lines = new Map([...drivers.values()].map((d) => [d.code, makeLine(d)]));
  const lineOf = (row: Row) => lines.get(row.driver) as Line;
  p.body.append(table);

  // -- columns --------------------------------------------------------------------------------------------------------
  tools.innerHTML = `${LEGEND}${SWITCH}`;
  const choice = tools.querySelector(".f1nb-which") as HTMLElement;
  let which: Which = "gap";
  let layout: Fit = { columns: [], hasSwitch: false, isNarrow: false };
  const layOut = () => {
    const wanted = model.get("columns").filter((name) => known.includes(name));
    layout = fitting(wanted, root.clientWidth, figureWidth(table), which);
    showColumns(table, layout.columns);
    table.classList.toggle("is-narrow", layout.isNarrow);
    choice.hidden = !layout.hasSwitch;
    p.meta.hidden = layout.hasSwitch;
  };
  choice.addEventListener("click", (event) => {
    const pressed = (event.target as Element).closest<HTMLElement>("[data-which]");
    if (!pressed) return;
    which = pressed.dataset.which as Which;
    for (const b of choice.children) b.setAttribute("aria-pressed", String(b === pressed));
    layOut();
    update();
  });
  chooser(tools, model, known, () => layout.columns, p.signal);

  // -- figures --------------------------------------------------------------------------------------------------------
  let shown: Shown = { time_s: Number.NaN, order: -1, at_ms: Number.NEGATIVE_INFINITY };
  let order = "";
  const now = (): Shown => {
    const time_s = clock.get("time_s");
    return { time_s, order: log.orderAt(time_s), at_ms: performance.now() };
  };
  const update = () => {
    shown = now();
    const { time_s } = shown;
    const moment = { time_s, status: statusAt(statuses, time_s).status, isRace };
    const since = time_s - Math.max(MOVED_S, MOVED_SEEN_S * clock.get("speed"));
    const all = log.rows(time_s, isRace);
    const firstOut = isRace ? all.find((row) => row.isOut) : undefined;
    for (const row of all) {
      const line = lineOf(row);
      const moved = isRace ? log.moved(row.driver, since, time_s) : 0;
      const html = cells(row, drivers.get(row.driver), moment, moved);
      for (const name of ["position", ...layout.columns]) put(line.cells[name], html[name]);
      row.sectors.forEach((sector, i) => {
        line.cells[`sector_${i + 1}`].classList.toggle("is-old", !sector.isCurrent);
      });
      line.row.dataset.state = row.state;
      line.row.classList.toggle("is-pit", isRace && row.state === "pit");
      line.row.classList.toggle("is-out", row.isOut);
      line.row.classList.toggle("is-first-out", row === firstOut);
    }
    const next = all.map((row) => row.driver).join();
    if (next !== order) {
      const elements = all.map((row) => lineOf(row).row);
      reorder(table.tBodies[0], elements, order !== "" && clock.get("playing")); // a jump is no overtake
      order = next;
    }
    p.meta.textContent = summary(all, isRace);
  };

  // -- hands ----------------------------------------------------------------------------------------------------------
  table.tBodies[0].addEventListener("click", (event) => {
    const driver = (event.target as Element).closest<HTMLElement>("tr")?.dataset.driver;
    if (driver) toggleDriver(selection, driver);
  });
  table.tBodies[0].addEventListener("keydown", (event) => {
    const row = (event.target as Element).closest("tr");
    const beside = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key];
    if (!beside) return;
    beside.querySelector("button")?.focus();
    event.preventDefault();
  });

  const repaint = () => paint(root, lines, drivers, selection.get("drivers"));
  const relayOut = () => {
    const before = layout.columns.join();
    layOut();
    if (layout.columns.join() !== before) update();
  };
  layOut();
  repaint();
  p.onTheme(repaint);
  p.follow(selection, "drivers", repaint);
  p.follow(model, "columns", relayOut);
  p.follow(clock, "playing", update);
  let waiting = 0; // a finger on the playhead moves it more often than a screen is drawn
  const onFrame = p.guard(() => {
    waiting = 0;
    if (!p.signal.aborted) update();
  });
  const onTime = () => {
    if (!waiting && isDue(shown, now(), clock.get("playing"), clock.get("speed"))) waiting = requestAnimationFrame(onFrame);
  };
  p.follow(clock, "time_s", onTime);
  update();
  const observer = new ResizeObserver(relayOut);
  observer.observe(root);
  p.signal.addEventListener("abort", () => observer.disconnect());
}

export default { render: panel<Model>("timing", setup) };
