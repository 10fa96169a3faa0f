import { describe, expect, it } from "vitest";
import { addressOf, find, isSame, label } from "../src/session_picker/list";
import { place } from "../src/shared/popover";

const entry = (year: number, event: string, session: string, is_simulated = false) => ({ year, event, session, is_simulated });
const dutch = entry(2025, "Dutch Grand Prix", "R");
const brazil = entry(2024, "São Paulo Grand Prix", "SQ");
const simulated = entry(2026, "Simulated Grand Prix", "R", true);
const all = [dutch, brazil, simulated];

describe("the list of sessions", () => {
  it("is searched word by word, without case and accents", () => {
    expect(find(all, "")).toEqual(all);
    expect(find(all, "sao paulo")).toEqual([brazil]);
    expect(find(all, "RACE 2025")).toEqual([dutch]);
    expect(find(all, "sq")).toEqual([brazil]);
    expect(find(all, "monza")).toEqual([]);
    const theirs = { ...brazil, is_shared: true };
    expect(find([dutch, theirs], "shared")).toEqual([theirs]);
  });
  it("names sessions", () => expect(label(brazil)).toBe("2024 São Paulo Grand Prix, Sprint qualifying"));
  it("knows which one is open", () => {
    expect(isSame(dutch, { ...dutch })).toBe(true);
    expect(isSame(dutch, { ...dutch, session: "Q" })).toBe(false);
    expect(isSame(dutch, null)).toBe(false);
  });
});

describe("the address of a session", () => {
  const here = "http://localhost:8866/voila/?year=2024&event=x&session=Q&t=31&drivers=NOR&theme=dark#a";
  it("keeps page and theme, not moment and drivers", () => {
    expect(addressOf(here, dutch, undefined)).toBe(
      "http://localhost:8866/voila/?year=2025&event=Dutch+Grand+Prix&session=R&theme=dark",
    );
  });
  it("takes the theme from the page where it says one", () => {
    expect(new URL(addressOf(here, brazil, "true")).searchParams.get("theme")).toBe("light");
    expect(new URL(addressOf(here, brazil, "true")).searchParams.get("event")).toBe("São Paulo Grand Prix");
  });
});

describe("a popover", () => {
  const screen = { width: 390, height: 800 };
  const button = { left: 300, right: 340, top: 10, bottom: 40 };
  it("stands below its button, right edges in line", () => {
    expect(place(button, { width: 200, height: 300 }, screen)).toEqual({ left: 140, top: 44 });
  });
  it("stays on the screen", () => {
    expect(place(button, { width: 380, height: 300 }, screen).left).toBe(8);
    expect(place({ left: 0, right: 395, top: 10, bottom: 40 }, { width: 100, height: 30 }, screen).left).toBe(282);
  });
  it("goes above where there is no room below", () => {
    expect(place({ ...button, top: 700, bottom: 740 }, { width: 200, height: 300 }, screen).top).toBe(396);
  });
});
