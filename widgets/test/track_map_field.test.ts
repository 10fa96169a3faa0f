import { describe, expect, it } from "vitest";
import { type Circuit, readCircuit, schematic, setSectors } from "../src/shared/circuit";
import type { Table } from "../src/shared/columns";
import { CAR_STATES, TimingLog } from "../src/shared/timing";
import { readPaths } from "../src/track_map/cars";
import { Field } from "../src/track_map/field";
import { FlagLog, flagWords, stretchOf } from "../src/track_map/flags";
import { lossAt, PitExits, pitExit, pitExitHtml } from "../src/track_map/pit_exit";
import { Progress } from "../src/track_map/progress";
import { stateHtml } from "../src/track_map/words";
import { type Change, logOf } from "./log";

type Cell = number | string | null;

/** A table as the panel gets it; one that grows is given more rows. */
function table(columns: string[], rows: Cell[][]): Table {
  const of = (name: string) => rows.map((row) => row[columns.indexOf(name)]);
  return {
    get rows() {
      return rows.length;
    },
    number: (name: string) => Float64Array.from(of(name), (v) => (v == null ? Number.NaN : Number(v))),
    text: (name: string) => of(name).map((v) => (v == null ? null : String(v))),
  } as unknown as Table;
}

const CIRCUIT = ["kind", "number", "letter", "x_m", "y_m", "distance_m"];
/** A square of 1 km, from its corner at 0, 0. */
function square(extra: Cell[][] = []): Table {
  const points = Array.from({ length: 100 }, (_, i): [number, number] => {
    const side = Math.floor(i / 25);
    const along = (i % 25) * 10;
    return [
      [along, 0],
      [250, along],
      [250 - along, 250],
      [0, 250 - along],
    ][side] as [number, number];
  });
  return table(CIRCUIT, [...points.map(([x, y], i) => ["outline", i, null, x, y, 10 * i]), ...extra]);
}

const MARKS = ["time_s", "driver", "sector", "mini_sector", "mark"];
const NAMES: [number, number][] = [
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
  [3, 1],
  [3, 2],
]; // six mini-sectors
const report = (time: number, driver: string, k: number, mark = "slower"): Cell[] => [time, driver, ...NAMES[k % 6], mark];

/** Laps of one car: each mini-sector takes 10 s, from `start`. */
const driven = (driver: string, start: number, count: number): Cell[][] =>
  Array.from({ length: count }, (_, i) => report(start + 10 * (i + 1), driver, i));

const LAPS = ["driver", "start_time_s", "end_time_s", "lap_time_s"];

function fieldOf(
  marks: Cell[][],
  changes: Change[] = [],
  circuit: Table = square(),
  positions: Cell[][] = [],
  laps: Cell[][] = [],
): Field {
  const tables = {
    laps: table(LAPS, laps),
    circuit,
    positions: table(["driver", "time_s", "x_m", "y_m"], positions),
    mini_sectors: table(MARKS, marks),
  };
  return new Field(tables, new TimingLog(logOf(changes), ["A", "B"]));
}

const along = (field: Field, driver: string) => {
  const trail = field.trail(driver);
  return (time: number) => trail?.along(time, field.circuit as Circuit) ?? Number.NaN;
};

