// The timing table: every car in running order, as of the clock.
import { lineColor, lineSample, readDrivers } from "../shared/drivers";
import { esc } from "../shared/format";
import { MAX_SELECTED, toggleDriver } from "../shared/models";
import { element, type Panel, panel, put } from "../shared/panel";
import { popover } from "../shared/popover";
import { icon, readStatus, statusAt } from "../shared/status";
import { readable, tokens } from "../shared/theme";
import { type Row, TimingLog } from "../shared/timing";
import { cells, summary } from "./cells";
import { available, COLUMNS, FIXED, type Fit, fitting, remember, remembered, type Which } from "./columns";
import type { Model } from "./model";
import { isDue, type Shown } from "./refresh";
import { reorder } from "./reorder";

/** So long, in seconds of the session, an arrow shows that a car has changed place; and at least so long as one sees it. */
const MOVED_S = 8;
const MOVED_SEEN_S = 2;

const ALL = [...FIXED, ...COLUMNS];
const LEGEND =
  '<span class="f1nb-legend"><span class="f1nb-t" data-k="best">session best</span>' +
  '<span class="f1nb-t" data-k="personal">personal best</span><span class="f1nb-t" data-k="slower">slower</span></span>';
const SWITCH =
  '<span class="f1nb-seg f1nb-which" role="group" aria-label="Column">' +
  '<button type="button" aria-pressed="true" data-which="gap">Gap</button>' +
  '<button type="button" aria-pressed="false" data-which="interval">Interval</button></span>';
const CHOOSER = icon('<path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" fill="none" stroke="currentColor" stroke-width="1.4"/>');

interface Line {
  row: HTMLTableRowElement;
  cells: Record<string, HTMLTableCellElement>;
  button: HTMLButtonElement;
  sample: HTMLElement;
}

