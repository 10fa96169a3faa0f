// f1nb.Dashboard: panels on one surface.
import type { Host, RenderProps } from "@anywidget/types";
import type { Table } from "../shared/columns";
import type { Clock, Selection } from "../shared/models";
import { isOurs, keepKeys } from "../shared/page";
import { blankHtml, element, follower, readTables } from "../shared/panel";
import { readStatus, statusAt } from "../shared/status";
import { chooseTheme } from "../shared/theme";
import * as address from "./address";
import { help } from "./help";
import { FRAME, type Grid, middle, PLACES, wide } from "./layout";
import type { Model } from "./model";
import { type Page, seat, tabs } from "./tabs";

type Draw = (area: string, ref: string, parent: HTMLElement) => Promise<void>;

/** Draws one widget in an area of its own; one that cannot be drawn says so there, and the others go on. */
function drawer(host: Host, signal: AbortSignal): Draw {
  return async (area, ref, parent) => {
    const el = element("div");
    el.dataset.area = area;
    parent.append(el);
    try {
      await (await host.getWidget(ref)).render({ el, signal });
    } catch (error) {
      const code = error instanceof Error ? error.message : String(error);
      const text = "The other panels go on. Reload the page; if it happens again, report the text below.";
      el.innerHTML = blankHtml({
        kind: "error",
        title: `The ${area.replaceAll("_", " ")} panel could not be drawn`,
        text,
        code,
      });
    }
  };
}

function setGrid(el: HTMLElement, name: string, grid: Grid): void {
  for (const part of ["areas", "columns", "rows"] as const) el.style.setProperty(`--f1nb-${name}-${part}`, grid[part]);
}

/** One page: the places of the race page where they are named, everything else in a grid below. */
function page(name: string, areas: Record<string, string>, draw: Draw, drawn: Promise<void>[]): Page {
  const panel = element("div", "f1nb-main");
  const open = () => {
    const named = PLACES.filter((area) => area in areas);
    const further = Object.keys(areas).filter((area) => !PLACES.includes(area) && !FRAME.includes(area));
    if (named.length) {
      const grid = element("div", "f1nb-grid");
      const has = (area: string) =>
        area === "side" ? named.includes("race_control") || named.includes("weather") : named.includes(area);
      setGrid(grid, "wide", wide(has));
      setGrid(grid, "middle", middle(has));
      const side = element("div", "f1nb-side");
      for (const area of named) {
        const isSide = area === "race_control" || area === "weather";
        if (isSide) grid.append(side);
        drawn.push(draw(area, areas[area], isSide ? side : grid));
      }
      panel.append(grid);
    }
    if (further.length) {
      const grid = element("div", "f1nb-further");
      panel.append(grid);
      for (const area of further) drawn.push(draw(area, areas[area], grid));
    }
  };
  return { name, panel, open };
}

async function render({ model, el, host, signal }: RenderProps<Model>): Promise<void> {
  const ours = isOurs();
  const bookmark = ours ? address.read(location.search) : {};
  if (bookmark.theme) chooseTheme(bookmark.theme);
  const follow = follower(signal);
  const [clockRef, selectionRef] = [model.get("clock"), model.get("selection")];
  const [clock, selection] = await Promise.all([
    clockRef ? (host.getModel(clockRef) as Promise<unknown> as Promise<Clock>) : null,
    selectionRef ? (host.getModel(selectionRef) as Promise<unknown> as Promise<Selection>) : null,
  ]);
  const refs: Record<string, string> = clock
    ? (clock as unknown as { get(key: string): Record<string, string> }).get("_tables")
    : {};
  const tables: Record<string, Table> = await readTables(host, refs);
  if (signal.aborted) return;

  if (ours) {
    const known = tables.drivers ? new Set(tables.drivers.text("driver").map(String)) : null;
    address.apply(bookmark, clock, selection, known);
    address.keep(clock, selection, follow, signal);
    follow(
      model,
      "title",
      () => {
        document.title = model.get("title") || document.title;
      },
      true,
    );
  }

  el.classList.add("f1nb", "f1nb-dashboard");
  keepKeys(el, signal);
  el.classList.toggle("f1nb--dashboard", ours);
  el.dataset.host = ours ? "page" : "cell";
  const frame = element("div", "f1nb-frame");
  const top = element("header", "f1nb-top");
  const space = element(ours && !el.closest("main") ? "main" : "div", "f1nb-space");
  const foot = element("footer", "f1nb-foot");
  frame.append(top, space, foot);
  el.replaceChildren(frame);

  const areas = model.get("_areas");
  const draw = drawer(host, signal);
  const drawn: Promise<void>[] = [];
  const isTop = (area: string) => area === "picker" || area === "header";
  for (const area of FRAME) if (areas[area]) drawn.push(draw(area, areas[area], isTop(area) ? top : foot));
  top.hidden = !top.childElementCount;
  foot.hidden = !foot.childElementCount;

  const further = model.get("_tabs");
  const pages = [{ name: model.get("_first_tab"), areas }, ...further].map((p) => page(p.name, p.areas, draw, drawn));
  space.append(...pages.map((p) => p.panel));
  if (further.length) {
    top.hidden = false;
    const list = tabs(pages);
    top.append(list);
    seat(list, top, el, signal);
  } else pages[0].open();

  if (areas.header) top.append(help(el, ours ? document : el, signal));

  if (clock && tables.status) {
    let status = readStatus(tables.status);
    const colour = () => {
      const now = statusAt(status, clock.get("time_s")).status;
      if (top.dataset.s !== now) top.dataset.s = now;
    };
    follow(clock, "time_s", colour, true);
    tables.status.watch(() => {
      status = readStatus(tables.status);
      colour();
    }, signal);
  }
  await Promise.all(drawn);
}

export default { render };
