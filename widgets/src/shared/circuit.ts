// The circuit: its outline, pit lane and corners, and the way between a place on the ground and metres from the start line.
import type { Table } from "./columns";

export interface Corner {
  /** number and letter, e.g. 11A */
  label: string;
  distance_m: number;
}

export interface Circuit {
  /** the closed outline; the first point is not repeated */
  x: Float64Array;
  y: Float64Array;
  /** metres from the start line of each point */
  at: Float64Array;
  length_m: number;
  pitX: Float64Array;
  pitY: Float64Array;
  corners: Corner[];
  /** where sectors 1 and 2 end, metres from the start line, as far as known */
  sectorLines: number[];
  /** in order of their numbers, as far as known */
  marshalSectors: Stretch[];
  /** where mini-sectors end, in order, as far as published */
  miniSectorEnds: number[];
  /** a loop that stands for a circuit whose shape is not known: distances on it mean shares of a lap */
  isSchematic: boolean;
}

/** A part of the lap, metres from the start line; one that `to` ends before it begins goes across the line. */
export interface Stretch {
  number: number;
  from: number;
  to: number;
}

/** `table`: kind, number, letter, x_m, y_m, distance_m. Null when it has no outline. */
export function readCircuit(table: Table): Circuit | null {
  const kind = table.text("kind");
  const letter = table.text("letter");
  const [number, x, y, distance] = ["number", "x_m", "y_m", "distance_m"].map((c) => table.number(c));
  const of = (name: string) => {
    const rows: number[] = [];
    for (let i = 0; i < table.rows; i++) if (kind[i] === name) rows.push(i);
    return rows.sort((a, b) => number[a] - number[b]);
  };
  const pick = (rows: number[], values: Float64Array) => Float64Array.from(rows, (i) => values[i]);
  const outline = of("outline");
  const n = outline.length;
  if (n < 3) return null;
  const pit = of("pit_lane");
  const circuit = outlined(pick(outline, x), pick(outline, y));
  circuit.pitX = pick(pit, x);
  circuit.pitY = pick(pit, y);
  const place = (i: number) => (Number.isNaN(distance[i]) ? project(circuit, x[i], y[i]).distance_m : distance[i]);
  circuit.corners = of("corner").map((i) => ({ label: `${number[i]}${letter[i] ?? ""}`, distance_m: place(i) }));
  circuit.sectorLines = of("sector_line").map(place);
  circuit.miniSectorEnds = of("mini_sector").map(place);
  const marshals = of("marshal_sector"); // the point is where it begins; it ends where the next one begins
  circuit.marshalSectors = marshals.map((i, k) => ({
    number: number[i],
    from: place(i),
    to: place(marshals[(k + 1) % marshals.length]),
  }));
  return circuit;
}

/** A circuit of which nothing but the outline is known. */
export function outlined(x: Float64Array, y: Float64Array): Circuit {
  const circuit: Circuit = {
    x,
    y,
    at: new Float64Array(x.length),
    length_m: 0,
    pitX: new Float64Array(),
    pitY: new Float64Array(),
    corners: [],
    sectorLines: [],
    marshalSectors: [],
    miniSectorEnds: [],
    isSchematic: false,
  };
  measure(circuit);
  return circuit;
}

/** Set how far along the lap each point is, and the length of it. */
function measure(circuit: Circuit): void {
  const { x, y, at } = circuit;
  circuit.length_m = 0;
  for (let i = 0; i < x.length; i++) {
    const next = (i + 1) % x.length;
    at[i] = circuit.length_m;
    circuit.length_m += Math.hypot(x[next] - x[i], y[next] - y[i]);
  }
}

const LOOP = { straight_m: 1000, radius_m: 480, points: 400 };

/**
 * A loop to place cars on by their share of the lap where the shape of the circuit is not known: two straights and two bends,
 * clockwise from the line in the middle of the lower straight.
 */
export function schematic(): Circuit {
  const { straight_m, radius_m, points } = LOOP;
  const length_m = 2 * straight_m + 2 * Math.PI * radius_m;
  const x = new Float64Array(points);
  const y = new Float64Array(points);
  const half = straight_m / 2;
  for (let i = 0; i < points; i++) {
    let d = (length_m * i) / points + half; // from the right end of the lower straight
    const isUpper = d >= length_m / 2 && d < length_m; // the same again, turned by half a circle
    if (d >= length_m / 2) d -= (length_m / 2) * (isUpper ? 1 : 2);
    const turn = (d - straight_m) / radius_m;
    const [px, py] = d < straight_m ? [half - d, -radius_m] : [-half - radius_m * Math.sin(turn), -radius_m * Math.cos(turn)];
    x[i] = isUpper ? -px : px;
    y[i] = isUpper ? -py : py;
  }
  const loop = outlined(x, y);
  loop.isSchematic = true;
  return loop;
}

/** Mark where the sectors end on a loop, with their names where corners have their numbers. */
export function setSectors(loop: Circuit, lines: number[]): void {
  const ends = [0, ...lines, loop.length_m];
  loop.sectorLines = lines;
  loop.corners = ends.slice(1).map((end, i) => ({ label: `S${i + 1}`, distance_m: (ends[i] + end) / 2 }));
}

/** Metres from the start line as a place on the lap: 0 ≤ place < length. */
export function onLap(circuit: Circuit, distance_m: number): number {
  return ((distance_m % circuit.length_m) + circuit.length_m) % circuit.length_m;
}

/** x and y of a place on the lap. Beyond one lap it goes around again. */
export function pointAt(circuit: Circuit, distance_m: number): [number, number] {
  const { x, y, at, length_m } = circuit;
  const n = x.length;
  const place = onLap(circuit, distance_m);
  let i = Math.min(n - 1, Math.floor((place / length_m) * n)); // points stand at even steps, so this is it or next to it
  while (i > 0 && at[i] > place) i--;
  while (i < n - 1 && at[i + 1] <= place) i++;
  const next = (i + 1) % n;
  const step = (i === n - 1 ? length_m : at[i + 1]) - at[i];
  const share = step ? (place - at[i]) / step : 0;
  return [x[i] + (x[next] - x[i]) * share, y[i] + (y[next] - y[i]) * share];
}

/**
 * The nearest place on the outline, and how far off it the point is, positive to the left. With `near_m` only places within
 * `reach_m` of it count: it keeps a car on its own side where two parts of a circuit run close together or cross.
 */
export function project(
  circuit: Circuit,
  px: number,
  py: number,
  near_m = Number.NaN,
  reach_m = 300,
): { distance_m: number; offset_m: number } {
  const { x, y, at, length_m } = circuit;
  const n = x.length;
  const half = length_m / 2;
  let least = Number.POSITIVE_INFINITY;
  const found = { distance_m: 0, offset_m: 0 };
  for (let i = 0; i < n; i++) {
    if (Math.abs(onLap(circuit, at[i] - near_m + half) - half) > reach_m) continue; // NaN is never greater
    const next = (i + 1) % n;
    const dx = x[next] - x[i];
    const dy = y[next] - y[i];
    const square = dx * dx + dy * dy || 1e-9;
    const share = Math.min(1, Math.max(0, ((px - x[i]) * dx + (py - y[i]) * dy) / square));
    const ax = px - x[i] - share * dx;
    const ay = py - y[i] - share * dy;
    const away = ax * ax + ay * ay;
    if (away >= least) continue;
    least = away;
    found.distance_m = at[i] + share * Math.sqrt(square);
    found.offset_m = Math.sqrt(away) * (dx * ay - dy * ax < 0 ? -1 : 1);
  }
  return found;
}
