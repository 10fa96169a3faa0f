import { describe, expect, it } from "vitest";
import { type CarState, TimingLog } from "../src/shared/timing";
import type { Car, Moment } from "../src/timing_table/board";
import { cells, isClose, summary } from "../src/timing_table/cells";
import { available, COLUMNS, fitting, hasSense, type Kind } from "../src/timing_table/columns";
import { LAYOUTS, PRESETS } from "../src/timing_table/layouts";
import { isDue } from "../src/timing_table/refresh";
import { type Change, logOf } from "./log";
import { boardOf } from "./timing_tables";

const none = { time_s: null, mark: null, isCurrent: false };
const car = (changes: Partial<Car> = {}): Car => ({
  driver: "NOR",
  position: 2,
  lap: 23,
  gap_s: 3.537,
  gap_laps: 0,
  isGapStale: false,
  interval_s: 0.9,
  interval_laps: 0,
  last: { time_s: 73.908, mark: "personal", isCurrent: true },
  best: { time_s: 73.719, mark: "personal", isCurrent: false },
  sectors: [{ time_s: 65.123, mark: "slower", isCurrent: true }, none, none],
  compound: "HARD",
  tyre_age_laps: 30,
  stops: 1,
  state: "running",
  state_since_s: 90,
  isOut: false,
  grid: 4,
  moved: 0,
  isCatching: false,
  isFastest: false,
  lastDeleted: null,
  bestDeleted: null,
  speeds: [null, null, null, null],
  miniSectors: [[], [], []],
  stints: [],
  pitLane_s: null,
  matters: [],
  comparison: null,
  parts: [],
  partsDeleted: [],
  fate: null,
  outIn: null,
  cutoff: null,
  isOnOutLap: false,
  hot: null,
  ...changes,
});
const race: Moment = boardOf("R", [], []).at(100, 92, null).moment;
const names = COLUMNS.map((c) => c.name);
const text = (html: string) => html.replace(/<[^>]*>/g, "");
const shown = (of: Car, moment = race) =>
  Object.fromEntries(Object.entries(cells(of, moment, names)).map(([name, html]) => [name, text(html)]));

describe("a row", () => {
  it("says what a car does", () => {
    expect(shown(car())).toMatchObject({
      position: "2",
      gained: "▴2",
      lap: "23",
      gap: "+3.537",
      interval: "+0.900",
      last: "1:13.908",
      best: "1:13.719",
      sector_1: "65.123",
      sector_2: "–",
      tyre: "H30",
      stops: "1",
      state: "",
    });
  });
  it("names the leader, and counts laps down", () => {
    expect(shown(car({ position: 1, gap_s: null, interval_s: null }))).toMatchObject({ gap: "Leader", interval: "" });
    expect(shown(car({ gap_laps: 1, interval_laps: 2 }))).toMatchObject({ gap: "+1 lap", interval: "+2 laps" });
  });
  it("shows an en dash for what is not known", () => {
    const blank = shown(
      car({ position: null, lap: null, gap_s: null, interval_s: null, last: none, best: none, compound: null }),
    );
    for (const name of ["position", "gained", "lap", "gap", "interval", "last", "best", "tyre"]) expect(blank[name]).toBe("–");
  });
  it("shows an arrow for a while after a change of place", () => {
    expect(shown(car({ moved: 1 })).position).toBe("▴2");
    expect(shown(car({ moved: -2 })).position).toBe("▾2");
  });
  it("says where a car is", () => {
    const state = (name: CarState) => shown(car({ state: name })).state;
    expect(state("pit")).toBe("PIT 10 s");
    expect(state("out_lap")).toBe("OUT LAP");
    expect(state("retired")).toBe("OUT L23");
    expect(state("stopped")).toBe("STOPPED");
    expect(state("finished")).toBe("FINISH");
    expect(state("garage")).toBe("GARAGE");
  });
  it("leaves only best lap, tyre and stops of a car that is out of the race", () => {
    const out = car({ state: "retired", isOut: true });
    expect(shown(out)).toMatchObject({ position: "–", gap: "", interval: "", last: "", sector_1: "", best: "1:13.719" });
    const qualifying = { ...race, isRace: false };
    expect(shown(out, qualifying)).toMatchObject({ position: "2", gap: "+3.537" });
  });
  it("marks among best laps only the best of all", () => {
    expect(cells(car(), race, ["best"]).best).not.toContain("data-k");
    expect(cells(car({ isFastest: true }), race, ["best"]).best).toContain('data-k="best"');
  });
  it("shows no lap time with the time in the garage in it", () => {
    const practice: Moment = { ...race, isRace: false, best_s: 70 };
    const waited = car({ last: { time_s: 682.151, mark: null, isCurrent: true } });
    expect(shown(waited, practice).last).toBe("–");
    expect(shown(waited).last).toBe("11:22.151"); // in a race it may be a red flag
  });
  it("puts a car within a second in bold in green running only", () => {
    expect(isClose(car(), race)).toBe(true);
    expect(isClose(car(), { ...race, status: "safety_car" })).toBe(false);
    expect(isClose(car({ state: "pit" }), race)).toBe(false);
    expect(isClose(car({ interval_s: 1 }), race)).toBe(true);
    expect(isClose(car({ interval_s: 1.001 }), race)).toBe(false);
    expect(isClose(car({ interval_s: null }), race)).toBe(false);
  });
});

