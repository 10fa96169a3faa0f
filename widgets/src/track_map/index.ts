// TrackMap: the circuit, the cars on it, and a lap as its colour.
import { canvas } from "../shared/canvas";
import { project, readCircuit } from "../shared/circuit";
import { readDrivers } from "../shared/drivers";
import { esc } from "../shared/format";
import { toggleDriver } from "../shared/models";
import { element, type Panel, panel, put } from "../shared/panel";
import { readStatus, STATUS, type Status, statusAt } from "../shared/status";
import { TimingLog } from "../shared/timing";
import { readPaths } from "./cars";
import { alongCircuit, type Channel, chooseLap, isAhead, readLaps, toLevels } from "./lap";
import { legendHtml } from "./legend";
import type { ColorBy, Model } from "./model";
import { Scene } from "./scene";
import { ground } from "./view";

const COLORS: [ColorBy, string][] = [
  ["plain", "Plain"],
  ["speed", "Speed"],
  ["throttle", "Throttle"],
  ["brake", "Brake"],
  ["gear", "Gear"],
];
const SPOKEN_EVERY_MS = 3000;
const CHOSEN_EVERY_MS = 1000; // while the clock runs, a better lap is looked for so often
const REACH = { mouse: 14, touch: 24 }; // pixels around a dot or the road that count as on it

function setup(p: Panel<Model>): void {
  const { model, clock, selection, tables } = p;
  const circuit = readCircuit(tables.circuit);
  const drivers = readDrivers(tables.drivers);
  const status = readStatus(tables.status);
  const session = tables.session;
  const rotation_deg = session.number("circuit_rotation_deg")[0] || 0;
  const log = new TimingLog(tables.timing, drivers.keys());
  const scene = new Scene(circuit, rotation_deg, readPaths(tables.positions), drivers, log);
  const laps = tables.traces && circuit ? readLaps(tables.traces, tables.laps) : [];

  const place = session.text("circuit")[0] ?? session.text("location")[0];
  const km = circuit && `${(circuit.length_m / 1000).toFixed(2)} km`;
  p.meta.textContent = [place, km].filter(Boolean).join(", ");

  const host = element("div", "f1nb-canvas");
  host.setAttribute("role", "img");
  host.tabIndex = -1; // a click puts the focus here, so that Escape ends following
  const legend = element("div", "f1nb-map-legend");
  p.body.append(host, legend);

  // -- the picture ---------------------------------------------------------------------------------------------------
  let spoken = Number.NEGATIVE_INFINITY;
  let spokenStatus: Status | null = null;
  const speak = (now: Status) => {
    if (now === spokenStatus && performance.now() - spoken < SPOKEN_EVERY_MS) return;
    spoken = performance.now();
    spokenStatus = now;
    const first = scene.order().slice(0, 3);
    const lead = first.length ? ` ${first.join(", ")} lead.` : "";
    host.setAttribute("aria-label", `Track map.${lead}${status.length ? ` ${STATUS[now].name}.` : ""}`);
  };
  const paint = canvas(host, p.signal, (g, width, height, t) => {
    const time_s = clock.get("time_s");
    const now = statusAt(status, time_s).status;
    const isMoving = scene.draw(g, width, height, t, {
      time_s,
      status: now,
      selected: selection.get("drivers"),
      follow: model.get("follow"),
      cursor_m: selection.get("cursor_m"),
    });
    speak(now);
    if (isMoving) later();
  });
  let due = 0;
  const onFrame = p.guard(() => {
    due = 0;
    paint();
  });
  /** Paint at the next frame: however many changes there are until then. */
  const later = () => {
    due ||= requestAnimationFrame(onFrame);
  };
  p.signal.addEventListener("abort", () => cancelAnimationFrame(due));

  // -- the colour of the circuit -------------------------------------------------------------------------------------
  let colored = "";
  let chosen = Number.NEGATIVE_INFINITY;
  const recolor = () => {
    chosen = performance.now();
    const by = model.get("color_by");
    const time_s = clock.get("time_s");
    const lap = by === "plain" ? null : chooseLap(laps, selection.get("laps"), selection.get("drivers"), time_s);
    const isLater = lap != null && isAhead(lap, time_s);
    const key = lap ? `${by} ${lap.driver} ${lap.lap} ${isLater}` : "plain";
    if (key === colored) return;
    colored = key;
    if (!lap || !circuit) {
      put(legend, "");
      scene.color(null);
    } else {
      const channel = by as Channel;
      const levels = toLevels(alongCircuit(circuit, tables.traces, lap, channel), channel);
      put(legend, legendHtml(channel, levels, lap, isLater));
      scene.color(levels);
    }
    scene.legend = { width: legend.offsetWidth + 4, height: legend.offsetHeight + 4 };
    later();
  };

  controls(p, laps.length > 0, [...drivers.keys()].sort());
  p.follow(clock, "time_s", () => {
    if (!clock.get("playing") || performance.now() - chosen >= CHOSEN_EVERY_MS) recolor();
    paint();
  });
  p.follow(selection, "cursor_m", later);
  p.follow(selection, "drivers", () => {
    recolor();
    later();
  });
  p.follow(selection, "laps", recolor);
  p.follow(model, "color_by", recolor, true);
  p.follow(model, "follow", later);

  // -- pointer and keyboard ------------------------------------------------------------------------------------------
  const point = (e: MouseEvent): [number, number] => {
    const box = host.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  };
  let isMine = false; // the cursor was set here, so leaving the road takes it away
  const cursor = (place_m: number | null) => {
    if (place_m == null && !isMine) return;
    isMine = place_m != null;
    selection.set("cursor_m", place_m);
  };
  const on = { signal: p.signal };
  host.addEventListener(
    "pointermove",
    (e) => {
      if (e.pointerType === "touch" || !scene.view) return;
      const [x, y] = point(e);
      host.style.cursor = scene.hit(x, y, REACH.mouse) ? "pointer" : "";
      if (!circuit) return;
      const { distance_m, offset_m } = project(circuit, ...ground(scene.view, x, y));
      cursor(Math.abs(offset_m) * scene.view.k <= REACH.mouse ? distance_m : null);
    },
    on,
  );
  host.addEventListener("pointerleave", () => cursor(null), on);
  host.addEventListener(
    "click",
    (e) => {
      const isTouch = (e as PointerEvent).pointerType === "touch";
      const car = scene.hit(...point(e), isTouch ? REACH.touch : REACH.mouse);
      if (car) toggleDriver(selection, car.key);
    },
    on,
  );
  p.root.addEventListener(
    "keydown",
    (e) => {
      if (e.key !== "Escape" || !model.get("follow")) return;
      e.stopPropagation();
      model.set("follow", null);
      model.save_changes();
    },
    on,
  );
}

