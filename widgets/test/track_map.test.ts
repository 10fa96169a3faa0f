import { describe, expect, it } from "vitest";
import { type Circuit, onLap, pointAt, project, readCircuit } from "../src/shared/circuit";
import type { Table } from "../src/shared/columns";
import { GAP_S, Path, readPaths } from "../src/track_map/cars";
import { type Label, Labels, Obstacles } from "../src/track_map/labels";
import { alongCircuit, chooseLap, isAhead, readLaps, toLevels } from "../src/track_map/lap";
import { legendHtml } from "../src/track_map/legend";
import { between, centred, fitted, ground, overview, screenX, screenY } from "../src/track_map/view";

/** A table as the panel gets it, from plain columns. */
function table(columns: Record<string, (number | string | null)[]>): Table {
  return {
    rows: Object.values(columns)[0].length,
    number: (name: string) => Float64Array.from(columns[name], (v) => (v == null ? Number.NaN : Number(v))),
    text: (name: string) => columns[name].map((v) => (v == null ? null : String(v))),
  } as unknown as Table;
}

/** 300 m by 100 m, a point every 10 m, from the south-west corner eastwards. */
function rectangle(): Circuit {
  const points: [number, number][] = [];
  for (let d = 0; d < 800; d += 10) {
    if (d < 300) points.push([d, 0]);
    else if (d < 400) points.push([300, d - 300]);
    else if (d < 700) points.push([700 - d, 100]);
    else points.push([0, 800 - d]);
  }
  const other = { letter: null, distance_m: null };
  const rows: Record<string, string | number | null>[] = [
    ...points.map(([x_m, y_m], number) => ({ ...other, kind: "outline", number, x_m, y_m })).reverse(),
    { kind: "corner", letter: "A", number: 1, x_m: 300, y_m: 0, distance_m: null },
    { kind: "sector_line", letter: null, number: 1, x_m: 300, y_m: 50, distance_m: 350 },
  ];
  const names = ["kind", "letter", "number", "x_m", "y_m", "distance_m"];
  return readCircuit(table(Object.fromEntries(names.map((c) => [c, rows.map((r) => r[c])])))) as Circuit;
}

describe("circuit", () => {
  const circuit = rectangle();

  it("is as long as its outline, however the rows are ordered", () => {
    expect(circuit.length_m).toBeCloseTo(800);
    expect(circuit.x[1]).toBe(10);
  });

  it("places corners and lines along the outline", () => {
    expect(circuit.corners).toEqual([{ label: "1A", distance_m: 300 }]);
    expect(circuit.sectorLines).toEqual([350]);
  });

  it("goes around: a place beyond the line is a place of the next lap", () => {
    expect(pointAt(circuit, 805)).toEqual(pointAt(circuit, 5));
    expect(pointAt(circuit, -5)).toEqual([0, 5]);
    expect(onLap(circuit, -800)).toBe(0);
  });

  it("projects a point back to the place it came from", () => {
    for (let d = 0; d < 800; d += 7.3) {
      const { distance_m, offset_m } = project(circuit, ...pointAt(circuit, d));
      expect(distance_m).toBeCloseTo(d);
      expect(offset_m).toBeCloseTo(0);
    }
  });

  it("tells the left of the road from the right", () => {
    expect(project(circuit, 150, 4).offset_m).toBeCloseTo(4);
    expect(project(circuit, 150, -4).offset_m).toBeCloseTo(-4);
  });

  it("stays near where the car is expected", () => {
    expect(project(circuit, 150, 60).distance_m).toBeCloseTo(550);
    expect(project(circuit, 150, 60, 140, 100).distance_m).toBeCloseTo(150);
    expect(project(circuit, 3, 2, 799, 50).distance_m).toBeCloseTo(3); // also across the start line
    expect(project(circuit, 2, 3, 1, 50).distance_m).toBeCloseTo(797);
  });

  it("is none without an outline", () => {
    const empty = table({ kind: [], letter: [], number: [], x_m: [], y_m: [], distance_m: [] });
    expect(readCircuit(empty)).toBeNull();
  });
});