describe("a car without positions", () => {
  const clean = fieldOf(driven("A", 0, 18));

  it("is at the end of a mini-sector when it is reported, and goes on at its pace", () => {
    const at = along(clean, "A");
    for (const [time, metres] of [
      [70, 1000 / 6],
      [90, 500],
      [95, 500 + 1000 / 12],
    ])
      expect(Math.abs(at(time) - metres)).toBeLessThan(10); // half a second
  });

  it("never goes back and never beyond an end that is not reported, however late the report is", () => {
    const late = driven("A", 0, 12);
    for (let i = 8; i < 12; i++) late[i][0] = Number(late[i][0]) + 14; // it stood for a while
    const at = along(fieldOf(late), "A");
    let before = at(10);
    for (let t = 10; t < 135; t += 0.05) {
      const step = (at(t) - before + 1000) % 1000;
      expect(step).toBeLessThan(500); // else it was a step back
      before = at(t);
    }
    expect(at(103.9)).toBeLessThan(500);
    expect(at(103.9)).toBeGreaterThan(480);
    expect(at(109)).toBeGreaterThan(500);
  });

  it("does not jump when it was faster than expected: it makes up for it", () => {
    const fast = driven("A", 0, 30);
    for (let i = 24; i < 30; i++) fast[i][0] = Number(fast[i][0]) - 4;
    const at = along(fieldOf(fast), "A");
    expect(at(246.01) - at(245.99)).toBeLessThan(5);
    expect(at(249) / (1000 / 6)).toBeCloseTo(1.3, 1);
  });

  it("is as far as the log says whichever way the clock came there", () => {
    const forth = along(clean, "A");
    for (let t = 0; t < 95; t += 0.1) forth(t);
    expect(along(clean, "A")(95)).toBeCloseTo(forth(95), 0);
  });

  it("is not known before the first report, and old long after the last", () => {
    const place = { x: 0, y: 0, stale_s: 0 };
    expect(clean.trail("A")?.at(5, place)).toBe(false);
    expect(clean.trail("B")?.at(100, place)).toBe(false);
    expect(clean.trail("A")?.at(185, place)).toBe(true);
    expect(place.stale_s).toBe(0);
    clean.trail("A")?.at(300, place);
    expect(place.stale_s).toBeGreaterThan(60);
  });

  it("is not sent round the lap by a mark that is corrected later", () => {
    const marks = [...driven("A", 0, 9), report(91, "A", 6, "personal"), report(91.5, "A", 1, "best")];
    expect(along(fieldOf(marks), "A")(92)).toBeCloseTo(500 + 1000 / 30, 0);
  });

  it("begins a lap with the lap count where the last mini-sector is not reported", () => {
    const marks = driven("A", 0, 9).filter((_, i) => i !== 5);
    const changes: Change[] = [
      [0, "A", "lap", 1],
      [60, "A", "lap", 2],
    ];
    expect(along(fieldOf(marks, changes), "A")(60.5)).toBeLessThan(500);
  });

  it("stands at the line when the race begins, before its first mini-sector", () => {
    expect(along(fieldOf(driven("A", 0, 9), [[0, "A", "lap", 1]]), "A")(0)).toBe(0);
  });

  it("is placed inside the timing sectors, and at published ends of mini-sectors", () => {
    const lines: Cell[][] = [
      ["sector_line", 1, null, 0, 0, 200],
      ["sector_line", 2, null, 0, 0, 700],
    ];
    const bySectors = along(fieldOf(driven("A", 0, 12), [], square(lines)), "A");
    const near = (at: (time: number) => number, times: number[], metres: number[]) =>
      times.forEach((time, i) => {
        expect(Math.abs(at(time) - metres[i])).toBeLessThan(20);
      });
    near(bySectors, [10, 20, 30, 40], [100, 200, 450, 700]);
    const ends = [50, 120, 300, 480, 800, 1000].map((d, i): Cell[] => ["mini_sector", i + 1, null, 0, 0, d]);
    const published = along(fieldOf(driven("A", 0, 12), [], square([...lines, ...ends])), "A");
    near(published, [10, 20, 30, 50], [50, 120, 300, 800]);
  });

  it("goes by sectors where there are no mini-sectors", () => {
    const changes: Change[] = [0, 1, 2].flatMap((lap): Change[] =>
      [1, 2, 3].map((s) => [60 * lap + 20 * s, "A", `sector_${s}_time_s`, 20]),
    );
    const field = fieldOf([], changes);
    expect(field.sectors?.kind).toBe("sectors");
    expect(Math.abs(along(field, "A")(80) - 333)).toBeLessThan(20);
  });
});

