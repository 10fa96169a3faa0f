import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Alert, alerts, Passing } from "../src/race_control/alerts";
import { fold, type Message, matches, named, readMessages, saidBy, sentence, sort } from "../src/race_control/messages";
import { choose, isFirst, settings } from "../src/race_control/settings";
import type { Table } from "../src/shared/columns";
import { clockTime } from "../src/shared/format";
import { tableOf } from "./table";

const message = (time_s: number, sign: Message["sign"] = "other", more: Partial<Message> = {}): Message => ({
  key: `${time_s} ${sign}`,
  time_s,
  lap: 1,
  categories: ["other"],
  sign,
  drivers: [],
  text: "",
  ...more,
});

describe("what a message is about", () => {
  it.each([
    ["Flag", "DOUBLE YELLOW", "DOUBLE YELLOW IN TRACK SECTOR 7", "yellow", ["flags"]],
    ["Flag", "CLEAR", "CLEAR IN TRACK SECTOR 7", "clear", ["flags"]],
    ["Flag", "BLUE", "WAVED BLUE FLAG FOR CAR 18 (STR)", "blue", ["flags"]],
    ["Flag", "CHEQUERED", "CHEQUERED FLAG", "chequered", ["flags"]],
    ["Flag", "", "SOME NEW FLAG", "other", ["flags"]],
    ["SafetyCar", "", "SAFETY CAR DEPLOYED", "safety_car", ["safety_car"]],
    ["SafetyCar", "", "VSC ENDING", "vsc", ["safety_car"]],
    ["Other", "", "VIRTUAL SAFETY CAR DEPLOYED", "vsc", ["safety_car"]],
    ["CarEvent", "", "CAR 16 (LEC) STOPPED", "out", ["cars"]],
    ["CarEvent", "", "CAR 55 (SAI) STATIONARY 15.3 S", "pit", ["cars"]],
    ["Other", "", "FASTEST LAP 1:12.271 BY PIA", "best", ["cars"]],
    ["Other", "", "CAR 4 (NOR) TIME 1:30.111 DELETED - TRACK LIMITS AT TURN 4", "deleted", ["track_limits"]],
    ["Other", "", "INCIDENT INVOLVING CAR 14 (ALO) NOTED - SAFETY CAR INFRINGEMENT", "incident", ["stewards"]],
    ["Other", "", "FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 81 (PIA) - SAFETY CAR INFRINGEMENT", "penalty", ["stewards"]],
    [
      "Other",
      "",
      "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 7 (DOO) - TRACK LIMITS",
      "penalty",
      ["stewards", "track_limits"],
    ],
    [
      "Flag",
      "BLACK AND WHITE",
      "BLACK AND WHITE FLAG FOR CAR 6 (HAD) - TRACK LIMITS",
      "black_and_white",
      ["flags", "stewards", "track_limits"],
    ],
    ["Other", "", "BLACK AND WHITE FLAG FOR CAR 18 (STR)", "black_and_white", ["flags", "stewards"]],
    ["Other", "", "RISK OF RAIN IS 0%", "other", ["other"]],
    ["", "", "", "other", ["other"]],
  ])("%s %s %s", (category, flag, text, sign, categories) => {
    expect(sort(category, flag, text)).toEqual({ categories, sign });
  });
});

describe("whom a message names", () => {
  const codes = new Set(["ALO", "HUL", "SIR", "LEC"]);
  it.each([
    ["CARS 14 (ALO),27 (HUL)  AND 35 (SIR) NOTED", null, ["ALO", "HUL", "SIR"]],
    ["CAR 14 (ALO) LAP DELETED - TRACK LIMITS AT TURN 4 LAP 34 18:58:59 (PIT)", null, ["ALO"]],
    ["CAR LEC STOPPED", "LEC", ["LEC"]],
    ["FASTEST LAP 1:12.271 BY LEC", null, ["LEC"]],
    ["WAVED BLUE FLAG", "ALO", ["ALO"]],
    ["CAR 5 (CAM) STOPPED", null, []],
    ["LAPPED CARS MAY NOW OVERTAKE - 2,9,10", null, []],
  ])("%s", (text, driver, drivers) => expect(named(text, driver, codes)).toEqual(drivers));
});