function setup(p: Panel<Model>): void {
  const { model, clock, selection, tables, body } = p;
  const drivers = readDrivers(tables.drivers);
  const log = new TimingLog(tables.timing, drivers.keys());
  const statuses = readStatus(tables.status);
  const isRace = ["R", "S"].includes(tables.session.text("session")[0] ?? "");
  const known = available(
    log,
    isRace,
    [...drivers.values()].some((d) => d.grid != null),
  );
  if (!known.length) {
    p.blank({ kind: "info", title: "No timing", text: "This session has no lap that could be timed.", code: "" });
    return;
  }

  // -- the table ------------------------------------------------------------------------------------------------------
  const table = element("table", "f1nb-table");
  const caption = isRace ? "Timing at the session clock, in running order" : "Timing at the session clock, by best lap";
  table.innerHTML =
    `<caption class="f1nb-sr">${caption}</caption>` +
    `<colgroup>${ALL.map((c) => `<col data-col="${c.name}" style="width: calc(${c.ch}ch + ${c.px}px)">`).join("")}</colgroup>` +
    `<thead><tr>${ALL.map((c) => `<th scope="col" data-col="${c.name}"><abbr title="${c.title}">${c.head}</abbr></th>`).join("")}</tr></thead><tbody></tbody>`;
  const rows = table.tBodies[0];
  const lines = new Map<string, Line>();
  for (const { code, name, team, number } of drivers.values()) {
    const row = element("tr");
    row.dataset.driver = code;
    const title = [name, team, number && `car ${number}`].filter(Boolean).join(", ");
    row.innerHTML = ALL.map((c) =>
      c.name === "driver"
        ? `<th scope="row" data-col="driver"><button type="button" aria-pressed="false" title="${esc(title)}">${esc(code)}</button><span class="f1nb-slot"></span></th>`
        : `<td data-col="${c.name}"></td>`,
    ).join("");
    const cellOf = Object.fromEntries(ALL.map((c, i) => [c.name, row.cells[i]]));
    const [button, sample] = cellOf.driver.children as unknown as [HTMLButtonElement, HTMLElement];
    lines.set(code, { row, cells: cellOf, button, sample });
  }
  body.append(table);

  // -- which columns --------------------------------------------------------------------------------------------------
  const given = model.get("columns");
  const chosen = remembered(given);
  if (chosen.join() !== given.join()) model.set("columns", chosen); // of this page; the kernel hears of choices made here
  let which: Which = "gap";
  let shown: Fit = { columns: [], hasSwitch: false, isNarrow: false };
  const wanted = () => model.get("columns").filter((name) => known.includes(name));

  const layOut = () => {
    const probe = element("span");
    probe.style.cssText = "position: absolute; width: 100ch";
    table.append(probe);
    const ch = probe.getBoundingClientRect().width / 100;
    probe.remove();
    shown = fitting(wanted(), p.root.clientWidth, ch, which);
    for (const cell of table.querySelectorAll<HTMLElement>("[data-col]")) {
      const name = cell.dataset.col ?? "";
      cell.hidden = !shown.columns.includes(name) && !FIXED.some((c) => c.name === name);
    }
    table.classList.toggle("is-narrow", shown.isNarrow);
    const choice = p.tools.querySelector<HTMLElement>(".f1nb-which");
    if (choice) choice.hidden = !shown.hasSwitch;
    p.meta.hidden = shown.hasSwitch;
  };

  p.tools.innerHTML = `${LEGEND}${SWITCH}`;
  p.tools.addEventListener("click", (event) => {
    const pressed = (event.target as Element).closest<HTMLElement>("[data-which]");
    if (!pressed) return;
    which = pressed.dataset.which as Which;
    for (const b of p.tools.querySelectorAll("[data-which]")) b.setAttribute("aria-pressed", String(b === pressed));
    layOut();
    update();
  });

  const open = element("button", "f1nb-button f1nb-choose", CHOOSER);
  open.type = "button";
  open.title = "Columns";
  open.setAttribute("aria-label", "Choose columns");
  const menu = element("div", "f1nb-columns");
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Columns");
  menu.addEventListener("change", () => {
    const ticked = [...menu.querySelectorAll<HTMLInputElement>("input:checked")].map((box) => box.value);
    const hiddenHere = model.get("columns").filter((name) => !known.includes(name));
    const names = COLUMNS.map((c) => c.name).filter((name) => ticked.includes(name) || hiddenHere.includes(name));
    remember(given, names);
    model.set("columns", names);
    model.save_changes();
    fillMenu();
  });
  const fillMenu = () => {
    put(
      menu,
      COLUMNS.filter((c) => known.includes(c.name))
        .map((c, i) => {
          const isOn = wanted().includes(c.name);
          const why = isOn && !shown.columns.includes(c.name) ? '<small class="f1nb-q">no room here</small>' : "";
          return `<label><input type="checkbox" value="${c.name}"${isOn ? " checked" : ""}${i ? "" : " autofocus"}>${c.title}${why}</label>`;
        })
        .join(""),
    );
  };
  p.tools.append(open, menu);
  popover(open, menu, p.signal, fillMenu);

  // -- figures --------------------------------------------------------------------------------------------------------
  let last: Shown = { time_s: Number.NaN, order: -1, at_ms: Number.NEGATIVE_INFINITY };
  let inOrder = "";

  const fill = (line: Line, row: Row, moment: Parameters<typeof cells>[2], moved: number) => {
    const html = cells(row, drivers.get(row.driver), moment, moved);
    for (const name of ["position", ...shown.columns]) put(line.cells[name], html[name]);
    row.sectors.forEach((sector, i) => {
      line.cells[`sector_${i + 1}`].classList.toggle("is-old", !sector.isCurrent);
    });
    line.row.classList.toggle("is-pit", isRace && row.state === "pit");
    line.row.classList.toggle("is-out", row.isOut);
    line.row.dataset.state = row.state;
  };

  const update = (isAnimated = false) => {
    const time_s = clock.get("time_s");
    const moment = { time_s, status: statusAt(statuses, time_s).status, isRace };
    const all = log.rows(time_s, isRace);
    const since = time_s - Math.max(MOVED_S, MOVED_SEEN_S * clock.get("speed"));
    for (const row of all) fill(lines.get(row.driver) as Line, row, moment, isRace ? log.moved(row.driver, since, time_s) : 0);
    const firstOut = isRace ? all.find((row) => row.isOut)?.driver : undefined;
    for (const [driver, { row }] of lines) row.classList.toggle("is-first-out", driver === firstOut);
    const order = all.map((row) => row.driver).join();
    if (order !== inOrder) {
      reorder(
        rows,
        all.map((row) => (lines.get(row.driver) as Line).row),
        isAnimated && inOrder !== "",
      );
      inOrder = order;
    }
    p.meta.textContent = summary(all, isRace);
    last = { time_s, order: log.orderAt(time_s), at_ms: performance.now() };
  };

  const paint = () => {
    const colours = tokens(p.root);
    for (const { code, color } of drivers.values()) {
      lines.get(code)?.row.style.setProperty("--c", readable(color, colours.surface));
    }
    const selected = selection.get("drivers").slice(0, MAX_SELECTED);
    for (const [code, { row, button, sample }] of lines) {
      const index = selected.indexOf(code);
      row.classList.toggle("is-selected", index >= 0);
      button.setAttribute("aria-pressed", String(index >= 0));
      put(sample, index >= 0 ? lineSample(index) : "");
      if (index >= 0) sample.style.setProperty("--c", lineColor(drivers, selected, index, colours));
    }
  };

  rows.addEventListener("click", (event) => {
    const driver = (event.target as Element).closest<HTMLElement>("tr")?.dataset.driver;
    if (driver) toggleDriver(selection, driver);
  });
  rows.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = (event.target as Element).closest("tr");
    if (!step || !row) return;
    const beside = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    beside?.querySelector("button")?.focus();
    event.preventDefault();
  });

  layOut();
  paint();
  p.onTheme(paint);
  p.follow(selection, "drivers", paint);
  p.follow(model, "columns", () => {
    layOut();
    update();
  });
  p.follow(clock, "playing", () => update());
  p.follow(
    clock,
    "time_s",
    () => {
      const time_s = clock.get("time_s");
      const playing = clock.get("playing");
      const now = { time_s, order: log.orderAt(time_s), at_ms: performance.now() };
      if (isDue(last, now, playing, clock.get("speed"))) update(true);
    },
    true,
  );
  const observer = new ResizeObserver(() => {
    const before = shown.columns.join();
    layOut();
    if (shown.columns.join() !== before) update();
  });
  observer.observe(p.root);
  p.signal.addEventListener("abort", () => observer.disconnect());
}

export default { render: panel<Model>("timing", setup) };
