// Who is who, and how a selected driver looks: the same line everywhere.
import type { Table } from "./columns";
import { css, mix, parse, readable, type Tokens } from "./theme";

export interface Driver {
  code: string;
  name: string;
  team: string;
  number: string;
  color: string;
  grid: number | null;
}

export function readDrivers(table: Table): Map<string, Driver> {
  const [code, name, team, number, color] = ["driver", "full_name", "team", "number", "team_color"].map((c) => table.text(c));
  const grid = table.number("grid_position");
  const drivers = Array.from({ length: table.rows }, (_, i) => ({
    code: code[i] ?? "",
    name: name[i] ?? code[i] ?? "",
    team: team[i] ?? "",
    number: number[i] ?? "",
    color: color[i] ?? "#808890",
    grid: Number.isNaN(grid[i]) ? null : grid[i],
  }));
  return new Map(drivers.map((d) => [d.code, d]));
}

/** The first four are those of selected drivers; laps laid over one another need more. */
export const DASHES: number[][] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4], [4, 2], [12, 2, 2, 2, 2, 2], [1, 6]];

/** Team mates share a hue, so the second of them is moved towards the ink. */
export function lineColor(drivers: Map<string, Driver>, selected: string[], index: number, t: Tokens): string {
  const driver = drivers.get(selected[index]);
  if (!driver) return t["ink-2"];
  const twin = selected.slice(0, index).some((code) => drivers.get(code)?.team === driver.team);
  const color = readable(driver.color, t.surface, 3.2);
  return twin ? css(mix(parse(color), parse(t.ink), 0.45)) : color;
}

/** The line sample of the n-th selected driver; its colour is the CSS variable --c. */
export function lineSample(index: number): string {
  const dash = DASHES[index % DASHES.length].join(" ");
  return `<svg class="f1nb-key" width="22" height="8" aria-hidden="true"><line x1="0" x2="22" y1="4" y2="4" stroke-width="2.4" stroke="var(--c)" stroke-dasharray="${dash}"/></svg>`;
}
