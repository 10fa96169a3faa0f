import { describe, expect, it } from "vitest";
import { TimingLog } from "../src/shared/timing";
import { logOf } from "./log";

const codes = { running: 1, pit: 2, stopped: 4, retired: 5 };
const log = new TimingLog(
  logOf([
    [0, "NOR", "position", 1],
    [50, "NOR", "position", 2],
    [0, "NOR", "state", codes.running],
    [60, "NOR", "state", codes.pit],
    [0, "NOR", "lap", 1],
    [75, "NOR", "lap", 2],
    [30, "NOR", "sector_1_time_s", 26.1],
    [30, "NOR", "sector_1_mark", 2],
    [75, "NOR", "sector_3_time_s", 24],
    [75, "NOR", "last_lap_time_s", 75.5],
    [0, "NOR", "gap_s", null],
    [50, "NOR", "gap_s", 0.8],
    [0, "PIA", "position", 2],
    [50, "PIA", "position", 1],
    [0, "PIA", "compound", 2],
    [0, "HAM", "position", 3],
    [40, "HAM", "state", codes.stopped],
    [0, "LEC", "position", 4],
    [20, "LEC", "state", codes.retired],
  ]),
  ["HAM", "LEC", "NOR", "PIA", "SAI"],
);

describe("the change log", () => {
  it("knows nothing before the first change", () => {
    expect(log.at("NOR", "position", -1).value).toBeNull();
    expect(log.row("SAI", 100)).toMatchObject({ position: null, gap_s: null, compound: null, stops: 0, state: "grid" });
  });
  it("holds a value from its change to the next one", () => {
    expect(log.at("NOR", "position", 49.999)).toEqual({ value: 1, since: 0 });
    expect(log.at("NOR", "position", 50)).toEqual({ value: 2, since: 50 });
    expect(log.row("NOR", 70)).toMatchObject({ state: "pit", state_since_s: 60, gap_s: 0.8 });
  });
  it("takes a missing value for none", () => expect(log.row("NOR", 10).gap_s).toBeNull());
  it("reads codes", () => expect(log.row("PIA", 0).compound).toBe("HARD"));
  it("knows which fields ever have a value", () => {
    expect(log.has("compound")).toBe(true);
    expect(log.has("sector_2_time_s")).toBe(false);
  });

  it("dims the sectors of the lap before, and the last one six seconds after the line", () => {
    expect(log.row("NOR", 40).sectors[0]).toEqual({ time_s: 26.1, mark: "best", isCurrent: true });
    expect(log.row("NOR", 80).sectors[0].isCurrent).toBe(false);
    expect(log.row("NOR", 80).sectors[2].isCurrent).toBe(true);
    expect(log.row("NOR", 81).sectors[2].isCurrent).toBe(false);
  });

  it("puts cars in running order, those that are out last, the latest first", () => {
    const order = (time: number, isRace = true) => log.rows(time, isRace).map((row) => row.driver);
    expect(order(10)).toEqual(["NOR", "PIA", "HAM", "LEC", "SAI"]);
    expect(order(50)).toEqual(["PIA", "NOR", "SAI", "HAM", "LEC"]);
    expect(order(50, false)).toEqual(["PIA", "NOR", "HAM", "LEC", "SAI"]); // a best lap keeps its place
  });

  it("tells when the order may have changed", () => {
    expect(log.orderAt(49)).toBe(log.orderAt(40));
    expect(log.orderAt(50)).not.toBe(log.orderAt(49));
  });
  it("counts places gained and lost", () => {
    expect(log.moved("PIA", 45, 53)).toBe(1);
    expect(log.moved("NOR", 45, 53)).toBe(-1);
    expect(log.moved("NOR", 51, 60)).toBe(0);
    expect(log.moved("SAI", 0, 60)).toBe(0);
  });

  it("knows which of two gaps that fall down the order is the older one", () => {
    const state = (driver: string, value: number) => [0, driver, "state", value] as [number, string, string, number];
    const gaps = new TimingLog(
      logOf([
        ...["NOR", "PIA", "HAM", "LEC"].flatMap((d, i) => [
          [0, d, "position", i + 1] as [number, string, string, number],
          state(d, d === "LEC" ? codes.pit : codes.running),
        ]),
        [100, "NOR", "gap_s", 0],
        [160, "PIA", "gap_s", 76.826],
        [170, "HAM", "gap_s", 76.76],
        [90, "LEC", "gap_s", 70],
      ]),
      ["NOR", "PIA", "HAM", "LEC"],
    );
    const stale = (time: number, isRace = true) =>
      gaps.rows(time, isRace).flatMap((row) => (row.isGapStale ? [row.driver] : []));
    expect(stale(165)).toEqual([]);
    expect(stale(171)).toEqual(["PIA"]); // and not the car in the pits
    expect(stale(171, false)).toEqual([]);
  });
});