describe("where cars are", () => {
  const empty = table(CIRCUIT, []);

  it("goes around a loop where the circuit is not known", () => {
    const field = fieldOf(driven("A", 0, 12), [], empty);
    expect(field.circuit?.isSchematic).toBe(true);
    expect(field.circuit?.corners.map((c) => c.label)).toEqual(["S1", "S2", "S3"]);
    const place = { x: Number.NaN, y: Number.NaN, stale_s: 0 };
    expect(field.trail("A")?.at(61, place)).toBe(true);
    expect(Math.abs(place.x)).toBeLessThan(200); // the line is in the middle of the lower straight
    expect(place.y).toBeLessThan(-400);
  });

  it("is by positions where there are any", () => {
    const field = fieldOf(driven("A", 0, 12), [], square(), [
      ["A", 0, 1, 1],
      ["B", 0, 2, 2],
      ["A", 1, 3, 3],
    ]);
    expect(field.sectors).toBeNull();
    expect([...field.trails().keys()]).toEqual(["A", "B"]);
  });

  it("is nowhere without both", () => {
    expect(fieldOf([], [], empty).isEmpty).toBe(true);
    expect(fieldOf([report(0, "A", 0, "none")]).isEmpty).toBe(true);
  });

  it("comes in as a session grows: the same as if it had been there at once", () => {
    const cleared = NAMES.map((_, k) => report(-5, "A", k, "none"));
    const came = [...driven("A", 0, 14), ...driven("B", 3, 14)].sort((a, b) => Number(a[0]) - Number(b[0]));
    const whole = [...cleared, ...came];
    const rows = whole.slice(0, 6);
    const field = fieldOf(rows);
    expect(field.isEmpty).toBe(true);
    const trail = along(field, "A");
    for (let n = 6; n < whole.length; n++) {
      rows.push(whole[n]);
      field.take({ mini_sectors: n });
      trail(Number(whole[n][0]));
    }
    for (const t of [75, 99, 138]) expect(trail(t)).toBeCloseTo(along(fieldOf(whole), "A")(t), 0);
  });

  it("is another matter when positions or more mini-sectors come", () => {
    const rows = [report(1, "A", 0), report(1, "A", 2), report(1, "A", 4)];
    const field = fieldOf(rows);
    expect(field.isOutgrown({})).toBe(false);
    rows.push(report(2, "A", 1));
    expect(field.isOutgrown({})).toBe(true);
    expect(fieldOf(driven("A", 0, 12)).isOutgrown({ circuit: 0 })).toBe(true);
  });
});

describe("positions on a circuit that no source has the shape of", () => {
  const RADIUS_M = 400;
  const ROUND_S = 80;
  const lap = (time: number): Cell[] => {
    const turn = (2 * Math.PI * time) / ROUND_S;
    return ["A", time, RADIUS_M * Math.cos(turn), RADIUS_M * Math.sin(turn)];
  };
  const nothing = table(CIRCUIT, []);
  const positions = Array.from({ length: 400 }, (_, i) => lap(i / 2));

  it("draw it on the first whole lap", () => {
    const laps: Cell[][] = [];
    const field = fieldOf([], [], nothing, positions, laps);
    expect(field.circuit).toBeNull();
    laps.push(["A", -5, 20, 25], ["A", 20, 60, 40], ["A", 110, 190, null]); // began unseen; half of one; without a time
    expect(field.isOutgrown({ laps: 0 })).toBe(false);
    laps.push(["A", 20, 100, 80]);
    expect(field.isOutgrown({ laps: 3 })).toBe(true);

    const { circuit, isDriven } = fieldOf([], [], nothing, positions, laps);
    expect(isDriven).toBe(true);
    const length_m = 2 * Math.PI * RADIUS_M;
    expect(Math.abs((circuit as Circuit).length_m - length_m)).toBeLessThan(length_m / 100);
    expect((circuit as Circuit).x[0]).toBeCloseTo(lap(20)[2] as number, 0); // from the line, where the lap began
  });

  it("do not draw it with a hole", () => {
    const holed = positions.filter((row) => Number(row[1]) < 50 || Number(row[1]) > 58);
    expect(fieldOf([], [], nothing, holed, [["A", 20, 100, 80]]).circuit).toBeNull();
  });

  it("give way to a shape that comes", () => {
    expect(fieldOf([], [], nothing, positions, [["A", 20, 100, 80]]).isOutgrown({ circuit: 0 })).toBe(true);
    expect(fieldOf([], [], square(), positions, [["A", 20, 100, 80]]).isDriven).toBe(false);
  });
});

