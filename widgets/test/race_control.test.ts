import { describe, expect, it } from "vitest";
import { fold, type Message, saidBy, sentence, sort } from "../src/race_control/messages";
import { clockTime } from "../src/shared/format";

const message = (time_s: number, sign: Message["sign"] = "other"): Message => ({
  time_s,
  lap: 1,
  category: "other",
  sign,
  driver: null,
  text: "",
});

describe("what a message is about", () => {
  it.each([
    ["Flag", "DOUBLE YELLOW", "DOUBLE YELLOW IN TRACK SECTOR 7", "flags", "yellow"],
    ["Flag", "CLEAR", "CLEAR IN TRACK SECTOR 7", "flags", "clear"],
    ["Flag", "BLUE", "WAVED BLUE FLAG FOR CAR 18 (STR)", "flags", "blue"],
    ["Flag", "CHEQUERED", "CHEQUERED FLAG", "flags", "chequered"],
    ["SafetyCar", "", "SAFETY CAR DEPLOYED", "safety_car", "safety_car"],
    ["SafetyCar", "", "VSC ENDING", "safety_car", "vsc"],
    ["Other", "", "VIRTUAL SAFETY CAR DEPLOYED", "safety_car", "vsc"],
    ["CarEvent", "", "CAR 16 (LEC) STOPPED", "cars", "out"],
    ["Other", "", "FASTEST LAP 1:12.271 BY PIA", "cars", "best"],
    ["Other", "", "RISK OF RAIN IS 0%", "other", "other"],
    ["", "", "", "other", "other"],
  ])("%s %s %s", (category, flag, text, about, sign) => {
    expect(sort(category, flag, text)).toEqual({ category: about, sign });
  });
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