describe("cars", () => {
  const out = { x: 0, y: 0, stale_s: 0 };
  const path = (times: number[], x: number[]) =>
    new Path(
      Float64Array.from(times),
      Float64Array.from(x),
      Float64Array.from(x, (v) => -v),
    );

  it("pass through the samples and move evenly at an even speed", () => {
    const car = path([0, 0.5, 1, 1.5, 2], [0, 10, 20, 30, 40]);
    for (const t of [0, 0.1, 0.5, 0.77, 1.9, 0.3, 2]) {
      expect(car.at(t, out)).toBe(true);
      expect(out.x).toBeCloseTo(20 * t);
      expect(out.y).toBeCloseTo(-20 * t);
      expect(out.stale_s).toBe(0);
    }
  });

  it("are on a smooth line: no jump of speed at a sample", () => {
    const car = path([0, 0.5, 1, 1.5, 2], [0, 2, 12, 30, 33]);
    const x = (t: number) => {
      car.at(t, out);
      return out.x;
    };
    for (const t of [0.5, 1, 1.5]) expect((x(t + 1e-5) - x(t)) / 1e-5).toBeCloseTo((x(t) - x(t - 1e-5)) / 1e-5, 1);
  });

  it("wait at the last place through a hole, and say that it is old", () => {
    const car = path([0, 0.5, 20, 20.5], [0, 10, 500, 510]);
    car.at(0.5 + GAP_S, out);
    expect(out).toMatchObject({ x: 10, stale_s: 0 });
    car.at(15, out);
    expect(out).toMatchObject({ x: 10, stale_s: 14.5 });
    car.at(20.25, out);
    expect(out.x).toBeCloseTo(505);
    expect(out.stale_s).toBe(0);
  });

  it("are not there before they were seen", () => {
    expect(path([100, 100.5], [0, 1]).at(90, out)).toBe(false);
    expect(path([], []).at(90, out)).toBe(false);
  });

  it("are found after a jump either way", () => {
    const car = path(
      Array.from({ length: 200 }, (_, i) => i / 2),
      Array.from({ length: 200 }, (_, i) => i),
    );
    for (const t of [90, 3.2, 99.5, 0, 41.1]) {
      car.at(t, out);
      expect(out.x).toBeCloseTo(Math.min(199, 2 * t));
    }
  });

  it("are read one after the other, without the places nobody knows", () => {
    const paths = readPaths(
      table({ driver: ["A", "A", "A", "B"], time_s: [0, 1, 2, 0], x_m: [1, null, 3, 9], y_m: [1, 2, 3, 9] }),
    );
    expect([...paths.keys()]).toEqual(["A", "B"]);
    expect([...(paths.get("A") as Path).times]).toEqual([0, 2]);
  });
});

