// The shape of a circuit that no source has: the way that a car took on the fastest lap so far.
import { type Circuit, outlined } from "../shared/circuit";
import type { Table } from "../shared/columns";
import { GAP_S, type Path } from "./cars";

/** Of the outline; positions come every 0.2 to 0.5 s. */
const STEP_S = 0.25;
/** A lap that ends farther from where it began was no lap: through the pits, or with times that do not fit. */
const CLOSED_M = 100;
const LEAST_M = 1000;

/** `laps`: driver, start_time_s, end_time_s, lap_time_s. Null until a whole lap was driven. */
export function drivenCircuit(laps: Table, paths: Map<string, Path>): Circuit | null {
  const driver = laps.text("driver");
  const [start, end, lap_time] = ["start_time_s", "end_time_s", "lap_time_s"].map((c) => laps.number(c));
  const whole = [...start.keys()].filter((i) => lap_time[i] > 0 && end[i] > start[i]);
  for (const i of whole.sort((a, b) => lap_time[a] - lap_time[b])) {
    const path = paths.get(driver[i] ?? "");
    const circuit = path && along(path, start[i], end[i]);
    if (circuit) return circuit;
  }
  return null;
}

function along(path: Path, from_s: number, to_s: number): Circuit | null {
  const { times } = path;
  const first = times.findIndex((t) => t > from_s);
  if (first < 1 || times[times.length - 1] < to_s) return null;
  for (let i = first; times[i - 1] < to_s; i++) if (times[i] - times[i - 1] > GAP_S) return null;
  const place = { x: 0, y: 0, stale_s: 0 };
  const steps = Math.ceil((to_s - from_s) / STEP_S);
  const x = new Float64Array(steps);
  const y = new Float64Array(steps);
  for (let i = 0; i < steps; i++) {
    path.at(from_s + ((to_s - from_s) * i) / steps, place);
    x[i] = place.x;
    y[i] = place.y;
  }
  path.at(to_s, place);
  const circuit = outlined(x, y);
  return Math.hypot(place.x - x[0], place.y - y[0]) < CLOSED_M && circuit.length_m > LEAST_M ? circuit : null;
}
