import { describe, expect, it } from "vitest";
import { type Entry, readEntries, tallies } from "../src/track_limits/limits";
import { tableOf } from "./table";

const entries: Entry[] = readEntries(
  tableOf({
    time_s: [10, 20, 30, 40, 50, 60, 70],
    driver: ["NOR", "VER", "NOR", "NOR", "NOR", "VER", "NOR"],
    kind: ["deleted", "deleted", "deleted", "deleted", "black_and_white", "reinstated", "penalty"],
    count: [1, 1, 2, 3, 3, 0, 3],
    turn: [4, 9, 4, 13, null, null, null],
    lap: [3, 5, 8, 11, null, null, null],
    lap_time_s: [99.777, null, 98.1, 97.2, null, null, null],
    penalty: [null, null, null, null, null, null, "5 s"],
  }),
);
const short = (time_s: number) =>
  tallies(entries, time_s).map(({ driver, count, isWarned, penalties }) => [driver, count, isWarned, penalties]);

describe("the tally at a moment", () => {
  it.each([
    [5, []],
    [10, [["NOR", 1, false, []]]],
    [
      20,
      [
        ["VER", 1, false, []],
        ["NOR", 1, false, []],
      ],
    ],
    [
      45,
      [
        ["NOR", 3, false, []],
        ["VER", 1, false, []],
      ],
    ],
    [
      65,
      [
        ["NOR", 3, true, []],
        ["VER", 0, false, []],
      ],
    ],
    [
      70,
      [
        ["NOR", 3, true, ["5 s"]],
        ["VER", 0, false, []],
      ],
    ],
  ])("at %d s", (time_s, expected) => expect(short(time_s)).toEqual(expected));
  it("lists each time with turn and lap, the newest first", () =>
    expect(tallies(entries, 35)[0].entries.map(({ turn, lap, lap_time_s }) => [turn, lap, lap_time_s])).toEqual([
      [4, 8, 98.1],
      [4, 3, 99.777],
    ]));
  it("has no number where the message names none", () =>
    expect(tallies(entries, 25)[0].entries[0]).toMatchObject({ turn: 9, lap: 5, lap_time_s: null }));
});
