// One frame of the map: the view, the road behind, the cars and their codes in front.
import { type Circuit, pointAt, type Stretch } from "../shared/circuit";
import type { Driver } from "../shared/drivers";
import type { Status } from "../shared/status";
import { readable, reducedMotion, type Tokens } from "../shared/theme";
import { CAR_STATES, type CarState, type TimingLog } from "../shared/timing";
import type { Place, Trail } from "./cars";
import type { SectorFlag } from "./flags";
import { type Label, Labels, Obstacles } from "./labels";
import type { Levels } from "./lap";
import { cross, disc, ghostDot } from "./marks";
import { Road } from "./road";
import { type Box, between, centred, overview, screenX, screenY, type View } from "./view";

export interface Car extends Label {
  driver: Driver;
  trail: Trail;
  place: Place;
  state: CarState;
  state_since_s: number;
  position: number;
  isSelected: boolean;
  /** it is on the circuit or beside it now */
  isShown: boolean;
  /** and in the panel: others are out of sight while a car is followed */
  isInView: boolean;
  /** index of the nearest point of the outline */
  near: number;
}

const MOVE_MS = 420;
const FOLLOWED_M = 450; // of the ground across the panel while following a car
const STOPPED_SHOWN_S = 120; // a car that stands beside the road stays on the map for so long
/** How long a car stays without new positions; any other state: as long as it lasts. */
const STALE_SHOWN_S: Partial<Record<CarState, number>> = { finished: 20, garage: 5, pit: 120 };

export interface Frame {
  time_s: number;
  status: Status;
  /** stretches under yellow flags; always the same object for the same flags */
  flagged: readonly (readonly [Stretch, SectorFlag])[];
  selected: string[];
  follow: string | null;
  cursor_m: number | null;
  ghost: Ghost | null;
}

/** Where a car would come out of the pits, and how far before or behind that it can be: metres from the start line. */
export interface Ghost {
  driver: string;
  at: number;
  from: number;
  to: number;
}

export class Scene {
  readonly cars: Car[] = [];
  /** the view of the last frame */
  view: View | null = null;
  private covered: Box[] = [];
  /** cars in the pits are said in words, not drawn: where they stand there is not known */
  hidesPits = false;
  private readonly road: Road | null;
  private boundsX: number[] = [];
  private boundsY: number[] = [];
  private readonly labels = new Labels();
  private readonly obstacles = new Obstacles();
  private fixedBoxes = 0;
  private readonly layer = document.createElement("canvas");
  private layerKey = "";
  private colors = new Map<string, string>();
  private widths = new Map<string, number>();
  private tokens: Tokens | undefined;
  private version = 0;
  private whole: { key: string; view: View } | null = null;
  private statesAt = Number.NaN;
  private flagged: Frame["flagged"] = [];
  private followed: string | null = null;
  private moveFrom: View | null = null;
  private moveStart = 0;

  constructor(
    private readonly circuit: Circuit | null,
    private readonly rotation_deg: number,
    private readonly drivers: Map<string, Driver>,
    private readonly log: TimingLog,
  ) {
    this.road = circuit && new Road(circuit);
    if (!circuit) return;
    this.boundsX = [...circuit.x, ...circuit.pitX];
    this.boundsY = [...circuit.y, ...circuit.pitY];
  }

  /** Take where the cars are from these; a driver who is new in it gets a dot. */
  place(trails: ReadonlyMap<string, Trail>): void {
    this.forget();
    for (const [code, trail] of trails) {
      const known = this.cars.find((c) => c.key === code);
      if (known) known.trail = trail;
      else this.cars.push(newCar(code, this.drivers.get(code), trail));
    }
  }

  /** Show these points, too: without a circuit the view is as large as the ways that cars took. */
  extend(x: ArrayLike<number>, y: ArrayLike<number>): void {
    this.boundsX = this.boundsX.concat(Array.from(x));
    this.boundsY = this.boundsY.concat(Array.from(y));
    this.whole = null;
  }

  /** What the cars do has changed: look it up again. */
  forget(): void {
    this.statesAt = Number.NaN;
  }

  /** Keep codes clear of these pixels. True: they were others before. */
  cover(boxes: Box[]): boolean {
    if (JSON.stringify(boxes) === JSON.stringify(this.covered)) return false;
    this.covered = boxes;
    this.version++;
    return true;
  }

  /** The circuit has changed: draw the road anew. */
  renew(): void {
    this.version++;
  }

  /** Colour the circuit by these levels; null: plain. */
  color(levels: Levels | null): void {
    this.road?.color(levels);
    this.version++;
  }

  /** Running order of the cars that are shown. */
  order(): string[] {
    return this.cars
      .filter((c) => c.isShown && !isStopped(c))
      .sort((a, b) => a.position - b.position)
      .map((c) => c.key);
  }

