// Where car codes stand: beside the road, clear of cars, corner numbers and each other.

const CELL = 2; // pixels; the road is tested on a grid of these, not against each of its points

/** What a label must not cover: boxes that it never covers, and the road, that it covers when nothing else is left. */
export class Obstacles {
  private boxes = new Float64Array(4 * 128);
  private count = 0;
  private road = new Uint8Array();
  private columns = 0;
  private rows = 0;
  private width = 0;
  private height = 0;

  /** Start over, without boxes and road. */
  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / CELL);
    this.rows = Math.ceil(height / CELL);
    const cells = this.columns * this.rows;
    if (this.road.length === cells) this.road.fill(0);
    else this.road = new Uint8Array(cells);
    this.count = 0;
  }

  /** Forget the boxes from this one on; `mark()` says how many there are. */
  reset(count: number): void {
    this.count = count;
  }

  mark(): number {
    return this.count;
  }

  add(left: number, top: number, right: number, bottom: number): void {
    if (4 * this.count === this.boxes.length) {
      const more = new Float64Array(2 * this.boxes.length);
      more.set(this.boxes);
      this.boxes = more;
    }
    this.boxes.set([left, top, right, bottom], 4 * this.count++);
  }

  /** A piece of road of this half width around a point. */
  addRoad(x: number, y: number, half: number): void {
    const c0 = Math.max(0, Math.floor((x - half) / CELL));
    const c1 = Math.min(this.columns - 1, Math.floor((x + half) / CELL));
    const r0 = Math.max(0, Math.floor((y - half) / CELL));
    const r1 = Math.min(this.rows - 1, Math.floor((y + half) / CELL));
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) this.road[r * this.columns + c] = 1;
  }

  /** Inside the panel and on no box. */
  isFree(left: number, top: number, right: number, bottom: number): boolean {
    if (left < 2 || top < 2 || right > this.width - 2 || bottom > this.height - 2) return false;
    const b = this.boxes;
    for (let i = 0; i < 4 * this.count; i += 4) {
      if (left < b[i + 2] && b[i] < right && top < b[i + 3] && b[i + 1] < bottom) return false;
    }
    return true;
  }

  isOffRoad(left: number, top: number, right: number, bottom: number): boolean {
    const c1 = Math.min(this.columns - 1, Math.floor(right / CELL));
    const r1 = Math.min(this.rows - 1, Math.floor(bottom / CELL));
    for (let r = Math.max(0, Math.floor(top / CELL)); r <= r1; r++) {
      for (let c = Math.max(0, Math.floor(left / CELL)); c <= c1; c++) if (this.road[r * this.columns + c]) return false;
    }
    return true;
  }
}

const DISTANCES = [15, 24, 34, 46];
const D = Math.SQRT1_2;
// away from the road outwards, inwards, then aslant; as (along the outward normal, across it)
const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [D, -D],
  [D, D],
  [-D, -D],
  [-D, D],
];
export const PLACES = DISTANCES.length * DIRECTIONS.length;

export interface Label {
  key: string;
  /** the car */
  x: number;
  y: number;
  /** unit vector from the road outwards */
  nx: number;
  ny: number;
  /** of the text */
  width: number;
  height: number;
  /** middle of the text, and how far it stands from the car; set by `place` */
  textX: number;
  textY: number;
  distance: number;
}

export class Labels {
  private readonly slots = new Map<string, number>();

  /** Find a place and occupy it. False: there is none. A label keeps its place while that is free, so that it does not jump. */
  place(label: Label, obstacles: Obstacles): boolean {
    const before = this.slots.get(label.key) ?? -1;
    let slot = before >= 0 && this.fits(label, before, obstacles, true) ? before : this.first(label, obstacles, true);
    if (slot < 0) slot = this.first(label, obstacles, false);
    this.slots.set(label.key, slot);
    if (slot < 0) return false;
    this.move(label, slot);
    const w = label.width / 2 + 2;
    const h = label.height / 2 + 1;
    obstacles.add(label.textX - w, label.textY - h, label.textX + w, label.textY + h);
    return true;
  }

  private first(label: Label, obstacles: Obstacles, offRoad: boolean): number {
    for (let slot = 0; slot < PLACES; slot++) if (this.fits(label, slot, obstacles, offRoad)) return slot;
    return -1;
  }

  private move(label: Label, slot: number): void {
    const [out, across] = DIRECTIONS[slot % DIRECTIONS.length];
    label.distance = DISTANCES[Math.floor(slot / DIRECTIONS.length)];
    const ux = label.nx * out - label.ny * across;
    const uy = label.ny * out + label.nx * across;
    label.textX = label.x + ux * (label.distance + (label.width / 2) * Math.abs(ux));
    label.textY = label.y + uy * label.distance;
  }

  private fits(label: Label, slot: number, obstacles: Obstacles, offRoad: boolean): boolean {
    this.move(label, slot);
    const [x, y] = [label.textX, label.textY];
    const w = label.width / 2 + 2;
    const h = label.height / 2 + 1;
    if (!obstacles.isFree(x - w, y - h, x + w, y + h)) return false;
    return !offRoad || obstacles.isOffRoad(x - w, y - h, x + w, y + h);
  }
}
