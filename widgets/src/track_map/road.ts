// What does not move: halo of the track status, asphalt, pit lane, start line, the coloured lap, corner numbers.
import { type Circuit, onLap, pointAt, type Stretch } from "../shared/circuit";
import type { Status } from "../shared/status";
import type { Tokens } from "../shared/theme";
import type { SectorFlag } from "./flags";
import type { Obstacles } from "./labels";
import { type Levels, levelColor } from "./lap";
import { screenX, screenY, type View } from "./view";

const HALO: Partial<Record<Status, keyof Tokens>> = {
  yellow: "yellow",
  safety_car: "sc",
  vsc: "vsc",
  vsc_ending: "vsc",
  red: "red",
};

export interface CornerNumber {
  label: string;
  x: number;
  y: number;
}

/** Pixels from the edge of the road to the middle of a corner's number; below zero: outside the bend. */
const AWAY = [11, 15, 19, -11, 24, -15, -19];

/** Paths in metres, made once; the view turns and scales them. */
export class Road {
  private readonly outline = new Path2D();
  private readonly pitLane = new Path2D();
  private bands: Path2D[] = [];

  constructor(private readonly circuit: Circuit) {
    const { x, y, pitX, pitY } = circuit;
    for (let i = 0; i < x.length; i++) this.outline.lineTo(x[i], y[i]);
    this.outline.closePath();
    for (let i = 0; i < pitX.length; i++) this.pitLane.lineTo(pitX[i], pitY[i]);
  }

  /** Colour the circuit: one path for each level, so that a frame is a few strokes and not one for each point. */
  color(levels: Levels | null): void {
    this.bands = [];
    if (!levels) return;
    const { x, y } = this.circuit;
    const n = x.length;
    this.bands = Array.from({ length: levels.count }, () => new Path2D());
    for (let i = 0; i < n; i++) {
      const band = this.bands[levels.level[i]];
      if (!band) continue;
      if (levels.level[(i + n - 1) % n] !== levels.level[i] || i === 0) band.moveTo(x[i], y[i]);
      const next = (i + 1) % n;
      const reach = levels.level[next] === levels.level[i] ? 1 : 1.15; // no hairline between two bands
      band.lineTo(x[i] + (x[next] - x[i]) * reach, y[i] + (y[next] - y[i]) * reach);
    }
  }

  /** Draw it. `width`: of the asphalt, in pixels. `flagged`: stretches under yellow flags. */
  draw(
    g: CanvasRenderingContext2D,
    v: View,
    width: number,
    status: Status,
    flagged: readonly (readonly [Stretch, SectorFlag])[],
    t: Tokens,
  ): void {
    const stroke = (path: Path2D, pixels: number, color: string) => {
      g.lineWidth = pixels / v.k;
      g.strokeStyle = color;
      g.stroke(path);
    };
    g.save();
    g.transform(v.k * v.cos, -v.k * v.sin, -v.k * v.sin, -v.k * v.cos, v.ox, v.oy);
    g.lineJoin = "round";
    g.lineCap = "round";
    const halo = HALO[status];
    if (halo && !(status === "yellow" && flagged.length)) {
      if (status.startsWith("vsc")) g.setLineDash([10 / v.k, 12 / v.k]);
      stroke(this.outline, width + 8, t[halo]);
      g.setLineDash([]);
    }
    g.lineCap = "butt";
    for (const [stretch, flag] of flagged) {
      const path = this.path(stretch);
      if (flag === "double") {
        stroke(path, width + 17, t.yellow); // two lines for two flags
        stroke(path, width + 12, t.surface);
      }
      stroke(path, width + 9, t.yellow);
    }
    g.lineCap = "round";
    stroke(this.outline, width + 3.5, t.surface);
    stroke(this.outline, width, t.asphalt);
    stroke(this.pitLane, 1.5, t.edge); // above the asphalt: beside a long straight there is no room for it otherwise
    g.lineCap = "butt";
    this.bands.forEach((band, level) => {
      stroke(band, width - 2, levelColor(t, level, this.bands.length));
    });
    g.restore();
    if (this.circuit.isSchematic) this.arrows(g, v, width, t["ink-3"]);
    for (const line of this.circuit.sectorLines) this.tick(g, v, line, width / 2 + 3, t["ink-3"], 2);
    this.tick(g, v, 0, width + 3, t.ink, 3.5);
  }