/** Colour and follow: buttons where there is room, a list on a narrow panel. */
function controls(p: Panel<Model>, hasLaps: boolean, codes: string[]): void {
  const { model } = p;
  const options = COLORS.map(([value, text]) => `<option value="${value}">${text}</option>`).join("");
  const buttons = COLORS.map(([value, text]) => `<button type="button" data-color="${value}">${text}</button>`).join("");
  const cars = codes.map((code) => `<option>${esc(code)}</option>`).join("");
  p.tools.innerHTML = `${
    hasLaps
      ? `<span class="f1nb-seg f1nb-map-colors" role="group" aria-label="Colour of the circuit">${buttons}</span>
         <select class="f1nb-map-select f1nb-map-colors-narrow" aria-label="Colour of the circuit">${options}</select>`
      : ""
  }<select class="f1nb-map-select f1nb-map-follow" aria-label="Follow a car"><option value="">All cars</option>${cars}</select>`;
  const set = <K extends "color_by" | "follow">(trait: K, value: Model[K]) => {
    model.set(trait, value);
    model.save_changes();
  };
  const color = p.tools.querySelector<HTMLSelectElement>(".f1nb-map-colors-narrow");
  const follow = p.tools.querySelector(".f1nb-map-follow") as HTMLSelectElement;
  const all = [...p.tools.querySelectorAll<HTMLButtonElement>("[data-color]")];
  for (const b of all) b.addEventListener("click", () => set("color_by", b.dataset.color as ColorBy));
  color?.addEventListener("change", () => set("color_by", color.value as ColorBy));
  follow.addEventListener("change", () => set("follow", follow.value || null));
  p.follow(
    model,
    "color_by",
    () => {
      const by = model.get("color_by");
      for (const b of all) b.setAttribute("aria-pressed", String(b.dataset.color === by));
      if (color) color.value = by;
    },
    true,
  );
  p.follow(
    model,
    "follow",
    () => {
      follow.value = model.get("follow") ?? "";
      follow.toggleAttribute("data-on", !!model.get("follow"));
    },
    true,
  );
}

export default { render: panel<Model>("map", setup) };