  /** Cars in the pit lane and in their garages, in order of their places. */
  inPits(): Car[] {
    return this.cars.filter(isInPits).sort((a, b) => a.position - b.position);
  }

  /** The car under a pixel. */
  hit(x: number, y: number, reach: number): Car | null {
    let found: Car | null = null;
    let least = reach;
    for (const car of this.cars) {
      const away = Math.hypot(car.x - x, car.y - y);
      if (!car.isInView || away > least) continue;
      least = away;
      found = car;
    }
    return found;
  }

  /** Draw. True: the view is still on its way, so another frame is due. */
  draw(g: CanvasRenderingContext2D, width: number, height: number, t: Tokens, frame: Frame): boolean {
    if (t !== this.tokens) {
      this.tokens = t;
      this.colors.clear();
      this.widths.clear();
      this.version++;
    }
    this.locate(frame);
    if (frame.flagged !== this.flagged) {
      this.flagged = frame.flagged;
      this.version++;
    }
    const asphalt = Math.min(8.5, Math.max(5, width / 62));
    const box = frameBox(width, height);
    const key = `${width} ${height}`;
    if (this.whole?.key !== key) this.whole = { key, view: overview(this.boundsX, this.boundsY, this.rotation_deg, box) };
    const moving = this.look(frame, box);
    const view = this.view ?? this.whole.view;
    const isWhole = view === this.whole.view;
    const roadWidth = isWhole ? asphalt : Math.max(asphalt, 12 * view.k);
    if (this.road) {
      if (isWhole) this.drawLayer(g, this.road, view, roadWidth, width, height, t, frame.status);
      else this.drawRoad(g, this.road, view, roadWidth, width, height, t, frame.status);
    } else {
      this.obstacles.resize(width, height);
    }
    for (const car of this.cars) {
      car.x = screenX(view, car.place.x, car.place.y);
      car.y = screenY(view, car.place.x, car.place.y);
      car.isInView = car.isShown && car.x > 0 && car.y > 0 && car.x < width && car.y < height;
    }
    const { ghost } = frame;
    if (ghost) this.road?.drawStretch(g, view, ghost, roadWidth + 5, this.colorOf(ghost.driver, t));
    this.drawCars(g, t);
    if (ghost) this.drawGhost(g, view, ghost, t);
    this.drawLabels(g, view, width, height, t);
    if (frame.cursor_m != null && this.circuit) this.drawCursor(g, view, frame.cursor_m, t);
    return moving;
  }

  /** Where every car is, and what it does. */
  private locate(frame: Frame): void {
    const { time_s } = frame;
    // states change a few times a minute: looked up five times a second of session time, not at every frame
    const isDue = !(Math.abs(time_s - this.statesAt) < 0.2);
    if (isDue) this.statesAt = time_s;
    for (const car of this.cars) {
      if (isDue) {
        const state = this.log.at(car.key, "state", time_s);
        car.state = CAR_STATES[state.value ?? 1];
        car.state_since_s = state.since;
        car.position = this.log.at(car.key, "position", time_s).value ?? 99;
      }
      car.isSelected = frame.selected.includes(car.key);
      car.isShown =
        car.trail.at(time_s, car.place) &&
        !(this.hidesPits && isInPits(car)) &&
        car.place.stale_s <= (STALE_SHOWN_S[car.state] ?? Number.POSITIVE_INFINITY) &&
        car.state !== "retired" &&
        !(isStopped(car) && time_s - car.state_since_s > STOPPED_SHOWN_S);
      if (this.circuit) car.near = nearest(this.circuit, car.place.x, car.place.y, car.near);
    }
    this.cars.sort((a, b) => Number(b.isSelected) - Number(a.isSelected) || a.position - b.position);
  }

  /** Set the view: the whole circuit, or a car in the middle; on the way from one to the other for a moment. */
  private look(frame: Frame, box: Box): boolean {
    const whole = (this.whole as { view: View }).view;
    const car = frame.follow ? this.cars.find((c) => c.key === frame.follow && c.isShown) : undefined;
    const k = Math.max(2 * whole.k, Math.min(box.width, box.height) / FOLLOWED_M);
    const target = car ? centred(whole, k, car.place.x, car.place.y, box) : whole;
    const followed = car?.key ?? null;
    if (followed !== this.followed) {
      this.moveFrom = reducedMotion() ? null : this.view;
      this.moveStart = performance.now();
      this.followed = followed;
    }
    const share = (performance.now() - this.moveStart) / MOVE_MS;
    if (!this.moveFrom || share >= 1) {
      this.moveFrom = null;
      this.view = target;
      return false;
    }
    this.view = between(this.moveFrom, target, 1 - (1 - share) ** 3);
    return true;
  }