  /** A stretch of the road as a broad line that lets what is below shine through. */
  drawStretch(g: CanvasRenderingContext2D, v: View, stretch: { from: number; to: number }, width: number, color: string): void {
    g.save();
    g.transform(v.k * v.cos, -v.k * v.sin, -v.k * v.sin, -v.k * v.cos, v.ox, v.oy);
    g.globalAlpha = 0.45;
    g.lineWidth = width / v.k;
    g.strokeStyle = color;
    g.stroke(this.path(stretch));
    g.restore();
  }

  private path({ from, to }: { from: number; to: number }): Path2D {
    const path = new Path2D();
    const length = onLap(this.circuit, to - from);
    const steps = Math.max(1, Math.ceil(length / 10));
    for (let i = 0; i <= steps; i++) path.lineTo(...pointAt(this.circuit, from + (length * i) / steps));
    return path;
  }

  /** Which way the cars go around: a circuit is known by its shape, a loop is not. */
  private arrows(g: CanvasRenderingContext2D, v: View, width: number, color: string): void {
    g.lineWidth = 1.5;
    g.strokeStyle = color;
    for (let share = 0.04; share < 1; share += 0.12) {
      const [[ax, ay], [bx, by]] = [-8, 8].map((d) => this.screen(v, share * this.circuit.length_m + d));
      const length = Math.hypot(bx - ax, by - ay) || 1;
      const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
      const half = width * 0.38;
      g.beginPath();
      g.moveTo(ax - (ux + uy) * half, ay - (uy - ux) * half);
      g.lineTo(ax, ay);
      g.lineTo(ax - (ux - uy) * half, ay - (uy + ux) * half);
      g.stroke();
    }
  }

  /** Place the numbers of the corners: inside the bend where there is room, as codes of cars stand outside. */
  numbers(v: View, width: number, obstacles: Obstacles): CornerNumber[] {
    const placed: CornerNumber[] = [];
    for (const { label, distance_m } of this.circuit.corners) {
      const [[ax, ay], [bx, by], [x, y]] = [-20, 20, 0].map((d) => this.screen(v, distance_m + d));
      const chord = Math.hypot(bx - ax, by - ay) || 1;
      const nx = -(by - ay) / chord;
      const ny = (bx - ax) / chord;
      const inside = nx * ((ax + bx) / 2 - x) + ny * ((ay + by) / 2 - y) < 0 ? -1 : 1;
      const box = (away: number) => {
        const off = inside * (away + (Math.sign(away) * width) / 2);
        const [px, py] = [x + nx * off, y + ny * off];
        return [px - 6, py - 6, px + 6, py + 6] as const;
      };
      const isFree = (away: number) => obstacles.isFree(...box(away));
      const away = AWAY.find((d) => isFree(d) && obstacles.isOffRoad(...box(d))) ?? AWAY.find(isFree);
      if (away == null) continue;
      const [left, top, right, bottom] = box(away);
      obstacles.add(left, top, right, bottom);
      placed.push({ label, x: (left + right) / 2, y: (top + bottom) / 2 });
    }
    return placed;
  }

  private screen(v: View, distance_m: number): [number, number] {
    const [x, y] = pointAt(this.circuit, distance_m);
    return [screenX(v, x, y), screenY(v, x, y)];
  }

  private tick(g: CanvasRenderingContext2D, v: View, distance_m: number, half: number, color: string, pixels: number): void {
    const [[ax, ay], [bx, by], [x, y]] = [-4, 4, 0].map((d) => this.screen(v, distance_m + d));
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const [ux, uy] = [((by - ay) / length) * half, (-(bx - ax) / length) * half];
    g.beginPath();
    g.moveTo(x - ux, y - uy);
    g.lineTo(x + ux, y + uy);
    g.strokeStyle = color;
    g.lineWidth = pixels;
    g.stroke();
  }
}
