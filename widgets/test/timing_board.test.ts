import { describe, expect, it } from "vitest";
import { Board } from "../src/timing_table/board";
import { bests, cells } from "../src/timing_table/cells";
import { trend } from "../src/timing_table/compare";
import type { Change } from "./log";
import { logOf } from "./log";
import { boardOf, driversOf, rowsOf, COLUMNS as TABLES, tablesOf } from "./timing_tables";

const [running, outLap, garage, stopped] = [1, 3, 7, 4];
const text = (html: string) => html.replace(/<[^>]*>/g, "");
const of = (board: Board, time_s: number, driver: string, other: string | null = null) => {
  const { moment, cars } = board.at(time_s, time_s - 8, other);
  const car = cars.find((c) => c.driver === driver);
  if (!car) throw new Error(`no ${driver}`);
  return { car, moment, shown: (name: string) => cells(car, moment, [name])[name] };
};

describe("qualifying", () => {
  const codes = ["NOR", "PIA", "LEC", "HAM"];
  const changes: Change[] = [
    ...codes.flatMap((d, i): Change[] => [
      [0, d, "state", garage],
      [90, d, "position", i + 1],
      [90, d, "best_lap_time_s", 80 + i / 10],
      [90, d, "q1_time_s", 80 + i / 10],
    ]),
    [1005, "LEC", "is_knocked_out", 1],
    [1005, "HAM", "is_knocked_out", 1],
    [1200, "NOR", "q2_time_s", 79.5],
    [1200, "NOR", "best_lap_time_s", 79.5],
  ];
  const status = [
    [10, "started"],
    [400, "aborted"],
    [500, "started"],
    [1000, "finished"],
    [1100, "started"],
    [2000, "finished"],
    [2100, "started"],
  ];
  const board = boardOf("Q", codes, changes, { session_status: status });
  const fates = (time: number) => board.at(time, time, null).cars.map((car) => car.fate);

  it("begins a part when the session is started, other than after a red flag", () => {
    expect([50, 450, 600, 1050, 1150, 2150].map((time) => board.partAt(time))).toEqual([1, 1, 1, 1, 2, 3]);
    expect(boardOf("R", codes, changes, { session_status: status }).partAt(50)).toBe(0);
  });
  it("takes the times for it where nobody says when a part began", () => {
    const silent = boardOf("Q", codes, changes);
    expect([50, 1150, 1250].map((time) => silent.partAt(time))).toEqual([1, 1, 2]);
  });
  it("cuts nobody where nothing says which part it is", () => {
    const bare = boardOf("Q", codes, [[90, "NOR", "position", 1]]);
    expect(bare.at(100, 92, null).cars.map((car) => car.fate)).toEqual([null, null, null, null]);
  });
  it("compares by the last part in which both have a time", () => {
    const compared = (driver: string) => text(of(board, 1250, driver, "NOR").shown("compare"));
    expect(compared("PIA")).toBe("+0.100");
    expect(compared("HAM")).toBe("+0.300");
  });
  it("tells in the foot who was the best of each part", () => {
    const { cars, moment } = board.at(1250, 1242, null);
    const foot = bests(cars, moment, ["q1", "q2", "last"]);
    expect(text(foot.q1)).toBe("1:20.000NOR");
    expect(text(foot.q2)).toBe("1:19.500NOR");
    expect(foot.last).toBeUndefined();
  });
  it("cuts by the season's rules", () => {
    expect(fates(600)).toEqual(["safe", "safe", "drop", "drop"]);
    expect(fates(1006)).toEqual(["safe", "safe", "out", "out"]); // as soon as the feed says so
    expect(fates(1150)).toEqual(["safe", "drop", "out", "out"]);
    expect(fates(2150)).toEqual([null, "out", "out", "out"]); // nobody is cut from the last part
    const six = boardOf("Q", codes, changes, { session_status: status, session: [["Q", 3, 2]] });
    expect(six.at(600, 600, null).cars.map((car) => car.fate)).toEqual(["safe", "safe", "safe", "drop"]);
  });
  it("says what a car needs, and how much another has in hand", () => {
    const cut = (driver: string, time = 600) => text(of(board, time, driver).shown("cutoff"));
    expect(cut("LEC")).toBe("−0.100");
    expect(cut("HAM")).toBe("−0.200");
    expect(cut("PIA")).toBe("+0.100");
    expect(cut("NOR")).toBe("+0.200");
    expect(cut("PIA", 1250)).toBe("1:19.500"); // no time in this part yet: the time to beat
    expect(cut("LEC", 1250)).toBe("");
  });
  it("has a column for the lap of each part, and marks the best of it", () => {
    const { shown } = of(board, 1250, "NOR");
    expect(shown("q1")).toContain('data-k="best"');
    expect(text(shown("q2"))).toBe("1:19.500");
    expect(text(of(board, 1250, "LEC").shown("q1"))).toBe("1:20.200");
    expect(text(of(board, 1250, "LEC").shown("q2"))).toBe("");
    expect(of(board, 1250, "PIA").shown("q1")).not.toContain("data-k");
  });
  it("says in which part a car was knocked out", () => {
    expect(text(of(board, 1250, "LEC").shown("state"))).toBe("OUT Q1");
    expect(text(of(board, 2150, "PIA").shown("state"))).toBe("OUT Q2");
    expect(text(of(board, 2150, "NOR").shown("state"))).toBe("GARAGE");
  });
});

