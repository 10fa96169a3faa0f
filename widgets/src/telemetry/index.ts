// Telemetry: laps laid over one another, with one cursor for all panels.
import type { BokehExports } from "../bokeh/index";
import { readCircuit } from "../shared/circuit";
import { DASHES, lineColor, readDrivers } from "../shared/drivers";
import { esc, gap, NONE } from "../shared/format";
import { blankHtml, element, type Panel, panel, put } from "../shared/panel";
import { tokens } from "../shared/theme";
import { CarPlaces } from "./car";
import { Chart, type Line } from "./chart";
import { type Chip, chipHtml, metaText } from "./chips";
import { LapChoice } from "./choice";
import { controls } from "./controls";
import { Cursor } from "./cursor";
import { gestures } from "./gestures";
import type { Model, Over } from "./model";
import { deltaAt, endOf, keyOf, placeAt, type Trace, timeAt, valueAt } from "./traces";
import { type Window, within, zoomed } from "./view";

/** While the clock runs, laps are chosen anew and figures rewritten so often; a hand on the chart sees every change. */
const EVERY_MS = 250;
/** So long a cursor that another panel has set stays, before it follows the clock again. */
const HELD_MS = 1500;
/** Below this width the names of channels stand in the figures (style.css). */
const NARROW_PX = 520;
const LEAST: Record<Over, number> = { distance: 100, time: 2 };

