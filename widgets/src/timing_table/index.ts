// The timing table: every car in running order, as of the clock.
import { readDrivers } from "../shared/drivers";
import { toggleDriver } from "../shared/models";
import { type Panel, panel, put } from "../shared/panel";
import { Board, READ } from "./board";
import { bests, cells, summary } from "./cells";
import { ColumnChoice } from "./choice";
import { chooser } from "./chooser";
import { type Fit, fitting, hasSense, inOrder, type Which } from "./columns";
import type { Model } from "./model";
import { isDue, type Shown } from "./refresh";
import { reorder } from "./reorder";
import { figureWidth, fillFoot, type Line, makeLine, makeTable, mark, nameCompared, paint, showColumns } from "./table";

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
  const board = new Board(tables, drivers);
  const { isRace } = board;
  let known = board.columns();
  if (!known.length) {
    const text = clock.get("live") ? "Waiting for the first car." : "This session has no lap that could be timed.";
    p.blank({ kind: "info", title: "No timing", text, code: "" });
    p.grows(["timing"], p.restart);
    return;
  }
  const table = makeTable(`Timing at the session clock, ${isRace ? "in running order" : "by best lap"}`);
  const lines = new Map([...drivers.values()].map((d) => [d.code, makeLine(d)]));
  const lineOf = (driver: string) => lines.get(driver) as Line;
  p.body.append(table);

  // -- columns --------------------------------------------------------------------------------------------------------
  tools.innerHTML = `${LEGEND}${SWITCH}`;
  const switches = tools.querySelector(".f1nb-which") as HTMLElement;
  const choice = new ColumnChoice(model, board.kind);
  let which: Which = "gap";
  let layout: Fit = { columns: [], hasSwitch: false, isNarrow: false };
  let part = 0;
  const layOut = () => {
    part = board.partAt(clock.get("time_s"));
    const wanted = choice.wanted.filter((name) => known.includes(name) && hasSense(name, part));
    layout = fitting(wanted, root.clientWidth, figureWidth(table), which);
    showColumns(table, layout.columns);
    table.classList.toggle("is-narrow", layout.isNarrow);
    switches.hidden = !layout.hasSwitch;
    p.meta.hidden = layout.hasSwitch;
  };
  switches.addEventListener("click", (event) => {
    const pressed = (event.target as Element).closest<HTMLElement>("[data-which]");
    if (!pressed) return;
    which = pressed.dataset.which as Which;
    for (const b of switches.children) b.setAttribute("aria-pressed", String(b === pressed));
    layOut();
    update();
  });
  const relayOut = () => {
    const before = layout.columns.join();
    layOut();
    if (layout.columns.join() !== before) update();
  };

  // -- figures --------------------------------------------------------------------------------------------------------
  let shown: Shown = { time_s: Number.NaN, order: -1, at_ms: Number.NEGATIVE_INFINITY };
  let order = "";
  const now = (): Shown => {
    const time_s = clock.get("time_s");
    return { time_s, order: board.log.orderAt(time_s), at_ms: performance.now() };
  };
  const update = () => {
    shown = now();
    const { time_s } = shown;
    if (board.partAt(time_s) !== part) layOut();
    const since = time_s - Math.max(MOVED_S, MOVED_SEEN_S * clock.get("speed"));
    const other = model.get("compare") || (selection.get("drivers")[0] ?? null);
    const { moment, cars } = board.at(time_s, since, other);
    cars.forEach((car, i) => {
      const line = lineOf(car.driver);
      const html = cells(car, moment, layout.columns);
      for (const name of ["position", ...layout.columns]) put(line.cells[name], html[name]);
      mark(line, car, cars[i - 1], cars[i + 1], moment);
    });
    fillFoot(table, bests(cars, moment, layout.columns));
    nameCompared(table, moment.other);
    const next = cars.map((car) => car.driver).join();
    if (next !== order) {
      const rows = cars.map((car) => lineOf(car.driver).row);
      reorder(table.tBodies[0], rows, order !== "" && clock.get("playing")); // a jump is no overtake
      order = next;
    }
    p.meta.textContent = summary(cars, isRace);
  };

  // -- hands ----------------------------------------------------------------------------------------------------------
  const driverAt = (event: Event) => (event.target as Element).closest<HTMLElement>("tr")?.dataset.driver;
  const compareWith = (driver: string) => {
    model.set("compare", model.get("compare") === driver ? "" : driver);
    model.save_changes();
    if (choice.wanted.includes("compare")) return;
    choice.choose(inOrder([...choice.wanted, "compare"]));
    relayOut();
  };
  table.tBodies[0].addEventListener("click", (event) => {
    const driver = driverAt(event);
    if (!driver) return;
    if ((event.target as Element).closest(".f1nb-vs")) compareWith(driver);
    else toggleDriver(selection, driver);
  });
  table.tBodies[0].addEventListener("keydown", (event) => {
    const row = (event.target as Element).closest("tr");
    const driver = driverAt(event);
    if (event.key === "c" && driver && !(event.ctrlKey || event.metaKey || event.altKey)) {
      compareWith(driver);
      event.preventDefault();
      return;
    }
    const beside = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key];
    if (!beside) return;
    beside.querySelector("button")?.focus();
    event.preventDefault();
  });
  chooser(
    tools,
    {
      known: () => known,
      shown: () => layout.columns,
      wanted: () => choice.wanted,
      choose(names) {
        choice.choose(names);
        relayOut();
      },
    },
    p.signal,
  );

  const repaint = () => paint(root, lines, drivers, selection.get("drivers"));
  layOut();
  repaint();
  p.onTheme(repaint);
  p.follow(selection, "drivers", () => {
    repaint();
    update();
  });
  p.follow(model, "compare", update);
  p.follow(model, "columns", () => {
    choice.hear();
    relayOut();
  });
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
  p.grows(READ, (from) => {
    board.take(from);
    const before = known.join();
    known = board.columns();
    if (known.join() !== before) layOut();
    update();
  });
  const observer = new ResizeObserver(relayOut);
  observer.observe(root);
  p.signal.addEventListener("abort", () => observer.disconnect());
}

export default { render: panel<Model>("timing", setup) };
