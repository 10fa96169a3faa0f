import { describe, expect, it } from "vitest";
import { official, readCalls } from "../src/team_radio/calls";
import { tableOf } from "./table";

const HOST = "https://livetiming.formula1.com";

describe("an address that may be played", () => {
  it.each([
    [`${HOST}/static/2024/TeamRadio/MAXVER01_1_20240518.mp3`, `${HOST}/static/2024/TeamRadio/MAXVER01_1_20240518.mp3`],
    [`${HOST}/a b"c.mp3`, `${HOST}/a%20b%22c.mp3`],
  ])("%s", (address, url) => expect(official(address)).toBe(url));
});

describe("an address that is text and no link", () => {
  it.each([
    "http://livetiming.formula1.com/a.mp3",
    "https://livetiming.formula1.com.example.org/a.mp3",
    "https://livetiming.formula1.com@example.org/a.mp3",
    "https://user:secret@livetiming.formula1.com/a.mp3",
    "https://livetiming.formula1.com:8443/a.mp3",
    "javascript:alert(1)",
    "data:audio/mp3;base64,AAAA",
    "//livetiming.formula1.com/a.mp3",
    "TeamRadio/MAXVER01.mp3",
    "",
    null,
  ])("%s", (address) => expect(official(address)).toBeNull());
});

it("messages are in order of time, and what is no address is kept as text", () => {
  const table = tableOf({
    time_s: [20, 10],
    driver: ["VER", null],
    url: [`${HOST}/a.mp3`, "<b>elsewhere</b>"],
    transcript: ["Box, box.", null],
  });
  expect(readCalls(table).map(({ time_s, driver, url, said, transcript }) => [time_s, driver, url, said, transcript])).toEqual([
    [10, null, null, "<b>elsewhere</b>", ""],
    [20, "VER", `${HOST}/a.mp3`, "", "Box, box."],
  ]);
});