describe("what one wants to see", () => {
  const told = message(1, "penalty", {
    categories: ["stewards"],
    drivers: ["NOR"],
    text: "5 second time penalty for car 4 (NOR)",
  });
  it.each([
    [{ category: "all", drivers: null, words: "" }, true],
    [{ category: "stewards", drivers: ["NOR", "VER"], words: " nor  PENALTY " }, true],
    [{ category: "flags", drivers: null, words: "" }, false],
    [{ category: "all", drivers: ["VER"], words: "" }, false],
    [{ category: "all", drivers: [], words: "" }, false],
    [{ category: "all", drivers: null, words: "10 second" }, false],
  ] as const)("%o", (filter, is) => expect(matches(told, filter)).toBe(is));
});

describe("when it was said", () => {
  it.each([
    [4181, "1:09:41"],
    [-312.4, "−0:05:12"],
    [-0.2, "0:00:00"],
  ])("%d s", (time_s, text) => expect(clockTime(time_s)).toBe(text));
});

describe("capitals", () => {
  const codes = new Set(["LEC", "PIA"]);
  it("become a sentence that keeps codes, acronyms and figures", () => {
    expect(sentence("CAR 16 (LEC) TIME 1:12.345 DELETED - TRACK LIMITS AT TURN 1", codes)).toBe(
      "Car 16 (LEC) time 1:12.345 deleted - track limits at turn 1",
    );
    expect(sentence("FIA STEWARDS: F1 INCIDENT NOTED, DRS ENABLED", codes)).toBe(
      "FIA stewards: F1 incident noted, DRS enabled",
    );
  });
  it("are left alone where somebody wrote small letters", () =>
    expect(sentence("Red Flag for PIA", codes)).toBe("Red Flag for PIA"));
});

describe("the list at a moment", () => {
  const lines = fold([message(1), message(2, "blue"), message(3, "blue"), message(9), message(10, "blue")]);
  it("folds blue flags in a row", () =>
    expect(lines.map((l) => [l.messages.length, l.isFolded])).toEqual([
      [1, false],
      [2, true],
      [1, false],
      [1, true],
    ]));
  it.each([
    [0, 0, 0],
    [1, 1, 1],
    [2.5, 2, 1],
    [3, 2, 2],
    [9, 3, 1],
    [99, 4, 1],
  ])("at %d s: %d lines", (time_s, count, messages) => expect(saidBy(lines, time_s)).toEqual({ lines: count, messages }));
});

describe("what is worth a chime", () => {
  const none = tableOf({ time_s: [], status: [] });
  const said = (flag: string, category: string, text: string): Message[] =>
    readMessages(
      tableOf({ time_s: [5], lap: [1], category: [category], flag: [flag], driver: [null], message: [text] }),
      new Set(["NOR", "STR"]),
    );
  it.each([
    ["RED", "Flag", "RED FLAG", "stop", "Red flag"],
    ["CHEQUERED", "Flag", "CHEQUERED FLAG", "flag", "Chequered flag"],
    ["", "SafetyCar", "SAFETY CAR DEPLOYED", "caution", "Safety car"],
    ["", "SafetyCar", "SAFETY CAR IN THIS LAP", "caution", "Safety car"],
    ["", "SafetyCar", "VIRTUAL SAFETY CAR ENDING", "caution", "Virtual safety car"],
    ["", "Other", "CAR 4 (NOR) TIME 1:30.111 DELETED - TRACK LIMITS AT TURN 4", "favourite", "NOR"],
  ])("%s %s %s", (flag, category, text, tone, title) =>
    expect(alerts(said(flag, category, text), none, ["NOR"])).toMatchObject([{ time_s: 5, tone, title }]),
  );
  it.each([
    ["BLUE", "Flag", "WAVED BLUE FLAG FOR CAR 4 (NOR)"],
    ["YELLOW", "Flag", "YELLOW IN TRACK SECTOR 7"],
    ["", "Other", "SAFETY CAR WILL USE START/FINISH STRAIGHT"],
    ["", "Other", "INCIDENT INVOLVING CAR 18 (STR) NOTED - SAFETY CAR INFRINGEMENT"],
  ])("not %s %s %s", (flag, category, text) => expect(alerts(said(flag, category, text), none, ["NOR"])).toEqual([]));
  it("is every start and restart, which race control may say nothing of", () => {
    const status = tableOf({ time_s: [0, 10, 60, 99], status: ["inactive", "started", "aborted", "started"] });
    expect(alerts([], status, []).map(({ time_s, title }) => [time_s, title])).toEqual([
      [10, "Session started"],
      [99, "Session resumed"],
    ]);
  });
});

