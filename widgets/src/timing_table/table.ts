// The table as elements: made once, its rows are moved and its cells filled.
import { type Driver, lineColor, lineSample } from "../shared/drivers";
import { esc, NONE } from "../shared/format";
import { MAX_SELECTED } from "../shared/models";
import { element, put } from "../shared/panel";
import { readable, tokens } from "../shared/theme";
import type { Car, Moment } from "./board";
import { COLUMNS, type Column, FIXED } from "./columns";

const ALL = [...FIXED, ...COLUMNS];

export interface Line {
  row: HTMLTableRowElement;
  cells: Record<string, HTMLTableCellElement>;
  button: HTMLButtonElement;
  sample: HTMLElement;
}

export function makeTable(caption: string): HTMLTableElement {
  const table = element("table", "f1nb-table");
  const width = ({ ch, px }: { ch: number; px: number }) => `calc(${ch}ch + ${px}px)`;
  const cols = ALL.map((c) => `<col data-col="${c.name}" style="width: ${width(c)}">`);
  const title = ({ title, help }: Column) => (help ? `${title}: ${help}` : title);
  const heads = ALL.map((c) => `<th scope="col" data-col="${c.name}"><abbr title="${title(c)}">${c.head}</abbr></th>`);
  const foot = ALL.map((c) =>
    c.name === "driver" ? '<th scope="row" data-col="driver">Best</th>' : `<td data-col="${c.name}"></td>`,
  );
  table.innerHTML =
    `<caption class="f1nb-sr">${caption}</caption><colgroup>${cols.join("")}</colgroup>` +
    `<thead><tr>${heads.join("")}</tr></thead><tbody></tbody><tfoot><tr>${foot.join("")}</tr></tfoot>`;
  return table;
}

export function makeLine({ code, name, team, number }: Driver): Line {
  const row = element("tr");
  row.dataset.driver = code;
  const title = [name, team, number && `car ${number}`].filter(Boolean).join(", ");
  const driver = `<button type="button" aria-pressed="false" title="${esc(title)}">${esc(code)}</button><span class="f1nb-slot"></span>`;
  row.innerHTML = ALL.map((c) =>
    c.name === "driver" ? `<th scope="row" data-col="driver">${driver}</th>` : `<td data-col="${c.name}"></td>`,
  ).join("");
  const cells = Object.fromEntries(ALL.map((c, i) => [c.name, row.cells[i]]));
  const [button, sample] = cells.driver.children as unknown as [HTMLButtonElement, HTMLElement];
  return { row, cells, button, sample };
}

/** What the whole row says of a car. */
export function mark({ row, cells }: Line, car: Car, before: Car | undefined, after: Car | undefined, moment: Moment): void {
  car.sectors.forEach((sector, i) => {
    cells[`sector_${i + 1}`].classList.toggle("is-old", !sector.isCurrent);
  });
  const isGone = moment.isRace && car.isOut;
  row.dataset.state = car.state;
  row.classList.toggle("is-pit", moment.isRace && car.state === "pit");
  row.classList.toggle("is-out", car.isOut || car.fate === "out");
  row.classList.toggle("is-first-out", isGone && !before?.isOut);
  row.classList.toggle("is-fastest", moment.isRace && car.isFastest);
  row.classList.toggle("is-drop", car.fate === "drop");
  row.classList.toggle("is-last-safe", isLastSafe(car, after));
}

/** The line stands under the last car that goes on, and in the last part under the last that came so far. */
const isLastSafe = (car: Car, after: Car | undefined): boolean =>
  car.fate !== "drop" && car.fate !== "out" && (after?.fate === "drop" || after?.fate === "out");

/** Fill the foot: the best of all in each column. */
export function fillFoot(table: HTMLTableElement, html: Record<string, string>): void {
  const cells = table.tFoot?.rows[0].cells ?? [];
  ALL.forEach((c, i) => {
    if (c.name !== "driver") put(cells[i], html[c.name] ?? "");
  });
}

/** The head of the column that compares says with whom. */
export function nameCompared(table: HTMLTableElement, other: string | null): void {
  const head = table.tHead?.querySelector('[data-col="compare"] abbr');
  if (head) put(head, `vs ${esc(other ?? NONE)}`);
}

/** The width of a figure in the host's font, pixels. */
export function figureWidth(table: HTMLTableElement): number {
  const probe = element("span");
  probe.style.cssText = "position: absolute; visibility: hidden; width: 100ch";
  table.append(probe);
  const width = probe.getBoundingClientRect().width / 100;
  probe.remove();
  return width;
}

/** Leave these columns and the fixed ones, in every row. */
export function showColumns(table: HTMLTableElement, columns: string[]): void {
  const names = [...FIXED.map((c) => c.name), ...columns];
  for (const cell of table.querySelectorAll<HTMLElement>("[data-col]")) cell.hidden = !names.includes(cell.dataset.col ?? "");
}

/** Team colours on this surface, and the line samples of those selected. */
export function paint(root: HTMLElement, lines: Map<string, Line>, drivers: Map<string, Driver>, selection: string[]): void {
  const colours = tokens(root);
  const selected = selection.slice(0, MAX_SELECTED);
  for (const { code, color } of drivers.values()) {
    const { row, button, sample } = lines.get(code) as Line;
    const index = selected.indexOf(code);
    row.style.setProperty("--c", readable(color, colours.surface));
    row.classList.toggle("is-selected", index >= 0);
    button.setAttribute("aria-pressed", String(index >= 0));
    put(sample, index >= 0 ? lineSample(index) : "");
    if (index >= 0) sample.style.setProperty("--c", lineColor(drivers, selected, index, colours));
  }
}
