import { describe, expect, it } from "vitest";
import type { Driver } from "../src/shared/drivers";
import { type CarState, type Row, TimingLog } from "../src/shared/timing";
import { cells, isClose, summary } from "../src/timing_table/cells";
import { available, COLUMNS, fitting } from "../src/timing_table/columns";
import { isDue } from "../src/timing_table/refresh";
import { type Change, logOf } from "./log";

const none = { time_s: null, mark: null, isCurrent: false };
const car = (changes: Partial<Row> = {}): Row => ({
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
  ...changes,
});
const driver = { code: "NOR", grid: 4 } as Driver;
const race = { time_s: 100, status: "clear", isRace: true } as const;
const text = (html: string) => html.replace(/<[^>]*>/g, "");
const shown = (row: Row, moment: Parameters<typeof cells>[2] = race, moved = 0) =>
  Object.fromEntries(Object.entries(cells(row, driver, moment, moved)).map(([name, html]) => [name, text(html)]));

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
    expect(shown(car(), race, 1).position).toBe("▴2");
    expect(shown(car(), race, -2).position).toBe("▾2");
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
    expect(cells(car(), driver, race, 0).best).not.toContain("data-k");
    const best = car({ best: { time_s: 72.271, mark: "best", isCurrent: true } });
    expect(cells(best, driver, race, 0).best).toContain('data-k="best"');
  });
  it("puts a car under a second in bold in green running only", () => {
    expect(isClose(car(), race)).toBe(true);
    expect(isClose(car(), { ...race, status: "safety_car" })).toBe(false);
    expect(isClose(car({ state: "pit" }), race)).toBe(false);
    expect(isClose(car({ interval_s: 1 }), race)).toBe(false);
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
  const standard = COLUMNS.map((c) => c.name).filter((name) => name !== "gained" && name !== "lap");
  const columnsAt = (width: number, wanted = standard) => fitting(wanted, width, 7, "gap");
  it("are all there where there is room", () => {
    expect(columnsAt(720)).toEqual({ columns: standard, hasSwitch: false, isNarrow: false });
  });
  it("give way one after another: sectors, best and stops, gap or interval", () => {
    expect(columnsAt(700).columns).toEqual(["gap", "interval", "last", "best", "tyre", "stops", "state"]);
    expect(columnsAt(500)).toEqual({ columns: ["gap", "interval", "last", "tyre", "state"], hasSwitch: false, isNarrow: true });
    expect(columnsAt(390)).toEqual({ columns: ["gap", "last", "tyre", "state"], hasSwitch: true, isNarrow: true });
    expect(fitting(standard, 390, 7, "interval").columns).toEqual(["interval", "last", "tyre", "state"]);
    expect(columnsAt(320).columns).toEqual(["gap", "tyre", "state"]);
  });
  it("that are chosen besides go first", () =>
    expect(
      columnsAt(
        720,
        COLUMNS.map((c) => c.name),
      ).columns,
    ).toEqual(standard));
  it("never grow in number as the panel gets narrower", () => {
    const counts = Array.from({ length: 60 }, (_, i) => columnsAt(1000 - 12 * i).columns.length);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });
  it("keep what was chosen where others were put away", () => {
    expect(columnsAt(390, ["gap", "best", "state"])).toMatchObject({ columns: ["gap", "best", "state"], isNarrow: false });
  });

  const changes: Change[] = [
    [0, "NOR", "position", 1],
    [0, "NOR", "gap_s", 0],
    [0, "NOR", "interval_s", 1.2],
    [9, "NOR", "sector_1_time_s", null],
    [9, "NOR", "state", 1],
  ];
  const log = new TimingLog(logOf(changes), ["NOR"]);
  it("without a value are left out", () => {
    expect(available(log, true, true)).toEqual(["gained", "gap", "interval", "state"]);
    expect(available(log, true, false)).toEqual(["gap", "interval", "state"]);
  });
  it("have no interval but in a race", () => expect(available(log, false, true)).toEqual(["gap", "state"]));
  it("have no stops but in a race", () => {
    const visits = new TimingLog(logOf([...changes, [5, "NOR", "stops", 1]]), ["NOR"]);
    expect(available(visits, true, false)).toContain("stops");
    expect(available(visits, false, false)).not.toContain("stops");
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