async function setup(p: Panel<Model>): Promise<void> {
  const { model, clock, selection, tables, body, signal } = p;
  const drivers = readDrivers(tables.drivers);
  const circuit = readCircuit(tables.circuit);
  // inflates beside what follows
  const loading = p.host.getWidget<BokehExports>(model.get("_bokeh")).then(({ exports }) => exports.load());
  const figures = model.get("_figures");
  const corners = circuit?.corners ?? [];

  const chips = element("div", "f1nb-chips");
  chips.setAttribute("role", "list");
  chips.setAttribute("aria-label", "Laps");
  const stage = element("div", "f1nb-stage");
  const blank = element("div", "f1nb-nothing");
  body.append(chips, stage, blank);

  // -- laps -----------------------------------------------------------------------------------------------------------
  const choice = new LapChoice(p);
  let shown: Chip[] = [];
  let lines: Line[] = [];
  let key: string | null = null;

  const refresh = (isForced = false) => {
    const next = choice.chips();
    const facts = next.map((c) => [c.driver, c.lap, c.slot, c.state, c.isAhead, c.isAuto, c.choices.length].join());
    const now = [...facts, ...choice.unseen(next)].join(";");
    if (now === key && !isForced) return;
    key = now;
    shown = next;
    choice.ask(shown);
    draw();
  };

  let isStale = false;
  const draw = () => {
    // a notebook hides cells that are far away: there are no widths then and no colours, so it waits until it is back
    isStale = !p.root.clientWidth;
    if (isStale) return;
    const look = tokens(p.root);
    const bySlot: string[] = [];
    for (const chip of shown) bySlot[chip.slot] = chip.driver;
    for (const chip of shown) chip.color = lineColor(drivers, bySlot, chip.slot, look);
    lines = shown.flatMap((chip) => {
      const trace = choice.traces.get(keyOf([chip.driver, chip.lap]));
      return trace ? [{ trace, color: chip.color, dash: DASHES[chip.slot % DASHES.length] }] : [];
    });
    const unseen = choice.unseen(shown);
    const focused = [...chips.querySelectorAll("select")].indexOf(document.activeElement as HTMLSelectElement);
    put(
      chips,
      shown.map(chipHtml).join("") + unseen.map((code) => `<span class="f1nb-q">${esc(code)}: no telemetry</span>`).join(""),
    );
    if (focused >= 0) chips.querySelectorAll("select")[focused]?.focus();
    p.meta.textContent = metaText(shown);
    stage.hidden = !lines.length;
    stage.style.setProperty("--laps", String(lines.length));
    put(blank, lines.length ? "" : nothing());
    if (!lines.length) return;
    const names = lines.map(({ trace }) => `${trace.driver} lap ${trace.lap}`).join(", ");
    const over = model.get("over");
    chart?.el.setAttribute("aria-label", `${model.get("channels").join(", ")} over ${over} for ${names}`);
    chart?.theme(look, p.root.clientWidth < NARROW_PX);
    chart?.fill(lines, over);
    scroll();
  };

  const nothing = (): string => {
    const first = shown[0];
    if (!first)
      return blankHtml({
        kind: "info",
        title: "No lap selected",
        text: "Click a driver in the timing table, or pass laps:",
        code: 'f1nb.Telemetry(race, laps=[("NOR", 41)])',
      });
    const name = `${first.driver} on lap ${first.lap}`;
    if (first.state === "coming")
      return blankHtml({ kind: "info", title: `Loading ${name}`, text: "The kernel reads this lap.", code: "" });
    const other = choice.best(first.driver);
    const button = other
      ? `<div class="f1nb-actions"><button type="button" class="f1nb-do is-quiet" data-driver="${esc(first.driver)}" data-lap="${esc(first.lap)}" data-other="${other[1]}">Show lap ${other[1]}</button></div>`
      : "";
    const rest = other ? "other laps of his have telemetry" : "no other lap of his has telemetry at hand";
    const text =
      first.state === "absent"
        ? "This file carries the best lap of each stint. Open the session in a notebook to see the others."
        : `The source has no samples of this lap. Its times are complete; ${rest}.`;
    return blankHtml({ kind: "info", title: `No telemetry for ${name}`, text, code: "" }) + button;
  };

  // -- chart ----------------------------------------------------------------------------------------------------------
  let chart: Chart | null = null;
  let zoom: Window | null = null;
  const reference = (): Trace | undefined => lines[0]?.trace;
  const length_m = circuit?.length_m ?? Math.max(1, ...[...choice.traces.values()].map(endOf));
  const full = () =>
    model.get("over") === "time" ? Math.max(1, ...lines.map(({ trace }) => trace.time[trace.time.length - 1])) : length_m;
  const window = (): Window => (zoom ? within(zoom, full(), LEAST[model.get("over")]) : { from: 0, to: full() });
  const xAt = (place_m: number) => {
    const trace = reference();
    return model.get("over") === "time" && trace ? timeAt(trace, place_m) : place_m;
  };
  const placeOf = (x: number) => {
    const trace = reference();
    return model.get("over") === "time" && trace ? placeAt(trace, x) : x;
  };
  const cursor = new Cursor(length_m);
  stage.append(cursor.axis, cursor.grid);

  const scroll = () => {
    chart?.zoom(window());
    cursor.corners(
      corners.map((c) => ({ label: c.label, x: xAt(c.distance_m) })),
      window(),
    );
    reset.hidden = !zoom;
    point(true);
  };
  const setZoom = (next: Window | null) => {
    const isAll = next && next.to - next.from >= full() * 0.999;
    zoom = isAll ? null : next;
    scroll();
  };

  // -- cursor ---------------------------------------------------------------------------------------------------------
  let isHovered = false;
  let isOurs = false;
  let heldUntil = 0;
  let written = 0;
  let cars: CarPlaces | null = null; // decodes a large table: not before the clock first runs

  const setCursor = (place_m: number) => {
    isOurs = true;
    selection.set("cursor_m", Math.min(length_m, Math.max(0, place_m)));
    isOurs = false;
  };
  const point = (isDue: boolean) => {
    const place_m = selection.get("cursor_m");
    if (place_m === null || !lines.length) {
      cursor.hide();
      return chart?.write({});
    }
    cursor.move(place_m, xAt(place_m), window());
    const now = performance.now();
    if (!isDue && now - written < EVERY_MS) return;
    written = now;
    const channels = chart?.channels ?? [];
    chart?.write(Object.fromEntries(channels.map((name) => [name, values(name, place_m)])));
    const speeds = lines.map(({ trace }) => `${trace.driver} ${number(valueAt(trace, "speed_kmh", place_m))} km/h`);
    cursor.say(`${Math.round(place_m)} m, ${speeds.join(", ")}`);
  };
  const number = (v: number) => (Number.isNaN(v) ? NONE : String(Math.round(v)));
  const values = (channel: string, place_m: number): string[] => {
    const figure = figures.find((f) => f.channel === channel);
    if (!figure || figure.lanes) return [];
    return lines.map(({ trace, color, dash }, i) => {
      const delta = () => (i ? gap(deltaAt(trace, lines[0].trace, place_m)) : "ref");
      const text = channel === "delta" ? delta() : number(valueAt(trace, figure.column, place_m, channel === "gear"));
      const sample = `<svg width="14" height="4" aria-hidden="true"><line x1="0" x2="14" y1="2" y2="2" stroke-width="2.4" stroke="${color}" stroke-dasharray="${dash.map((d) => d * 0.6).join(" ")}"/></svg>`;
      return `<span>${sample}${text}</span>`;
    });
  };
  const followCar = () => {
    const driver = selection.get("drivers")[0] ?? lines[0]?.trace.driver;
    if (!driver || !circuit || !clock.get("playing") || isHovered || performance.now() < heldUntil) return;
    cars ??= new CarPlaces(tables.positions, circuit);
    const place_m = cars.at(driver, clock.get("time_s"));
    if (place_m !== null) setCursor(place_m);
  };

  const mark = element("div", "f1nb-box");
  mark.hidden = true;
  cursor.el.append(mark);
  const at = (share: number) => window().from + share * (window().to - window().from);
  gestures(cursor.el, mark, signal, {
    hover: (share) => {
      isHovered = share !== null;
      if (share !== null) setCursor(placeOf(at(share)));
    },
    zoom: (share, factor) => {
      const anchor = Number.isNaN(share) ? xAt(selection.get("cursor_m") ?? length_m / 2) : at(share);
      setZoom(zoomed(window(), anchor, factor, full(), LEAST[model.get("over")]));
    },
    pan: (share) => {
      const width = window().to - window().from;
      if (zoom) setZoom(within({ from: window().from + share * width, to: window().to + share * width }, full(), width));
    },
    box: (a, b) => setZoom(within({ from: at(Math.min(a, b)), to: at(Math.max(a, b)) }, full(), LEAST[model.get("over")])),
    reset: () => setZoom(null),
    step: (metres) => setCursor((selection.get("cursor_m") ?? 0) + metres),
  });

  // -- controls -------------------------------------------------------------------------------------------------------
  const reset = controls(p, figures);
  reset.addEventListener("click", () => setZoom(null));
  chips.addEventListener("change", (event) => {
    const select = event.target as HTMLSelectElement;
    const chip = select.closest<HTMLElement>("[data-lap]");
    if (chip) choice.replace(chip.dataset.driver ?? "", Number(chip.dataset.lap), select.value ? Number(select.value) : null);
  });
  blank.addEventListener("click", (event) => {
    const { driver, lap, other } = (event.target as HTMLElement).dataset;
    if (driver && other) choice.replace(driver, Number(lap), Number(other));
  });

  // -- what changes it ------------------------------------------------------------------------------------------------
  let chosen = 0;
  let selectedBefore = selection.get("drivers");
  p.follow(clock, "time_s", () => {
    followCar();
    const now = performance.now();
    if (clock.get("playing") && now - chosen < EVERY_MS) return;
    chosen = now;
    refresh();
  });
  p.follow(selection, "cursor_m", () => {
    if (!isOurs && clock.get("playing")) heldUntil = performance.now() + HELD_MS;
    point(!clock.get("playing") || isHovered);
  });
  p.follow(selection, "drivers", () => {
    // a lap picked for a driver goes with him
    const gone = selectedBefore.filter((code) => !selection.get("drivers").includes(code));
    selectedBefore = selection.get("drivers");
    const rest = selection.get("laps").filter(([driver]) => !gone.includes(driver));
    if (rest.length < selection.get("laps").length) {
      selection.set("laps", rest);
      selection.save_changes();
    }
    refresh();
  });
  p.follow(selection, "laps", refresh.bind(null, false));
  p.follow(model, "laps", refresh.bind(null, false));
  p.follow(model, "_missing", refresh.bind(null, false));
  p.follow(model, "_asked", () => void choice.take().then(() => refresh()));
  p.follow(model, "over", () => {
    zoom = null;
    refresh(true);
  });
  p.follow(model, "channels", () => {
    chart?.show(model.get("channels"));
    draw();
  });
  p.onTheme(draw);
  const onMessage = (message: { type?: string }) => {
    if (message.type !== "pong" || choice.hasKernel) return;
    choice.hasKernel = true;
    refresh();
  };
  model.on("msg:custom", onMessage);
  signal.addEventListener("abort", () => model.off("msg:custom", onMessage));
  const fit = () => {
    if (!p.root.clientWidth) return;
    if (isStale) return draw();
    chart?.theme(tokens(p.root), p.root.clientWidth < NARROW_PX);
    scroll();
  };
  const resized = new ResizeObserver(p.guard(fit));
  resized.observe(p.root);
  resized.observe(stage);
  const seen = new IntersectionObserver(p.guard(fit)); // back at the size it had, nothing is resized
  seen.observe(p.root);
  signal.addEventListener("abort", () => {
    resized.disconnect();
    seen.disconnect();
  });

  await choice.take();
  refresh();
  model.send({ type: "ping" });
  const onDrawn = () => {
    p.root.dataset.ready = "true";
    point(true);
  };
  const onError = (error: unknown) => {
    stage.hidden = true;
    const code = error instanceof Error ? error.message : String(error);
    const text = "Reload the page; if it happens again, report the text below.";
    put(blank, blankHtml({ kind: "error", title: "The charts could not be drawn", text, code }));
  };
  loading.then((bokeh) => {
    if (signal.aborted) return;
    chart = new Chart(figures, bokeh, signal, onDrawn, onError);
    stage.append(chart.el, cursor.el);
    chart.show(model.get("channels"));
    draw();
  }, onError);
}

export default { render: panel<Model>("tel", setup) };