describe("a hot lap", () => {
  const lap = (start: number, number: number, times: number[]): Change[] => {
    const ends = [times[0], times[0] + times[1], times[0] + times[1] + times[2]];
    return [
      [start, "NOR", "lap", number],
      ...times.map((s, i): Change => [start + ends[i], "NOR", `sector_${i + 1}_time_s`, s]),
      [start + ends[2], "NOR", "last_lap_time_s", ends[2]],
    ];
  };
  const board = boardOf(
    "Q",
    ["NOR"],
    [
      [100, "NOR", "state", outLap],
      [110, "NOR", "state", running], // the feed says out lap for some seconds only
      ...lap(100, 1, [40, 40, 40]),
      ...lap(220, 2, [30, 30, 30]),
      ...lap(310, 3, [40, 40, 40]),
      ...lap(430, 4, [30.5, 45, 40]),
    ],
    { session_status: [[10, "started"]] },
  );
  const state = (time: number) => text(of(board, time, "NOR").shown("state"));
  it("is none before the line: out lap", () => expect(state(180)).toBe("OUT LAP"));
  it("is the first one after it, with the sector that the car is in", () => {
    expect(state(230)).toBe("HOT S1");
    expect(state(260)).toBe("HOT S2");
    expect(state(290)).toBe("HOT S3");
  });
  it("is none when the driver slows down after it", () => {
    expect(state(320)).toBe("");
    expect(state(360)).toBe("");
  });
  it("may follow a slow lap, and ends with the first slow sector", () => {
    expect(state(440)).toBe("HOT S1");
    expect(state(470)).toBe("HOT S2");
    expect(state(500)).toBe(""); // longer on its way than a sector takes
    expect(state(510)).toBe("");
  });
});

describe("a lap time that race control deletes", () => {
  const changes: Change[] = [
    [100, "NOR", "last_lap_time_s", 80],
    [100, "NOR", "best_lap_time_s", 80],
    [200, "NOR", "last_lap_time_s", 85],
  ];
  const deleted = [["NOR", 3, 20, 99.8, 80, "TRACK LIMITS AT <b>TURN 4", 180, 120]];
  const board = boardOf("FP1", ["NOR"], changes, { deleted_laps: deleted });
  const struck = (time: number, name: string) => of(board, time, "NOR").shown(name).includes("<s ");
  it("is struck through from the message on, until it is given back", () => {
    expect([110, 130, 190].map((time) => struck(time, "last"))).toEqual([false, true, false]);
    expect([110, 130, 190].map((time) => struck(time, "best"))).toEqual([false, true, false]);
  });
  it("says why, and lets no other lap be struck", () => {
    expect(of(board, 130, "NOR").shown("last")).toContain('title="deleted: track limits at &lt;b&gt;turn 4"');
    const later = boardOf("FP1", ["NOR"], [...changes, [205, "NOR", "last_lap_time_s", 80]], {
      deleted_laps: [["NOR", 3, 20, 99.8, 80, "TRACK LIMITS", null, 120]],
    });
    expect(of(later, 210, "NOR").shown("last")).not.toContain("<s ");
  });
});

