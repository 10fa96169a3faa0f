// TrackMap: the circuit, the cars on it, and a lap as its colour.
import { canvas } from "../shared/canvas";
import { project } from "../shared/circuit";
import { readDrivers } from "../shared/drivers";
import { toggleDriver } from "../shared/models";
import { element, type Panel, panel, put } from "../shared/panel";
import { readStatus, STATUS, type Status, statusAt } from "../shared/status";
import { TimingLog } from "../shared/timing";
import { Field } from "./field";
import { FlagLog, type SectorFlags, stretchOf } from "./flags";
import { alongCircuit, type Channel, chooseLap, isAhead, readLaps, toLevels } from "./lap";
import { legendHtml } from "./legend";
import type { Model } from "./model";
import { PitExits } from "./pit_exit";
import { type Frame, Scene } from "./scene";
import { controls } from "./tools";
import { type Box, ground } from "./view";
import { pitsHtml, SCHEMATIC, stateHtml } from "./words";

const SPOKEN_EVERY_MS = 3000;
const CHOSEN_EVERY_MS = 1000; // while the clock runs, a better lap is looked for so often
const SAID_EVERY_MS = 500; // and words change no more often than this
const REACH = { mouse: 14, touch: 24 }; // pixels around a dot or the road that count as on it
const GROWING = ["positions", "mini_sectors", "timing", "circuit", "status", "race_control", "laps", "traces", "pit_losses"];