describe("where a car would come out of the pits", () => {
  it("moves on with positions that come", () => {
    const way = Array.from({ length: 400 }, (_, i): Cell[] => ["A", i / 2, Math.min(i, 250), 0]); // 2 m/s along one side
    const state: Change[] = [[0, "A", "state", CAR_STATES.indexOf("running")]];
    const losses = table(["time_s", "loss_s"], []);
    const rows = way.slice(0, 100);
    const field = fieldOf([], state, square(), rows);
    const exits = new PitExits(field.circuit as Circuit, field, new TimingLog(logOf(state), ["A", "B"]), losses);
    expect(exits.ghost("A", 49)?.at).toBeCloseTo(2 * (49 - 22), 0);
    rows.push(...way.slice(100));
    field.take({ positions: 100 });
    expect(exits.ghost("A", 99)?.at).toBeCloseTo(2 * (99 - 22), 0);
  });
});

describe("a loop", () => {
  it("is closed, even and goes clockwise", () => {
    const loop = schematic();
    const n = loop.x.length;
    const steps = Array.from(loop.x, (x, i) => Math.hypot(loop.x[(i + 1) % n] - x, loop.y[(i + 1) % n] - loop.y[i]));
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(0.1);
    const area = loop.x.reduce((sum, x, i) => sum + x * loop.y[(i + 1) % n] - loop.x[(i + 1) % n] * loop.y[i], 0);
    expect(area).toBeLessThan(0);
    setSectors(loop, [1000, 3000]);
    expect(loop.sectorLines).toEqual([1000, 3000]);
  });
});

describe("yellow sectors", () => {
  const messages = table(
    ["time_s", "flag", "scope", "sector"],
    [
      [10, "YELLOW", "Sector", 4],
      [12, "DOUBLE YELLOW", "Sector", 5],
      [20, "DOUBLE YELLOW", "Sector", 4],
      [30, "CLEAR", "Sector", 4],
      [35, "BLUE", "Driver", null],
      [40, "CLEAR", "Track", null],
      [50, "YELLOW", "Sector", 17],
    ],
  );
  const flags = new FlagLog(messages);

  it("are those that race control has named and not cleared", () => {
    const at = (t: number) => [...flags.at(t)];
    expect(at(9)).toEqual([]);
    expect(at(15)).toEqual([
      [4, "yellow"],
      [5, "double"],
    ]);
    expect(at(25)).toEqual([
      [4, "double"],
      [5, "double"],
    ]);
    expect(at(36)).toEqual([[5, "double"]]);
    expect(at(45)).toEqual([]);
    expect(at(60)).toEqual([[17, "yellow"]]);
  });

  it("are said in words", () => {
    expect(flagWords(flags.at(15))).toBe("Double yellow, sector 5; Yellow, sector 4");
    expect(flagWords(flags.at(25))).toBe("Double yellow, sectors 4, 5");
    expect(stateHtml("yellow", flags.at(60))).toContain("Yellow, sector 17");
    expect(stateHtml("clear", flags.at(45))).toBe("");
    expect(stateHtml("safety_car", flags.at(60))).toContain("Safety car; yellow, sector 17");
  });

  it("are from one marshal sector's point to the next, across the line for the last", () => {
    const marshals: Cell[][] = [
      [1, 50],
      [2, 400],
      [3, 900],
    ].map(([n, d]) => ["marshal_sector", n, null, 0, 0, d]);
    const circuit = readCircuit(square(marshals)) as Circuit;
    expect(stretchOf(circuit, 2, 3)).toMatchObject({ from: 400, to: 900 });
    expect(stretchOf(circuit, 3, 3)).toMatchObject({ from: 900, to: 50 });
  });

  it("are by their number on a loop, and nowhere on a circuit whose marshal sectors are not known", () => {
    const loop = schematic();
    expect(stretchOf(loop, 20, 20)?.from).toBeCloseTo(0.95 * loop.length_m);
    expect(stretchOf(loop, 1, 4)?.to).toBeLessThan(0.1 * loop.length_m); // no circuit has so few
    expect(stretchOf(readCircuit(square()) as Circuit, 20, 20)).toBeNull();
  });
});