describe("view", () => {
  const x = [0, 300, 300, 0];
  const y = [0, 0, 100, 100];
  const inside = (v: ReturnType<typeof fitted>, box: { left: number; top: number; width: number; height: number }) =>
    x.every((_, i) => {
      const [a, b] = [screenX(v, x[i], y[i]), screenY(v, x[i], y[i])];
      return (
        a >= box.left - 1e-6 && a <= box.left + box.width + 1e-6 && b >= box.top - 1e-6 && b <= box.top + box.height + 1e-6
      );
    });

  it("shows all of it whatever the rotation", () => {
    const box = { left: 20, top: 30, width: 500, height: 200 };
    for (const turn of [0, 33, 90, 200]) expect(inside(fitted(x, y, turn, box), box)).toBe(true);
  });

  it("has north up and turns counter-clockwise", () => {
    const box = { left: 0, top: 0, width: 100, height: 100 };
    const north = fitted(x, y, 0, box);
    expect(screenY(north, 0, 100)).toBeLessThan(screenY(north, 0, 0));
    const turned = fitted(x, y, 90, box);
    expect(screenY(turned, 300, 0)).toBeLessThan(screenY(turned, 0, 0)); // east is up now
  });

  it("turns by a quarter where the panel is the other way round, but never a published rotation", () => {
    const tall = { left: 0, top: 0, width: 200, height: 600 };
    const wide = { left: 0, top: 0, width: 600, height: 200 };
    expect(overview(x, y, 0, wide).sin).toBe(0);
    expect(overview(x, y, Number.NaN, tall).sin).toBe(1);
    expect(overview(x, y, 5, tall).cos).toBeCloseTo(Math.cos((5 * Math.PI) / 180));
  });

  it("finds the ground under a pixel", () => {
    const v = fitted(x, y, 37, { left: 5, top: 5, width: 300, height: 300 });
    const [gx, gy] = ground(v, screenX(v, 120, 40), screenY(v, 120, 40));
    expect(gx).toBeCloseTo(120);
    expect(gy).toBeCloseTo(40);
  });

  it("keeps a followed car in the middle", () => {
    const box = { left: 10, top: 20, width: 300, height: 200 };
    const whole = fitted(x, y, 37, box);
    const close = centred(whole, 2, 250, 80, box);
    expect([screenX(close, 250, 80), screenY(close, 250, 80)]).toEqual([160, 120]);
    expect(between(whole, close, 1)).toEqual(close);
  });
});

describe("labels", () => {
  const label = (key: string, x: number, y: number): Label => ({
    key,
    x,
    y,
    nx: 0,
    ny: -1,
    width: 24,
    height: 11,
    textX: 0,
    textY: 0,
    distance: 0,
  });
  const panel = () => {
    const o = new Obstacles();
    o.resize(400, 300);
    return o;
  };

  it("do not cover each other, the cars or the edge of the panel", () => {
    const obstacles = panel();
    const labels = new Labels();
    const cars = Array.from({ length: 12 }, (_, i) => label(`C${i}`, 150 + 9 * i, 150 + (i % 3)));
    for (const c of cars) obstacles.add(c.x - 6, c.y - 6, c.x + 6, c.y + 6);
    const placed = cars.filter((c) => labels.place(c, obstacles));
    expect(placed.length).toBeGreaterThan(8);
    for (const a of placed) {
      expect(a.textX - a.width / 2).toBeGreaterThan(0);
      for (const b of placed) {
        const apart = Math.abs(a.textX - b.textX) >= a.width || Math.abs(a.textY - b.textY) >= a.height;
        expect(a === b || apart).toBe(true);
      }
      for (const c of cars) expect(Math.abs(a.textX - c.x) >= 12 || Math.abs(a.textY - c.y) >= 5.5).toBe(true);
    }
  });

  it("stand beside the road, and on it rather than nowhere", () => {
    const beside = panel();
    for (let x = 0; x < 400; x += 2) beside.addRoad(x, 150, 5);
    const car = label("A", 200, 150);
    expect(new Labels().place(car, beside)).toBe(true);
    expect(Math.abs(car.textY - 150)).toBeGreaterThan(10);
    const nowhere = panel();
    for (let x = 0; x < 400; x += 2) for (let y = 0; y < 300; y += 2) nowhere.addRoad(x, y, 2);
    expect(new Labels().place(car, nowhere)).toBe(true);
  });

  it("keep their place when a better one becomes free", () => {
    const labels = new Labels();
    const car = label("A", 200, 150);
    const crowded = panel();
    crowded.add(180, 120, 220, 145);
    labels.place(car, crowded);
    const below = car.textY;
    expect(below).toBeGreaterThan(150);
    labels.place(car, panel());
    expect(car.textY).toBe(below);
  });

  it("are left out where there is no room at all", () => {
    const full = panel();
    full.add(0, 0, 400, 300);
    expect(new Labels().place(label("A", 200, 150), full)).toBe(false);
  });
});

