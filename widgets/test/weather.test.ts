import { describe, expect, it } from "vitest";
import type { Table } from "../src/shared/columns";
import { tiles } from "../src/weather/index";
import { sampleAt } from "../src/weather/samples";

const NAMES = [
  "air_temp_c",
  "track_temp_c",
  "humidity_pct",
  "pressure_hpa",
  "wind_speed_mps",
  "wind_direction_deg",
  "is_raining",
];
function table(time_s: number[], columns: Record<string, number[]>): Table {
  const nothing = new Float64Array(time_s.length).fill(Number.NaN);
  const all: Record<string, Float64Array> = { time_s: Float64Array.from(time_s) };
  for (const name of NAMES) all[name] = columns[name] ? Float64Array.from(columns[name]) : nothing;
  return { rows: time_s.length, number: (name: string) => all[name] } as unknown as Table;
}

describe("the weather between two measurements", () => {
  const t = table([60, 120], { air_temp_c: [20, 22], wind_direction_deg: [350, 20], is_raining: [0, 1] });
  it("is what lies between", () => {
    expect(sampleAt(t, 90).air_temp_c).toBe(21);
    expect(sampleAt(t, 90).wind_direction_deg).toBeCloseTo(5); // the short way round
    expect(sampleAt(t, 90).is_raining).toBe(false); // rain is measured, not guessed
  });
  it("is the first before, the last after", () => {
    expect(sampleAt(t, 0).air_temp_c).toBe(20);
    expect(sampleAt(t, 9999).air_temp_c).toBe(22);
    expect(sampleAt(t, 9999).is_raining).toBe(true);
  });
  it("is absent where nothing was measured", () => {
    expect(sampleAt(t, 90).pressure_hpa).toBeNull();
    expect(sampleAt(table([0, 60], { air_temp_c: [20, Number.NaN] }), 30).air_temp_c).toBe(20);
  });
});

describe("tiles", () => {
  const at = (values: Record<string, number[]>) => sampleAt(table([0], values), 0);
  it("show an en dash, without a unit, for what is absent", () => {
    const html = tiles(at({}), at({}));
    expect(html).not.toMatch(/NaN|null|undefined|°C|m\/s/);
    expect(html.match(/<b>–<\/b>/g)).toHaveLength(6);
  });
  it("say how much it has changed since the start, in words too", () => {
    expect(tiles(at({ track_temp_c: [30] }), at({ track_temp_c: [32.5] }))).toContain("down 2.5 since the start");
    expect(tiles(at({ track_temp_c: [30] }), at({ track_temp_c: [30.1] }))).not.toContain("since the start");
  });
  it("write a minus as a minus", () =>
    expect(tiles(at({ air_temp_c: [-2] }), at({ air_temp_c: [-2] }))).toContain("<b>−2.0</b>"));
});