describe("coming out of the pits", () => {
  const losses = table(
    ["time_s", "loss_s"],
    [
      [100, 20],
      [200, 21],
      [300, 22],
      [400, 60],
    ],
  );

  it("costs what stops have cost so far, and says how it is known", () => {
    expect(lossAt(losses, 250, "clear")).toMatchObject({ loss_s: 22, spread_s: 5 }); // two tell too little
    expect(lossAt(losses, 250, "clear").by).toContain("has not shown its own");
    expect(lossAt(losses, 350, "clear")).toMatchObject({ loss_s: 21, by: "the median of 3 stops so far" });
    expect(lossAt(losses, 450, "clear").loss_s).toBe(21.5); // one long stop does not matter
  });

  it("costs less while the others are slow, and is less certain", () => {
    const [clear, slow] = (["clear", "safety_car"] as const).map((status) => lossAt(losses, 350, status));
    expect(slow.loss_s).toBeLessThan(clear.loss_s);
    expect(slow.spread_s).toBeGreaterThan(clear.spread_s);
  });

  // A leads, B follows 10 s behind, C another 30 s behind; laps of 100 s at 10 m/s on the square of 1 km
  const start = { A: 0, B: 10, C: 40 };
  const positions = Object.entries(start).flatMap(([driver, delay]) =>
    Array.from({ length: 600 }, (_, i): Cell[] => {
      const d = Math.max(0, (i / 2 - delay) * 10) % 1000;
      const [x, y] = [
        [d, 0],
        [250, d - 250],
        [750 - d, 250],
        [0, 1000 - d],
      ][Math.floor(d / 250)];
      return [driver, i / 2, x, y];
    }),
  );
  const running = CAR_STATES.indexOf("running");
  const changes = Object.entries(start).flatMap(([driver, delay]): Change[] => [
    [0, driver, "state", running],
    [0, driver, "lap", 1],
    [100 + delay, driver, "lap", 2],
    [200 + delay, driver, "lap", 3],
  ]);
  const log = new TimingLog(logOf(changes), Object.keys(start));
  const circuit = readCircuit(square()) as Circuit;
  const progress = new Progress(circuit, readPaths(table(["driver", "time_s", "x_m", "y_m"], positions)), log);
  const loss = { loss_s: 20, spread_s: 2, by: "the median of 3 stops so far" };

  it("counts laps and the part of one", () => {
    expect(progress.at("A", 150)).toBeCloseTo(1.5, 2);
    expect(progress.at("C", 150)).toBeCloseTo(1.1, 2);
    expect(progress.when("A", 1.25, 50, 200)).toBeCloseTo(125, 1);
  });

  it("is behind whoever was no further back than a stop costs", () => {
    const exit = pitExit(progress, log, "A", 150, loss);
    expect(exit).toMatchObject({ position: 2, best: 2, worst: 2, ahead: { driver: "B" }, behind: { driver: "C" } });
    expect(exit?.ahead?.gap_s).toBeCloseTo(10, 1);
    expect(exit?.behind?.gap_s).toBeCloseTo(20, 1);
    expect(exit && pitExitHtml(exit, loss)).toContain(
      "<b>A would come out P2</b>, behind B (+10.0 s), ahead of C (−20.0 s), ±2.0 s.",
    );
  });

  it("is a range of places where the spread of the loss decides", () => {
    expect(pitExit(progress, log, "A", 150, { ...loss, loss_s: 39 })).toMatchObject({ position: 2, best: 2, worst: 3 });
  });

  it("is nowhere for a car that is in the pits", () => {
    const inPits = new TimingLog(logOf([...changes, [140, "A", "state", CAR_STATES.indexOf("pit")]]), ["A", "B", "C"]);
    expect(pitExit(progress, inPits, "A", 150, loss)).toBeNull();
  });
});