describe("the summary", () => {
  const cars = (...states: CarState[]) => states.map((state) => car({ state, isOut: state === "retired" }));
  it("counts", () => {
    expect(summary(cars("running", "pit", "out_lap", "retired"), true)).toBe("3 running, 1 in the pit lane, 1 out");
    expect(summary(cars("running", "garage", "pit"), false)).toBe("1 on track, 1 in the pit lane, 1 in the garage");
    expect(summary(cars("finished", "finished", "running"), true)).toBe("1 running, 2 finished");
  });
});

describe("columns", () => {
  const standard = names.filter((name) => LAYOUTS.race.includes(name));
  const small = ["gap", "interval", "last", "best", "sector_1", "sector_2", "sector_3", "tyre", "stops", "state"];
  const columnsAt = (width: number, wanted = small) => fitting(wanted, width, 7, "gap");
  it("are all there where there is room", () => {
    expect(columnsAt(730)).toEqual({ columns: small, hasSwitch: false, isNarrow: false });
    expect(columnsAt(1150, standard).columns).toEqual(standard);
    expect(columnsAt(1900, names).columns).toEqual(names);
  });
  it("give way one after another: sectors, best and stops, gap or interval", () => {
    expect(columnsAt(700).columns).toEqual(["gap", "interval", "last", "best", "tyre", "stops", "state"]);
    expect(columnsAt(500)).toEqual({ columns: ["gap", "interval", "last", "tyre", "state"], hasSwitch: false, isNarrow: true });
    expect(columnsAt(390)).toEqual({ columns: ["gap", "last", "tyre", "state"], hasSwitch: true, isNarrow: true });
    expect(fitting(small, 390, 7, "interval").columns).toEqual(["interval", "last", "tyre", "state"]);
    expect(columnsAt(320).columns).toEqual(["gap", "tyre", "state"]);
  });
  it("that are good to have go before those that a race needs", () => expect(columnsAt(730, standard).columns).toEqual(small));
  it("of qualifying end with the part that is going on and what is missing", () => {
    const qualifying = names.filter((name) => LAYOUTS.qualifying.includes(name) && hasSense(name, 2));
    expect(columnsAt(720, qualifying).columns).toEqual([
      ...["gap", "cutoff", "q2", "last", "sector_1", "sector_2", "sector_3", "tyre", "state"],
    ]);
    expect(columnsAt(390, qualifying).columns).toEqual(["gap", "cutoff", "q2", "state"]);
  });
  it.each(Object.entries(LAYOUTS))("never grow in number as the panel gets narrower: %s", (_, layout) => {
    const counts = Array.from({ length: 120 }, (_, i) => columnsAt(1600 - 12 * i, layout).columns.length);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });
  it("keep what was chosen where others were put away", () => {
    expect(columnsAt(390, ["gap", "best", "state"])).toMatchObject({ columns: ["gap", "best", "state"], isNarrow: false });
  });
  it("have layouts with nothing in them that there is not", () => {
    for (const [, layout] of PRESETS) expect(layout).toEqual(names.filter((name) => layout.includes(name)));
  });
  it("of later parts of qualifying are not there yet, and in the last nobody needs anything to go on", () => {
    expect(names.filter((name) => !hasSense(name, 1))).toEqual(["q2", "q3"]);
    expect(names.filter((name) => !hasSense(name, 3))).toEqual(["cutoff"]);
  });

  const changes: Change[] = [
    [0, "NOR", "position", 1],
    [0, "NOR", "gap_s", 0],
    [0, "NOR", "interval_s", 1.2],
    [9, "NOR", "sector_1_time_s", null],
    [9, "NOR", "state", 1],
    [9, "NOR", "q1_time_s", 80],
    [9, "NOR", "stops", 1],
  ];
  const log = new TimingLog(logOf(changes), ["NOR"]);
  const filled = (kind: Kind, hasGrid = true, tables: string[] = []) => available(log, kind, hasGrid, tables);
  it("without a value are left out", () => {
    expect(filled("race")).toEqual(["gained", "gap", "interval", "compare", "stops", "state"]);
    expect(filled("race", false)).not.toContain("gained");
    expect(filled("race", true, ["mini_sectors", "stewards"])).toEqual([
      ...["gained", "gap", "interval", "compare", "mini_sectors", "stops", "stewards", "state"],
    ]);
  });
  it("have neither interval nor stops but in a race, and parts in qualifying", () => {
    expect(filled("practice")).toEqual(["gap", "compare", "state"]);
    expect(filled("qualifying")).toEqual(["gap", "compare", "cutoff", "q1", "state"]);
  });
});

describe("figures", () => {
  const before = { time_s: 100, order: 5, at_ms: 1000 };
  const later = (passed_s: number, ms: number, order = 5) => ({ time_s: 100 + passed_s, order, at_ms: 1000 + ms });
  it("are renewed twice a second while playing", () => {
    expect(isDue(before, later(0.016, 16), true, 1)).toBe(false);
    expect(isDue(before, later(0.5, 500), true, 1)).toBe(true);
    expect(isDue(before, later(12, 400), true, 30)).toBe(false);
  });
  it("are renewed at once when the order changes", () => expect(isDue(before, later(0.016, 16, 6), true, 1)).toBe(true));
  it("are renewed at once when somebody seeks", () => {
    expect(isDue(before, later(0.016, 16), false, 1)).toBe(true);
    expect(isDue(before, later(-1, 16), true, 1)).toBe(true);
    expect(isDue(before, later(60, 16), true, 1)).toBe(true);
  });
});