describe("the lap that colours the circuit", () => {
  const columns = {
    driver: ["NOR", "NOR", "NOR", "NOR", "PIA", "PIA"],
    lap: [3, 3, 9, 9, 5, 5],
    track_m: [0, 800, 0, 800, 0, 800],
    lap_time_s: [0, 72.5, 0, 73, 0, 72],
    speed_kmh: [100, 300, 90, 310, 100, 200],
    is_braking: [1, 0, 0, 1, 0, 0],
  };
  const traces = table(columns);
  const laps = readLaps(traces, table({ driver: ["NOR", "NOR", "PIA"], lap: [3, 9, 5], end_time_s: [300, 900, 500] }));

  it("is the first selected one that is there, else the driver's best, else the best of all", () => {
    const name = (l: ReturnType<typeof chooseLap>) => l && `${l.driver} ${l.lap}`;
    expect(name(chooseLap(laps, [["NOR", 9]], ["PIA"], 999))).toBe("NOR 9");
    expect(
      name(
        chooseLap(
          laps,
          [
            ["NOR", 44],
            ["PIA", 5],
          ],
          [],
          999,
        ),
      ),
    ).toBe("PIA 5");
    expect(name(chooseLap(laps, [], ["NOR"], 999))).toBe("NOR 3");
    expect(name(chooseLap(laps, [], ["VER"], 999))).toBe("PIA 5");
    expect(chooseLap([], [], ["VER"], 999)).toBeNull();
  });

  it("is one that was driven by then, and says so where there is none", () => {
    const at = (time_s: number, drivers: string[] = []) => chooseLap(laps, [], drivers, time_s);
    expect(at(400)).toMatchObject({ driver: "NOR", lap: 3 });
    expect(at(500)).toMatchObject({ driver: "PIA", lap: 5 });
    expect(at(200)).toMatchObject({ driver: "PIA", lap: 5 });
    expect(at(200, ["NOR"])).toMatchObject({ driver: "NOR", lap: 3 });
    expect(isAhead(laps[0], 200)).toBe(true);
    const levels = toLevels(Float64Array.from([100, 200]), "speed");
    expect(legendHtml("speed", levels, laps[0], true)).toContain("after the clock");
    expect(legendHtml("speed", levels, laps[0], false)).not.toContain("after the clock");
  });

  it("has its values at each point of the outline", () => {
    const speed = alongCircuit(rectangle(), traces, laps[0], "speed");
    expect(speed[0]).toBe(100);
    expect(speed[40]).toBeCloseTo(200);
    expect(alongCircuit(rectangle(), traces, laps[0], "brake")[40]).toBe(1); // a step, not a ramp
  });

  it("is coloured from its lowest to its highest speed, and not at all where it has no value", () => {
    const { level, low, high, count } = toLevels(Float64Array.from([100, 200, Number.NaN, 300]), "speed");
    expect([low, high]).toEqual([100, 300]);
    expect([...level]).toEqual([0, expect.any(Number), -1, count - 1]);
    expect(toLevels(Float64Array.from([50, 50]), "throttle")).toMatchObject({ low: 0, high: 100 });
  });

  it("is named by the legend, with names from data escaped", () => {
    const levels = toLevels(Float64Array.from([100, 300]), "speed");
    const html = legendHtml("speed", levels, { ...laps[0], driver: "<b>" }, false);
    expect(html).toContain("&lt;b&gt;, lap 3, 1:12.500");
    expect(html).toContain("km/h");
    expect(legendHtml("brake", toLevels(Float64Array.from([0, 1]), "brake"), laps[0], false)).toContain("braking");
    expect(legendHtml("speed", levels, { ...laps[0], lap_time_s: Number.NaN }, false)).not.toContain("NaN");
  });
});
