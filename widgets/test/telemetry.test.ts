import { describe, expect, it } from "vitest";
import type { Circuit } from "../src/shared/circuit";
import type { Table } from "../src/shared/columns";
import { CarPlaces } from "../src/telemetry/car";
import { staircase } from "../src/telemetry/chart";
import { type Chip, chipHtml, metaText } from "../src/telemetry/chips";
import { bestLap, chooseLaps, isAhead, LapBook, slots } from "../src/telemetry/laps";
import { deltaAt, deltaOf, keyOf, type LapRef, placeAt, readTraces, runs, timeAt, valueAt } from "../src/telemetry/traces";
import { niceTicks, spread, within, zoomed } from "../src/telemetry/view";

/** A table as the panel gets it, from plain columns. */
function table(columns: Record<string, (number | string | null)[]>): Table {
  const numbers = new Map<string, Float64Array>();
  return {
    rows: Object.values(columns)[0].length,
    number(name: string) {
      const made = numbers.get(name) ?? Float64Array.from(columns[name], (v) => (v == null ? Number.NaN : Number(v)));
      numbers.set(name, made);
      return made;
    },
    text: (name: string) => columns[name].map((v) => (v == null ? null : String(v))),
  } as unknown as Table;
}

const traces = readTraces(
  table({
    driver: ["NOR", "NOR", "NOR", "PIA", "PIA", "PIA", "NOR", "NOR"],
    lap: [5, 5, 5, 5, 5, 5, 6, 6],
    track_m: [0, 500, 1000, 0, 500, 1000, 0, 300],
    lap_time_s: [0, 10, 20, 0, 11, 20.5, 0, 9],
    speed_kmh: [100, 200, 300, 110, null, 310, 50, 60],
    gear: [2, 3, 4, 2, 3, 4, 1, 2],
  }),
);
const norris = traces.get("NOR 5")!;
const piastri = traces.get("PIA 5")!;
const stopped = traces.get("NOR 6")!;

describe("traces", () => {
  it("keep laps apart", () => {
    expect([...traces.keys()]).toEqual(["NOR 5", "PIA 5", "NOR 6"]);
    expect([...stopped.column("speed_kmh")]).toEqual([50, 60]);
    expect(readTraces(table({ driver: [] })).size).toBe(0);
  });

  it("go from place to time and back", () => {
    for (const place of [0, 1, 250, 500, 777, 1000]) expect(placeAt(norris, timeAt(norris, place))).toBeCloseTo(place);
    expect(timeAt(norris, 5000)).toBe(20);
    expect(timeAt(norris, -5)).toBe(0);
  });

  it("say who is behind: positive is slower, and at the line it is the difference of the lap times", () => {
    expect(deltaAt(piastri, norris, 1000)).toBeCloseTo(0.5);
    expect([...deltaOf(norris, norris)]).toEqual([0, 0, 0]);
    expect(deltaAt(stopped, norris, 600)).toBeNaN();
  });

  it("hold a gear until the next one, and have no value beyond the end of a lap", () => {
    expect(valueAt(norris, "gear", 499, true)).toBe(2);
    expect(valueAt(norris, "speed_kmh", 250)).toBe(150);
    expect(valueAt(stopped, "speed_kmh", 400)).toBeNaN();
    const [x, y] = staircase(Float64Array.of(0, 1, 2), Float64Array.of(5, 6, 7));
    expect([...x]).toEqual([0, 1, 1, 2, 2]);
    expect([...y]).toEqual([5, 5, 6, 6, 7]);
  });

  it("find where a switch is on", () => {
    expect(runs(Float64Array.of(1, 1, 0, 0, 1, 1))).toEqual([
      [0, 2],
      [4, 5],
    ]);
    expect(runs(Float64Array.of(0, Number.NaN))).toEqual([]);
  });
});

const book = new LapBook(
  table({
    driver: ["NOR", "NOR", "NOR", "PIA"],
    lap: [1, 2, 3, 1],
    end_time_s: [100, 190, 270, null],
    lap_time_s: [null, 90, 80, null],
    compound: ["SOFT", "SOFT", null, "HARD"],
    tyre_age_laps: [1, 2, null, 4],
  }),
);
const all = () => true;

describe("which laps", () => {
  it("are a driver's best so far, or his best if there is none yet", () => {
    expect(bestLap(book, "NOR", all, 200)).toEqual(["NOR", 2]);
    expect(bestLap(book, "NOR", all, 300)).toEqual(["NOR", 3]);
    expect(bestLap(book, "NOR", (ref) => ref[1] === 3, 10)).toEqual(["NOR", 3]);
    expect(bestLap(book, "VER", all, 300)).toBeNull();
  });

  it("lie ahead of the clock or not", () => {
    expect(isAhead(book.get(["NOR", 3]), 269)).toBe(true);
    expect(isAhead(book.get(["NOR", 3]), 270)).toBe(false);
    expect(isAhead(book.get(["PIA", 1]), 0)).toBe(false);
  });

  const best = (driver: string): LapRef | null => (driver === "HAM" ? null : [driver, 9]);
  const chosen = (explicit: LapRef[], picked: LapRef[], drivers: string[]) =>
    chooseLaps({ explicit, picked, drivers }, best).map(keyOf);

  it("are the panel's own if it has some", () => {
    expect(chosen([["VER", 4]], [["NOR", 2]], ["PIA"])).toEqual(["VER 4"]);
  });

  it("are else what is picked for the selected drivers, their best, and then picked laps of others", () => {
    expect(
      chosen(
        [],
        [
          ["VER", 4],
          ["NOR", 2],
          ["NOR", 3],
        ],
        ["PIA", "NOR", "HAM"],
      ),
    ).toEqual(["PIA 9", "NOR 2", "NOR 3", "VER 4"]);
  });

  it("have each their own line, a selected driver his own of all panels", () => {
    const laps: LapRef[] = [
      ["NOR", 1],
      ["NOR", 2],
      ["PIA", 1],
      ["VER", 1],
    ];
    expect(slots(laps, ["PIA", "NOR"])).toEqual([1, 2, 0, 3]);
    expect(slots(laps, [])).toEqual([0, 1, 2, 3]);
  });
});