function setup(p: Panel<Model>): void {
  const { model, clock, selection, tables } = p;
  const drivers = readDrivers(tables.drivers);
  const { session } = tables;
  const isRace = ["R", "S"].includes(session.text("session")[0] ?? "");
  const log = new TimingLog(tables.timing, drivers.keys());
  const field = new Field(tables, log);
  const { circuit } = field;
  if (field.isEmpty) {
    blank(p, log);
    return;
  }
  let status = readStatus(tables.status);
  let flags = new FlagLog(tables.race_control);
  const readColored = () => (tables.traces && circuit && !circuit.isSchematic ? readLaps(tables.traces, tables.laps) : []);
  let laps = readColored();

  const scene = new Scene(circuit, session.number("circuit_rotation_deg")[0] || 0, drivers, log);
  scene.place(field.trails());
  scene.hidesPits = field.sectors != null;
  if (!circuit) for (const path of field.paths.values()) scene.extend(path.x, path.y);
  const exits = isRace && circuit ? new PitExits(circuit, field, log, tables.pit_losses) : null;

  const place = session.text("circuit")[0] ?? session.text("location")[0];
  const km = circuit && !circuit.isSchematic && `${(circuit.length_m / 1000).toFixed(2)} km`;
  p.meta.textContent = [place, field.isDriven ? circuit && "shape as driven" : km].filter(Boolean).join(", ");

  const stage = element("div", "f1nb-map-stage");
  const host = element("div", "f1nb-canvas");
  host.setAttribute("role", "img");
  host.tabIndex = -1; // a click puts the focus here, so that Escape ends following
  const state = element("div", "f1nb-map-state");
  const corner = element("div", circuit?.isSchematic ? "f1nb-map-middle" : "f1nb-map-corner");
  const pits = element("div", "f1nb-map-pits");
  const legend = element("div", "f1nb-map-legend");
  const exit = element("p", "f1nb-map-out");
  exit.hidden = true;
  const notice = element("p", "", circuit?.isSchematic ? SCHEMATIC : "");
  corner.append(pits, circuit?.isSchematic ? notice : legend);
  stage.append(host, state, corner);
  p.body.append(stage, exit);

  // -- the picture ---------------------------------------------------------------------------------------------------
  const of = (time_s: number): { status: Status; flags: SectorFlags } => ({
    status: statusAt(status, time_s).status,
    flags: flags.at(time_s),
  });
  let shown: SectorFlags | undefined;
  let flagged: Frame["flagged"] = [];
  const stretches = (now: SectorFlags): Frame["flagged"] => {
    if (now !== shown && circuit) {
      flagged = [...now].flatMap(([sector, flag]) => {
        const stretch = stretchOf(circuit, sector, flags.highest);
        return stretch ? [[stretch, flag] as const] : [];
      });
    }
    shown = now;
    return flagged;
  };
  const chosen = () => model.get("follow") ?? selection.get("drivers")[0] ?? null;
  const paint = canvas(host, p.signal, (g, width, height, t) => {
    const time_s = clock.get("time_s");
    const now = of(time_s);
    const isMoving = scene.draw(g, width, height, t, {
      time_s,
      status: now.status,
      flagged: stretches(now.flags),
      selected: selection.get("drivers"),
      follow: model.get("follow"),
      cursor_m: circuit?.isSchematic ? null : selection.get("cursor_m"),
      ghost: exits && model.get("pit_exit") ? exits.ghost(chosen(), time_s) : null,
    });
    if (said < 0) say(); // what the cars do is known now
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

  // -- in words ------------------------------------------------------------------------------------------------------
  let said = Number.NEGATIVE_INFINITY;
  let spoken = Number.NEGATIVE_INFINITY;
  let spokenState = "";
  const say = () => {
    said = performance.now();
    const time_s = clock.get("time_s");
    const now = of(time_s);
    put(state, stateHtml(now.status, now.flags));
    if (scene.hidesPits) put(pits, pitsHtml(scene.inPits(), isRace));
    const isAsked = exits != null && model.get("pit_exit");
    exit.hidden = !isAsked;
    if (isAsked) put(exit, exits.html(chosen(), time_s, now.status));
    if (scene.cover(boxesOf([state, pits, legend, notice], host))) later();
    const inWords = state.textContent || (status.length ? STATUS.clear.name : "");
    if (inWords === spokenState && said - spoken < SPOKEN_EVERY_MS) return;
    spoken = said;
    spokenState = inWords;
    const first = scene.order().slice(0, 3);
    const lead = first.length ? ` ${first.join(", ")} lead.` : "";
    const by = field.sectors ? `, cars placed by ${field.sectors.kind}` : "";
    host.setAttribute("aria-label", `Track map${by}.${lead}${inWords && ` ${inWords}.`}`);
  };
  const sayNow = () => {
    paint(); // it finds out what the cars do
    say();
  };

  // -- the colour of the circuit -------------------------------------------------------------------------------------
  let colored = "";
  let chose = Number.NEGATIVE_INFINITY;
  const recolor = () => {
    chose = performance.now();
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
    later();
  };

  controls(p, [...drivers.keys()].sort(), { colors: laps.length > 0, pitExit: exits != null });
  recolor();
  p.follow(clock, "time_s", () => {
    const isPlaying = clock.get("playing");
    const now = performance.now();
    if (!isPlaying || now - chose >= CHOSEN_EVERY_MS) recolor();
    paint();
    if (!isPlaying || now - said >= SAID_EVERY_MS) say();
  });
  p.follow(selection, "cursor_m", later);
  const onColor = () => {
    recolor();
    sayNow();
  };
  p.follow(selection, "drivers", onColor);
  p.follow(selection, "laps", onColor);
  p.follow(model, "color_by", onColor);
  p.follow(model, "follow", sayNow);
  p.follow(model, "pit_exit", sayNow);

  p.grows(GROWING, (from) => {
    if (from.timing != null) log.take(tables.timing, from.timing);
    if (field.isOutgrown(from)) {
      p.restart();
      return;
    }
    if (field.take(from)) scene.renew();
    if (from.positions != null) {
      scene.place(field.trails());
      if (!circuit) for (const path of field.paths.values()) scene.extend(path.x, path.y);
    }
    if (from.status != null) status = readStatus(tables.status);
    if (from.race_control != null) flags = new FlagLog(tables.race_control);
    if (from.laps != null || from.traces != null) {
      const hadLaps = laps.length > 0;
      laps = readColored();
      if (laps.length > 0 !== hadLaps) p.restart(); // there is something to colour by now
    }
    scene.forget();
    later();
  });

  pointer(p, scene, host, field);
  pits.addEventListener("click", (e) => {
    const driver = (e.target as Element).closest<HTMLElement>("[data-driver]")?.dataset.driver;
    if (driver) toggleDriver(selection, driver);
  });
}

/** Where elements with something in them stand on the map. */
function boxesOf(elements: HTMLElement[], host: HTMLElement): Box[] {
  const origin = host.getBoundingClientRect();
  return elements
    .map((e) => e.getBoundingClientRect())
    .filter((box) => box.width > 0 && box.height > 0)
    .map(({ left, top, width, height }) => ({ left: left - origin.left, top: top - origin.top, width, height }));
}

/** Nothing to draw yet, or ever. */
function blank(p: Panel<Model>, log: TimingLog): void {
  const isLive = p.clock.get("live");
  const title = isLive ? "Waiting for the first cars" : "No cars";
  const text = isLive
    ? "They appear here with their first position or mini-sector."
    : "This session has neither positions nor sectors to place them by.";
  p.blank({ kind: "info", title, text, code: "" });
  p.grows(["positions", "mini_sectors", "timing"], (from) => {
    if (from.timing != null) log.take(p.tables.timing, from.timing);
    if (!new Field(p.tables, log).isEmpty) p.restart();
  });
}

/** Pointer and keyboard. */
function pointer(p: Panel<Model>, scene: Scene, host: HTMLElement, { circuit }: Field): void {
  const { model, selection } = p;
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
      if (!circuit || circuit.isSchematic) return;
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

export default { render: panel<Model>("map", setup) };