describe("a clock that passes what is worth a chime", () => {
  const at = (...times: number[]): Alert[] =>
    times.map((time_s) => ({ key: String(time_s), time_s, tone: "stop", title: "", text: "" }));
  const all = at(10, 20, 30);
  const keys = (due: Alert[]) => due.map((alert) => alert.key);
  let passing: Passing;
  beforeEach(() => {
    passing = new Passing();
  });

  it("tells of each once, in small steps", () => {
    const heard: string[] = [];
    for (let now = 0; now < 25; now += 0.25) heard.push(...keys(passing.pass(all, now, true, 1)));
    expect(heard).toEqual(["10", "20"]);
  });
  it("says nothing when it opens, jumps, or stands", () => {
    expect(passing.pass(all, 15, true, 1)).toEqual([]);
    expect(passing.pass(all, 29.9, true, 1)).toEqual([]);
    expect(passing.pass(all, 30.1, false, 1)).toEqual([]);
    expect(passing.pass(all, 30.2, true, 1)).toEqual([]);
  });
  it("tells of it again to who goes back and watches it again", () => {
    passing.pass(all, 9.9, true, 1);
    expect(keys(passing.pass(all, 10.1, true, 1))).toEqual(["10"]);
    passing.pass(all, 9.8, true, 1);
    expect(keys(passing.pass(all, 10, true, 1))).toEqual(["10"]);
  });
  it("takes longer steps at a higher speed", () => {
    passing.pass(all, 0, true, 30);
    expect(keys(passing.pass(all, 25, true, 30))).toEqual(["10", "20"]);
  });
  it("tells of what a feed says a little late, and of nothing old", () => {
    passing.pass([], 29, true, 1);
    passing.pass([], 30, true, 1);
    expect(keys(passing.pass(at(3, 28), 30.1, true, 1))).toEqual(["28"]);
    expect(passing.pass(at(3, 28), 30.2, true, 1)).toEqual([]);
    expect(passing.pass(at(3, 28, 30.5), 30.4, true, 1)).toEqual([]);
    expect(keys(passing.pass(at(3, 28, 30.5), 30.6, true, 1))).toEqual(["30.5"]);
  });
});

describe("what a viewer wants to be told", () => {
  const kept = new Map<string, string>();
  beforeEach(() => {
    kept.clear();
    vi.stubGlobal("dispatchEvent", () => true);
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
  });
  it("is nothing until it is chosen, and remembered then", () => {
    expect(settings()).toEqual({ sound: false, notify: false, favourites: [] });
    choose({ favourites: ["NOR"] });
    choose({ sound: true });
    expect(settings()).toEqual({ sound: true, notify: false, favourites: ["NOR"] });
  });
  it.each(["null", "[]", '{"sound":1,"favourites":"NOR"}', "no JSON", '{"favourites":[3]}'])(
    "survives %s in the browser",
    (text) => {
      kept.set("f1nb.alerts", text);
      expect(settings()).toEqual({ sound: false, notify: false, favourites: [] });
    },
  );
  it("lasts as long as the page where nothing can be remembered", () => {
    vi.stubGlobal("localStorage", undefined);
    choose({ sound: true });
    expect(settings().sound).toBe(true);
    vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
    choose({ sound: false });
  });
  it("is said by one panel of a page", () => {
    expect(isFirst("a")).toBe(true);
    expect(isFirst("a")).toBe(false);
    expect(isFirst("b")).toBe(true);
  });
});

it("a message keeps its key while the table grows", () => {
  const columns = {
    time_s: [1, 2],
    lap: [1, 1],
    category: ["", ""],
    flag: ["", ""],
    driver: [null, null],
    message: ["A", "B"],
  };
  const first = (n: number): Table =>
    tableOf(Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.slice(0, n)])));
  expect(readMessages(first(1), new Set())[0].key).toBe(readMessages(first(2), new Set())[0].key);
});
