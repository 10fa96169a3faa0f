// The figures: one Bokeh figure per channel, filled with whatever laps are shown, under one overlay.
import type { BokehRoot, BokehView } from "../bokeh/bokehjs";
import { element, put } from "../shared/panel";
import { css, mix, parse, type Tokens } from "../shared/theme";
import type { Figure, Over } from "./model";
import { deltaOf, runs, type Trace } from "./traces";
import { niceTicks, type Window } from "./view";

/** A lap as it is drawn; the first of them is the reference. */
export interface Line {
  trace: Trace;
  color: string;
  dash: number[];
}

interface Row {
  figure: Figure;
  el: HTMLElement;
  unit: HTMLElement;
  values: HTMLElement;
  plot: HTMLElement;
  drawn: Promise<void> | null;
  view: BokehView | null;
}

const LEAST_LINE_PX = 8.5;
const SHORT: Record<string, string> = { speed: "km/h", delta: "Δ s", throttle: "thr", brake: "brk", rpm: "rpm" };

export const xOf = (trace: Trace, over: Over): Float64Array => (over === "time" ? trace.time : trace.place);

/** Corners of a staircase: each value holds until the next place. */
export function staircase(x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
  const n = Math.max(0, 2 * x.length - 1);
  return [Float64Array.from({ length: n }, (_, i) => x[(i + 1) >> 1]), Float64Array.from({ length: n }, (_, i) => y[i >> 1])];
}