describe("chips", () => {
  const chip: Chip = {
    driver: "<b>",
    lap: 2,
    row: undefined,
    slot: 1,
    color: "rgb(1, 2, 3)",
    state: "missing",
    isAhead: false,
    choices: book.of("NOR"),
    hasAuto: true,
    isAuto: true,
  };

  it("escape what comes from data and say what is missing", () => {
    const html = chipHtml(chip);
    expect(html).not.toContain("<b><b>");
    expect(html).toContain("&lt;b&gt;");
    expect(html).toContain("no telemetry of this lap");
    const broken = chipHtml({ ...chip, lap: '1"><img>' as unknown as number }); // the kernel's list of laps is only a list
    expect(broken).not.toContain("<img>");
  });

  it("call a lap the best so far only when it has been driven", () => {
    const later = { ...chip, isAhead: true };
    expect(metaText([chip])).toBe("best of the stints so far");
    expect(metaText([chip, later])).toBe("best lap");
    expect(metaText([chip, { ...later, isAuto: false }])).toBe("best of the stints so far");
    expect(metaText([{ ...chip, isAuto: false }])).toBe("");
    expect(chipHtml(later)).toContain(">best lap<");
  });

  it("offer laps by number, time and tyre, an absent one as a dash", () => {
    const html = chipHtml({ ...chip, state: "here", isAhead: true });
    expect(html).toContain("lap 1, –, S1");
    expect(html).toContain("lap 3, 1:20.000<");
    expect(html).toContain("after the clock");
    expect(html).not.toMatch(/null|undefined|NaN/);
  });
});

describe("the window on the lap", () => {
  it("zooms around what is under the pointer", () => {
    const next = zoomed({ from: 0, to: 1000 }, 250, 0.5, 1000, 100);
    expect(next).toEqual({ from: 125, to: 625 });
  });

  it("stays within the lap and is not narrower than it may be", () => {
    expect(within({ from: -100, to: 200 }, 1000, 100)).toEqual({ from: 0, to: 300 });
    expect(within({ from: 990, to: 1000 }, 1000, 100)).toEqual({ from: 900, to: 1000 });
    expect(zoomed({ from: 100, to: 200 }, 150, 100, 1000, 100)).toEqual({ from: 0, to: 1000 });
  });

  it("has round ticks with zero among them", () => {
    expect(niceTicks(-0.31, 0.94, 3)).toEqual([0, 0.5]);
    expect(niceTicks(-0.2, 0.2, 4)).toEqual([-0.2, -0.1, 0, 0.1, 0.2]);
    expect(niceTicks(1, 1)).toEqual([]);
  });

  it("moves two labels apart that nearly touch and drops one that would cover another", () => {
    expect(spread([0, 100, 110, 200], 16)).toEqual([0, 97, 113, 200]);
    expect(spread([0, 100, 104], 16)).toEqual([0, 100, null]);
    const crowd = spread(
      Array.from({ length: 40 }, (_, i) => i * 9),
      16,
    ).filter((v) => v !== null);
    for (let i = 1; i < crowd.length; i++) expect(crowd[i] - crowd[i - 1]).toBeGreaterThanOrEqual(15.9);
  });
});

describe("the car on its lap", () => {
  const n = 80;
  const side = (i: number): [number, number] => {
    const d = i * 10;
    if (d < 300) return [d, 0];
    if (d < 400) return [300, d - 300];
    return d < 700 ? [700 - d, 100] : [0, 800 - d];
  };
  const circuit = {
    x: Float64Array.from({ length: n }, (_, i) => side(i)[0]),
    y: Float64Array.from({ length: n }, (_, i) => side(i)[1]),
    at: Float64Array.from({ length: n }, (_, i) => i * 10),
    length_m: 800,
    corners: [],
  } as unknown as Circuit;
  const cars = new CarPlaces(
    table({
      driver: ["NOR", "NOR", "NOR", "NOR", "PIA"],
      time_s: [0, 1, 2, 10, 5],
      x_m: [100, 200, 0, 50, 10],
      y_m: [0, 0, 20, 0, 0],
    }),
    circuit,
  );

  it("is between two positions, across the line too", () => {
    expect(cars.at("NOR", 0.5)).toBeCloseTo(150);
    const circling = new CarPlaces(table({ driver: ["A", "A"], time_s: [0, 1], x_m: [0, 40], y_m: [40, 0] }), circuit);
    expect(circling.at("A", 0.25)).toBeCloseTo(780);
    expect(circling.at("A", 0.75)).toBeCloseTo(20);
  });

  it("is not guessed where nothing is known", () => {
    expect(cars.at("VER", 1)).toBeNull();
    expect(cars.at("PIA", 4)).toBeNull();
    expect(cars.at("NOR", 9)).toBeNull();
    expect(cars.at("NOR", 3)).toBeCloseTo(780);
  });
});
