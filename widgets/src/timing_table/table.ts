// The table as elements: made once, its rows are moved and its cells filled.
import { type Driver, lineColor, lineSample } from "../shared/drivers";
import { esc } from "../shared/format";
import { MAX_SELECTED } from "../shared/models";
import { element, put } from "../shared/panel";
import { readable, tokens } from "../shared/theme";
import { COLUMNS, FIXED } from "./columns";

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
  const heads = ALL.map((c) => `<th scope="col" data-col="${c.name}"><abbr title="${c.title}">${c.head}</abbr></th>`);
  table.innerHTML =
    `<caption class="f1nb-sr">${caption}</caption><colgroup>${cols.join("")}</colgroup>` +
    `<thead><tr>${heads.join("")}</tr></thead><tbody></tbody>`;
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