describe("the car that others are compared with", () => {
  const codes = ["NOR", "PIA", "LEC", "HAM"];
  const gaps: Record<string, number[]> = { PIA: [5, 4.5, 4, 3.5, 3], LEC: [8, 8, 30, 30, 30] };
  const changes: Change[] = codes.flatMap((d, i): Change[] => [
    [0, d, "state", running],
    [0, d, "position", i + 1],
    ...[1, 2, 3, 4, 5].map((lap): Change => [100 * lap, d, "lap", lap]),
    ...(gaps[d] ?? []).map((gap, n): Change => [100 * (n + 1), d, "gap_s", gap]),
  ]);
  changes.push([0, "HAM", "gap_laps", 1], [500, "HAM", "best_lap_time_s", 91], [500, "PIA", "best_lap_time_s", 90.5]);
  const board = boardOf("R", codes, changes);
  const shown = (driver: string, other: string) => text(of(board, 510, driver, other).shown("compare"));
  it("is so far away, and one gains or loses so much a lap", () => {
    expect(shown("PIA", "NOR")).toBe("+3.000▴0.50");
    expect(shown("NOR", "PIA")).toBe("−3.000▾0.50");
    expect(shown("PIA", "PIA")).toBe("PIA");
    expect(shown("PIA", "LEC")).toBe("−27.000▴0.50"); // the stop of LEC is one of four laps
  });
  it("is laps away", () => {
    expect(shown("HAM", "NOR")).toBe("+1 lap");
    expect(shown("NOR", "HAM")).toBe("−1 lap");
  });
  it("has no trend before three laps", () => {
    expect(trend(board.log, "PIA", "NOR", 310)).toBeNull();
    expect(trend(board.log, "PIA", "NOR", 410)).toBeCloseTo(-0.5);
  });
  it("is faster or slower by its best lap where there is no race", () => {
    const practice = boardOf("FP2", codes, changes);
    expect(text(of(practice, 510, "HAM", "PIA").shown("compare"))).toBe("+0.500");
  });
  it("catches where the feed does not say so, by its laps", () => {
    expect(of(board, 510, "PIA").car.isCatching).toBe(true);
    expect(of(board, 510, "LEC").car.isCatching).toBe(false);
    const said = boardOf("R", codes, [...changes, [400, "PIA", "is_catching", 0]]);
    expect(of(said, 510, "PIA").car.isCatching).toBe(false);
    const neutral = boardOf("R", codes, changes, { status: [[450, "safety_car"]] });
    expect(of(neutral, 510, "PIA").car.isCatching).toBe(false);
  });
});