  /** The road as a picture, drawn again only when something of it changes. */
  private drawLayer(
    g: CanvasRenderingContext2D,
    road: Road,
    view: View,
    roadWidth: number,
    width: number,
    height: number,
    t: Tokens,
    status: Status,
  ): void {
    const ratio = devicePixelRatio || 1;
    const key = `${width} ${height} ${ratio} ${status} ${this.version}`;
    if (this.layerKey !== key) {
      this.layerKey = key;
      this.layer.width = Math.round(width * ratio);
      this.layer.height = Math.round(height * ratio);
      const q = this.layer.getContext("2d") as CanvasRenderingContext2D;
      q.scale(ratio, ratio);
      this.drawRoad(q, road, view, roadWidth, width, height, t, status);
    }
    this.obstacles.reset(this.fixedBoxes);
    g.drawImage(this.layer, 0, 0, width, height);
  }

  private drawRoad(
    g: CanvasRenderingContext2D,
    road: Road,
    view: View,
    roadWidth: number,
    width: number,
    height: number,
    t: Tokens,
    status: Status,
  ): void {
    road.draw(g, view, roadWidth, status, this.flagged, t);
    this.obstacles.resize(width, height);
    const { x, y } = this.circuit as Circuit;
    for (let i = 0; i < x.length; i++) {
      this.obstacles.addRoad(screenX(view, x[i], y[i]), screenY(view, x[i], y[i]), roadWidth / 2 + 1);
    }
    g.font = `600 10px ${t.font}`;
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.fillStyle = t["ink-3"];
    for (const n of road.numbers(view, roadWidth, this.obstacles)) g.fillText(n.label, n.x, n.y);
    for (const { left, top, width: w, height: h } of this.covered) this.obstacles.add(left, top, left + w, top + h);
    this.fixedBoxes = this.obstacles.mark();
    if (view !== this.whole?.view) this.layerKey = ""; // the layer's obstacles are gone
  }

  private drawCars(g: CanvasRenderingContext2D, t: Tokens): void {
    for (let i = this.cars.length - 1; i >= 0; i--) {
      const car = this.cars[i];
      if (!car.isInView) continue;
      const { x, y } = car;
      const radius = car.isSelected ? 6.5 : 5;
      const color = this.colorOf(car.key, t);
      g.globalAlpha = car.place.stale_s > 0 && !isStopped(car) ? 0.45 : 1;
      if (isStopped(car)) {
        cross(g, x, y, radius - 0.5, t.surface, 5.5);
        cross(g, x, y, radius - 0.5, car.isSelected ? t.ink : color, 2.6);
      } else {
        disc(g, x, y, radius + 1.6, car.isSelected ? t.ink : t.surface);
        disc(g, x, y, radius, color);
        if (car.state === "pit" || car.state === "garage") disc(g, x, y, radius - 2.4, t.surface);
      }
      this.obstacles.add(x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1);
    }
    g.globalAlpha = 1;
  }

  /** Where the car would come out: a ring in its colour. */
  private drawGhost(g: CanvasRenderingContext2D, view: View, ghost: Ghost, t: Tokens): void {
    const [px, py] = pointAt(this.circuit as Circuit, ghost.at);
    const [x, y] = [screenX(view, px, py), screenY(view, px, py)];
    ghostDot(g, x, y, this.colorOf(ghost.driver, t), t.surface);
    this.obstacles.add(x - 9, y - 9, x + 9, y + 9);
    const text = `${ghost.driver} out`;
    g.font = `700 11px ${t.font}`;
    const half = g.measureText(text).width / 2 + 2;
    const spots = [-20, 20].map((dy) => [x, y + dy]).concat([-1, 1].map((side) => [x + side * (half + 12), y]));
    const [tx, ty] = spots.find(([a, b]) => this.obstacles.isFree(a - half, b - 7, a + half, b + 7)) ?? spots[0];
    this.obstacles.add(tx - half, ty - 7, tx + half, ty + 7);
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.lineJoin = "round";
    g.lineWidth = 3.5;
    g.strokeStyle = t.surface;
    g.strokeText(text, tx, ty + 0.5);
    g.fillStyle = t.ink;
    g.fillText(text, tx, ty + 0.5);
  }

  private colorOf(key: string, t: Tokens): string {
    let color = this.colors.get(key);
    if (!color) {
      color = readable(this.drivers.get(key)?.color ?? "#808890", t.surface, 2.4);
      this.colors.set(key, color);
    }
    return color;
  }