function range(columns: Float64Array[], low: number, high: number): [number, number] {
  for (const column of columns) {
    for (const v of column) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  return [low, high];
}

/** Resolved when the element stands on the page and has a width. */
function laidOut(el: HTMLElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const observer = new ResizeObserver(() => {
      if (!el.clientWidth) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(el);
    signal.addEventListener("abort", () => observer.disconnect());
  });
}

export class Chart {
  readonly el = element("div", "f1nb-chart");
  private readonly rows: Row[];
  private shown: Row[] = [];
  private lines: Line[] = [];
  private over: Over = "distance";
  private window: Window = { from: 0, to: 1 };
  private look: Tokens | null = null;
  private isNarrow = false;

  constructor(
    figures: Figure[],
    private readonly bokeh: BokehRoot,
    private readonly signal: AbortSignal,
    private readonly onDrawn: () => void,
    private readonly onError: (error: unknown) => void,
  ) {
    this.rows = figures.map((figure) => {
      const el = element("div", "f1nb-channel");
      el.dataset.channel = figure.channel;
      const name = element("div", "f1nb-name");
      name.append(element("b"), element("span"));
      name.firstElementChild?.append(figure.label);
      name.dataset.short = SHORT[figure.channel] ?? figure.label.toLowerCase();
      const unit = name.lastElementChild as HTMLElement;
      unit.textContent = figure.unit;
      const plot = element("div", "f1nb-plot");
      const values = element("div", "f1nb-values");
      el.append(name, plot, values);
      return { figure, el, unit, plot, values, drawn: null, view: null };
    });
    this.el.append(...this.rows.map((row) => row.el));
    this.el.setAttribute("role", "img");
    signal.addEventListener("abort", () => {
      for (const row of this.rows) row.view?.remove();
    });
  }

  get channels(): string[] {
    return this.shown.map((row) => row.figure.channel);
  }

  /** Show these channels, from top to bottom. A figure is drawn when it first has a place on the page. */
  show(channels: string[]): void {
    this.shown = channels
      .map((name) => this.rows.find((row) => row.figure.channel === name))
      .filter((row) => row !== undefined);
    this.layOut();
  }

  private layOut(): void {
    // a lane for DRS only where one of the laps has used it
    const isUsed = ({ figure }: Row) =>
      figure.channel !== "drs" || this.lines.some((l) => l.trace.column(figure.column).includes(1));
    const visible = this.shown.filter((row) => this.shown.length === 1 || isUsed(row));
    for (const row of this.rows) row.el.hidden = !visible.includes(row);
    visible.forEach((row, i) => {
      row.el.style.order = String(i);
      row.el.classList.toggle("is-last", i === visible.length - 1);
      row.drawn ??= this.embed(row);
    });
    this.el.style.gridTemplateRows = visible
      .map(({ figure }) => `minmax(${figure.lanes ? 18 : 14}px, ${figure.share}fr)`)
      .join(" ");
    Promise.all(visible.map((row) => row.drawn)).then(this.onDrawn, this.onError);
  }

  private async embed(row: Row): Promise<void> {
    await laidOut(row.plot, this.signal); // Bokeh draws only into a page, and a notebook takes cells out of it that are far away
    [row.view] = await this.bokeh.embed.embed_item(structuredClone(row.figure.item), row.plot);
    this.restyle(row);
    this.refill(row);
    this.scroll(row);
  }

  fill(lines: Line[], over: Over): void {
    this.lines = lines;
    this.over = over;
    this.layOut();
    for (const row of this.shown) this.refill(row);
  }

  zoom(window: Window): void {
    this.window = window;
    for (const row of this.shown) this.scroll(row);
  }

  theme(look: Tokens, isNarrow: boolean): void {
    this.look = look;
    this.isNarrow = isNarrow;
    for (const row of this.rows) this.restyle(row);
  }

  /** What stands at the right of each figure: html by channel, one entry per lap. */
  write(values: Record<string, string[]>): void {
    for (const { figure, values: cell } of this.shown) {
      const entries = values[figure.channel] ?? [];
      const room = cell.clientHeight / Math.max(1, entries.length);
      put(cell, room < LEAST_LINE_PX ? "" : entries.join("")); // rather none than some that cover one another
      cell.style.setProperty("--line", `${Math.min(13, room)}px`);
    }
  }

  private set(row: Row, name: string, values: Record<string, unknown>): void {
    row.view?.model.document.get_model_by_name(name)?.setv(values);
  }

  private scroll(row: Row): void {
    this.set(row, "x", { start: this.window.from, end: this.window.to });
  }

  private restyle(row: Row): void {
    if (!this.look) return;
    const { "ink-3": label, ink, surface, font } = this.look;
    const hasRoom = !this.isNarrow || row.figure.share > 18; // in a low row the name stands where its figures would
    this.set(row, "y-axis", { major_label_text_color: hasRoom ? label : null, major_label_text_font: font });
    if (row.figure.channel === "gear")
      this.set(row, "y-ticks", { ticks: row.plot.clientHeight > 48 ? [2, 4, 6, 8] : [2, 5, 8] });
    this.set(row, "y-grid", { grid_line_color: css(mix(parse(surface), parse(ink), 0.14)) });
  }

  private refill(row: Row): void {
    this.set(row, "data", { data: row.figure.lanes ? this.lanes(row) : this.curves(row) });
  }

  private curves(row: Row): Record<string, unknown[]> {
    const { channel, column } = row.figure;
    const reference = this.lines[0]?.trace;
    const columns = this.lines.map(({ trace }) => (channel === "delta" ? deltaOf(trace, reference) : trace.column(column)));
    this.fitY(row, columns);
    const data: Record<string, unknown[]> = { xs: [], ys: [], color: [], dash: [], width: [] };
    for (let i = this.lines.length - 1; i >= 0; i--) {
      const { trace, color, dash } = this.lines[i];
      const [xs, ys] = channel === "gear" ? staircase(xOf(trace, this.over), columns[i]) : [xOf(trace, this.over), columns[i]];
      data.xs.push(xs);
      data.ys.push(ys);
      const isZero = channel === "delta" && i === 0; // the reference is no curve here, it is the zero line
      data.color.push(isZero ? (this.look?.["ink-3"] ?? color) : color);
      data.dash.push(isZero ? [] : dash);
      data.width.push(isZero ? 1 : i ? 1.6 : 1.9);
    }
    return data;
  }

  private fitY(row: Row, columns: Float64Array[]): void {
    const { channel } = row.figure;
    if (channel === "speed") {
      const [low, high] = range(columns, 50, 350);
      this.set(row, "y", { start: Math.floor(low / 50) * 50, end: high });
    } else if (channel === "delta") {
      const [low, high] = range(columns, 0, 0.1);
      const pad = (high - low) * 0.08;
      this.set(row, "y", { start: low - pad, end: high + pad });
      this.set(row, "y-ticks", { ticks: niceTicks(low - pad, high + pad, 3) });
      row.unit.textContent = this.lines[0] ? `s to ${this.lines[0].trace.driver}` : row.figure.unit;
    }
  }

  private lanes(row: Row): Record<string, unknown[]> {
    const data: Record<string, unknown[]> = { left: [], right: [], top: [], bottom: [], color: [] };
    const height = 1 / this.lines.length;
    this.lines.forEach(({ trace, color }, i) => {
      const x = xOf(trace, this.over);
      for (const [from, to] of runs(trace.column(row.figure.column))) {
        data.left.push(x[from]);
        data.right.push(x[to]);
        data.top.push(1 - (i + 0.12) * height);
        data.bottom.push(1 - (i + 0.88) * height);
        data.color.push(color);
      }
    });
    return data;
  }
}