describe("the rest of a row", () => {
  const board = boardOf(
    "R",
    ["NOR", "PIA"],
    [
      [0, "NOR", "state", running],
      [0, "NOR", "compound", 0],
      [0, "NOR", "tyre_age_laps", 4],
      [100, "NOR", "speed_st_kmh", 330],
      [200, "NOR", "speed_st_kmh", 320],
      [150, "PIA", "speed_st_kmh", 325],
      [100, "NOR", "sector_1_time_s", 30],
      [110, "PIA", "sector_1_time_s", 29.5],
      [200, "NOR", "sector_1_time_s", 29],
      [300, "NOR", "last_pit_lane_s", 22.44],
      [400, "PIA", "state", stopped],
      [90, "NOR", "best_lap_time_s", 91],
      [95, "PIA", "best_lap_time_s", 90],
    ],
    {
      stints: [
        ["NOR", 1, "SOFT", 0, 0, 3],
        ["NOR", 11, "MEDIUM", 1, 120, 0],
        ["NOR", 31, "HARD", 1, 240, 0],
      ],
      stewards: [
        [50, 80, "NOR", "noted", null, "CAR 4 NOTED"],
        [60, null, "NOR", "warning", null, "BLACK AND WHITE"],
        [80, 120, "NOR", "investigation", null, "CAR 4 UNDER INVESTIGATION <i>"],
        [120, null, "NOR", "penalty", "5 s", "5 SECOND TIME PENALTY"],
        [130, 130, "NOR", "no_further_action", null, "NO FURTHER ACTION"],
      ],
      mini_sectors: [
        [10, "NOR", 1, 1, "best"],
        [20, "NOR", 1, 2, "slower"],
        [30, "NOR", 1, 1, "none"],
        [30, "PIA", 3, 2, "stopped"],
      ],
    },
  );
  const shown = (time: number, name: string, driver = "NOR") => of(board, time, driver).shown(name);
  it("marks the fastest through a speed trap, and the driver's own best", () => {
    expect(shown(160, "speed_st")).toContain('data-k="best"');
    expect(shown(160, "speed_st", "PIA")).toContain('data-k="personal"');
    expect(shown(210, "speed_st")).not.toContain("data-k");
    expect(shown(50, "speed_st")).toContain("–");
  });
  it("tells the best sectors, of the driver and of all, as they were then", () => {
    expect(shown(150, "sector_1")).toContain("own best 30.000; best of all 29.500 by PIA");
    expect(shown(250, "sector_1")).toContain("own best 29.000; best of all 29.000 by NOR");
  });
  it("says whether tyres were used, and lists the sets before, with their laps", () => {
    expect(text(shown(50, "tyre"))).toBe("S4u");
    expect(shown(50, "stints")).toBe("");
    expect(text(shown(250, "stints"))).toBe("SM");
    expect(shown(250, "stints")).toContain("soft, 10 laps, used, 3 before; medium, 20 laps");
    expect(text(shown(250, "tyre"))).toBe("S4");
  });
  it("has the time in the pit lane", () => {
    expect(text(shown(299, "pit_lane"))).toBe("–");
    expect(text(shown(300, "pit_lane"))).toBe("22.4");
  });
  it("says what stands against a driver, the gravest first, and the messages in its title", () => {
    expect(text(shown(40, "stewards"))).toBe("");
    expect(text(shown(55, "stewards"))).toBe("NOTED");
    expect(text(shown(90, "stewards"))).toBe("INV.+1");
    expect(text(shown(131, "stewards"))).toBe("+5 s+1");
    expect(shown(90, "stewards")).toContain("CAR 4 UNDER INVESTIGATION &lt;i&gt;\nBLACK AND WHITE");
    expect(text(shown(131, "state"))).toBe("+5 s+1"); // where the stewards have no column
    const { car, moment } = of(board, 131, "NOR");
    expect(cells(car, moment, ["stewards", "state"]).state).toBe("");
  });
  it("draws mini-sectors, and says in words how they went", () => {
    expect(shown(25, "mini_sectors")).toContain("1 slower, 1 best of all");
    expect(shown(35, "mini_sectors")).toContain("1 slower");
    expect(shown(35, "mini_sectors")).not.toContain("best of all");
    expect(shown(35, "mini_sectors", "PIA")).toContain("1 stopped");
  });
  it("gives the fastest lap to whoever had it then", () => {
    const fastest = (time: number) => board.at(time, time, null).cars.flatMap((car) => (car.isFastest ? [car.driver] : []));
    expect([80, 92, 96].map(fastest)).toEqual([[], ["NOR"], ["PIA"]]);
  });
  it("is empty when there is nothing", () => {
    const empty = boardOf("FP1", [], []);
    expect(empty.columns()).toEqual([]);
    expect(empty.at(10, 2, "NOR").cars).toEqual([]);
  });
});

describe("a session that grows", () => {
  it("shows the same as one that was there from the start", () => {
    const changes: Change[] = [
      [0, "NOR", "state", running],
      [10, "NOR", "last_lap_time_s", 90],
      [20, "NOR", "last_lap_time_s", 89],
    ];
    const rows = [
      [10, "NOR", 1, 1, "slower"],
      [20, "NOR", 1, 2, "best"],
    ];
    const tables = tablesOf("R", changes.slice(0, 2), { mini_sectors: rows.slice(0, 1) });
    const board = new Board(tables, driversOf(["NOR"]));
    expect(text(of(board, 30, "NOR").shown("last"))).toBe("1:30.000");
    tables.timing = logOf([changes[1], changes[2], changes[0]]);
    tables.mini_sectors = rowsOf(TABLES.mini_sectors, rows);
    board.take({ timing: 0, mini_sectors: 1 });
    const whole = new Board(tables, driversOf(["NOR"]));
    for (const name of ["last", "mini_sectors", "state"])
      expect(of(board, 30, "NOR").shown(name)).toBe(of(whole, 30, "NOR").shown(name));
    expect(text(of(board, 30, "NOR").shown("last"))).toBe("1:29.000");
    expect(board.columns()).toContain("mini_sectors");
  });
});