  private drawLabels(g: CanvasRenderingContext2D, view: View, width: number, height: number, t: Tokens): void {
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.lineJoin = "round";
    for (const car of this.cars) {
      if (!car.isInView || (car.state === "garage" && !car.isSelected)) continue; // in qualifying that is most of them
      const size = car.isSelected ? 12 : width > 380 ? 10.5 : 10;
      g.font = `${car.isSelected ? 700 : 500} ${size}px ${t.font}`;
      const key = `${size} ${car.key}`;
      let textWidth = this.widths.get(key);
      if (textWidth == null) {
        textWidth = g.measureText(car.key).width;
        this.widths.set(key, textWidth);
      }
      car.width = textWidth;
      car.height = car.isSelected ? 13 : 11;
      if (this.circuit) outward(car, this.circuit, view, width, height);
      if (!this.labels.place(car, this.obstacles)) continue;
      if (car.distance > 20) this.drawLeader(g, car, t);
      g.lineWidth = 3.5;
      g.strokeStyle = t.surface;
      g.strokeText(car.key, car.textX, car.textY + 0.5);
      g.fillStyle = car.isSelected ? t.ink : isStopped(car) || car.place.stale_s > 0 ? t["ink-3"] : t["ink-2"];
      g.fillText(car.key, car.textX, car.textY + 0.5);
    }
  }

  /** A line from the car to a code that stands far from it. */
  private drawLeader(g: CanvasRenderingContext2D, car: Car, t: Tokens): void {
    const x = Math.min(car.textX + car.width / 2, Math.max(car.textX - car.width / 2, car.x));
    const y = Math.min(car.textY + car.height / 2, Math.max(car.textY - car.height / 2, car.y));
    const length = Math.hypot(x - car.x, y - car.y) || 1;
    g.beginPath();
    g.moveTo(car.x + ((x - car.x) / length) * 7, car.y + ((y - car.y) / length) * 7);
    g.lineTo(x, y);
    g.strokeStyle = t["ink-3"];
    g.lineWidth = 0.75;
    g.stroke();
  }

  private drawCursor(g: CanvasRenderingContext2D, view: View, cursor_m: number, t: Tokens): void {
    const [px, py] = pointAt(this.circuit as Circuit, cursor_m);
    const [x, y] = [screenX(view, px, py), screenY(view, px, py)];
    g.strokeStyle = t.accent;
    g.lineWidth = 2;
    g.beginPath();
    g.arc(x, y, 9, 0, 2 * Math.PI);
    for (const [ux, uy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      g.moveTo(x + 5 * ux, y + 5 * uy);
      g.lineTo(x + 13 * ux, y + 13 * uy);
    }
    g.stroke();
  }
}

const isStopped = (car: Car): boolean => car.state === "stopped";
const isInPits = (car: Car): boolean => car.state === "pit" || car.state === "garage";

function newCar(key: string, driver: Driver | undefined, trail: Trail): Car {
  return {
    key,
    driver: driver ?? { code: key, name: key, team: "", number: "", color: "#808890", grid: null },
    trail,
    place: { x: 0, y: 0, stale_s: 0 },
    state: "running",
    state_since_s: 0,
    position: 99,
    isSelected: false,
    isShown: false,
    isInView: false,
    near: 0,
    x: 0,
    y: 0,
    nx: 0,
    ny: -1,
    width: 0,
    height: 0,
    textX: 0,
    textY: 0,
    distance: 0,
  };
}

/** The part of the panel that the circuit fills: room for codes around it and for the legend below it. */
function frameBox(width: number, height: number): Box {
  const margin = width < 420 ? 26 : 38;
  const bottom = Math.max(margin, 34);
  return { left: margin, top: margin, width: Math.max(1, width - 2 * margin), height: Math.max(1, height - margin - bottom) };
}

/** Index of the nearest point of the outline: around the last one, or anywhere after a jump. */
function nearest(circuit: Circuit, x: number, y: number, last: number): number {
  const n = circuit.x.length;
  const away = (i: number) => (circuit.x[i] - x) ** 2 + (circuit.y[i] - y) ** 2;
  let best = last;
  let least = away(last);
  const reach = least < 100 ** 2 ? 30 : Math.ceil(n / 2);
  for (let d = -reach; d <= reach; d++) {
    const i = (((last + d) % n) + n) % n;
    const a = away(i);
    if (a >= least) continue;
    least = a;
    best = i;
  }
  return best;
}

/** Which way is off the road, away from the middle of the panel. */
function outward(car: Car, circuit: Circuit, view: View, width: number, height: number): void {
  const n = circuit.x.length;
  const [a, b] = [(car.near + n - 3) % n, (car.near + 3) % n];
  const dx = circuit.x[b] - circuit.x[a];
  const dy = circuit.y[b] - circuit.y[a];
  const length = Math.hypot(dx, dy) || 1;
  // the direction of the road on the screen is (c, -s); its normal is (-s, -c)
  const c = (dx * view.cos - dy * view.sin) / length;
  const s = (dx * view.sin + dy * view.cos) / length;
  const side = -s * (car.x - width / 2) - c * (car.y - height / 2) < 0 ? -1 : 1;
  car.nx = -s * side;
  car.ny = -c * side;
}
