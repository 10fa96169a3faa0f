import { describe, expect, it } from "vitest";
import type { Badge } from "../src/session_header/model";
import { partAt, remainingAt } from "../src/session_header/remaining";
import { badgeHtml, lasting, plateAt, words } from "../src/session_header/words";
import type { Table } from "../src/shared/columns";

const session = (row: Record<string, string | number | null>): Table =>
  ({
    text: (name: string) => [row[name] ?? null],
    number: (name: string) => Float64Array.of(Number(row[name] ?? Number.NaN)),
  }) as unknown as Table;

describe("the header", () => {
  it("says which session it is", () => {
    const race = {
      year: 2025,
      round: 15,
      event: "Dutch Grand Prix",
      session: "R",
      location: "Zandvoort",
      country: "Netherlands",
    };
    expect(words(session({ ...race, total_laps: 72 }))).toEqual({
      event: "Dutch Grand Prix",
      details: "Race · Zandvoort, Netherlands · 2025, round 15",
      kind: "R",
      isRace: true,
      totalLaps: 72,
    });
  });
  it("leaves out what is not known", () => {
    expect(words(session({ year: 2025, event: "Australian Grand Prix", session: "Q" }))).toEqual({
      event: "Australian Grand Prix",
      details: "Qualifying · 2025",
      kind: "Q",
      isRace: false,
      totalLaps: null,
    });
  });
  it("says since when the track has its status", () => {
    expect(lasting({ time_s: 4148, status: "safety_car" }, 4181)).toBe("for 33 s");
    expect(lasting({ time_s: 0, status: "clear" }, 600)).toBe("since the start");
    expect(lasting({ time_s: 0, status: "yellow" }, 125)).toBe("for 2:05");
  });
  it("escapes badges", () => {
    const badge: Badge = { kind: "failed", text: "<b>", title: '"x"' };
    expect(badgeHtml(badge)).toContain("&lt;b&gt;");
    expect(badgeHtml(badge)).toContain("&quot;x&quot;");
  });
});

describe("what remains", () => {
  const columns = (numbers: Record<string, number[]>, texts: Record<string, string[]> = {}): Table =>
    ({ number: (name: string) => Float64Array.from(numbers[name]), text: (name: string) => texts[name] }) as unknown as Table;
  const clock = columns({ time_s: [0, 300, 420], remaining_s: [1080, 780, 780], is_running: [1, 0, 1] });

  it("counts down, stands still under a red flag, and never falls below nothing", () => {
    expect(remainingAt(clock, 60)).toEqual({ remaining_s: 1020, isRunning: true });
    expect(remainingAt(clock, 400)).toEqual({ remaining_s: 780, isRunning: false });
    expect(remainingAt(clock, 430)).toEqual({ remaining_s: 770, isRunning: true });
    expect(remainingAt(clock, 9000)?.remaining_s).toBe(0);
    expect(remainingAt(clock, -1)).toBeNull();
  });
  it("is that of a part of qualifying, which a red flag does not end", () => {
    const names = ["inactive", "started", "aborted", "started", "finished", "started", "finished", "started"];
    const status = columns({ time_s: names.map((_, i) => i * 100) }, { status: names });
    expect([-1, 0, 150, 250, 350, 450, 550, 650, 750].map((t) => partAt(status, t))).toEqual([0, 0, 1, 1, 1, 1, 2, 2, 3]);
  });
});

describe("the plate", () => {
  it("does not call a track clear of which nothing is known", () => {
    expect(plateAt([], 60)).toMatchObject({ look: "none", name: "No track status", since: "not published" });
    expect(plateAt([{ time_s: 50, status: "red" }], 20)).toMatchObject({ look: "clear", name: "Track clear" });
    expect(plateAt([{ time_s: 50, status: "red" }], 60)).toMatchObject({ look: "red", name: "Red flag" });
  });
});
