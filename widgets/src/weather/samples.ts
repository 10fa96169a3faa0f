// The weather between two measurements, which come about once a minute.
import type { Table } from "../shared/columns";
import { lastAt } from "../shared/timing";

const FIGURES = ["air_temp_c", "track_temp_c", "humidity_pct", "wind_speed_mps", "pressure_hpa"] as const;
type Figure = (typeof FIGURES)[number];

/** Absent values are null. */
export type Sample = Record<Figure, number | null> & { wind_direction_deg: number | null; is_raining: boolean | null };

const known = (v: number): number | null => (Number.isNaN(v) ? null : v);

/** Between two values; the one that is known when the other is absent. */
function between(a: number, b: number, share: number): number | null {
  if (Number.isNaN(a) || Number.isNaN(b)) return known(Number.isNaN(a) ? b : a);
  return a + (b - a) * share;
}

/** Between two directions, the short way round. */
function turn(a: number, b: number, share: number): number | null {
  if (Number.isNaN(a) || Number.isNaN(b)) return known(Number.isNaN(a) ? b : a);
  const by = ((((b - a) % 360) + 540) % 360) - 180;
  return (a + by * share + 360) % 360;
}

/** The weather at a moment: as first measured before the first measurement, as last measured after the last. */
export function sampleAt(table: Table, time_s: number): Sample {
  const time = table.number("time_s");
  const i = Math.max(0, lastAt(time, time_s));
  const j = Math.min(i + 1, table.rows - 1);
  const share = j > i ? Math.min(1, Math.max(0, (time_s - time[i]) / (time[j] - time[i]))) : 0;
  const figures = FIGURES.map((name) => {
    const values = table.number(name);
    return [name, between(values[i], values[j], share)];
  });
  const direction = table.number("wind_direction_deg");
  const rain = table.number("is_raining")[i];
  return {
    ...(Object.fromEntries(figures) as Record<Figure, number | null>),
    wind_direction_deg: turn(direction[i], direction[j], share),
    is_raining: Number.isNaN(rain) ? null : rain > 0,
  };
}
