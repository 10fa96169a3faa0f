import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keep, read, write } from "../src/dashboard/address";
import { middle, wide } from "../src/dashboard/layout";
import { follower } from "../src/shared/panel";
import { chooseTheme } from "../src/shared/theme";

describe("the address", () => {
  it("is read", () => {
    expect(read("?year=2025&t=3120&drivers=nor,PIA,NOR&theme=dark")).toEqual({
      t: 3120,
      drivers: ["NOR", "PIA"],
      theme: "dark",
    });
  });
  it("is not believed", () => {
    expect(read("?t=-5&theme=pink")).toEqual({});
    expect(read("?t=1e9x&drivers=")).toEqual({ drivers: [] });
    expect(read("?drivers=A,B,C,D,E").drivers).toEqual(["A", "B", "C", "D"]);
  });
  it("keeps what else is in it", () => {
    expect(write("?year=2025&event=dutch&t=1", { t: 3120.9, drivers: ["NOR", "PIA"] })).toBe(
      "?year=2025&event=dutch&t=3120&drivers=NOR,PIA",
    );
    expect(write("?drivers=NOR", { drivers: [] })).toBe("");
  });
  it("comes back as it was written", () => {
    const bookmark = { t: 12, drivers: ["VER"], theme: "light" as const };
    expect(read(write("", bookmark))).toEqual(bookmark);
  });
});

describe("the theme in the address", () => {
  const dataset: Record<string, string> = {};
  const system = new EventTarget();
  let onBody = () => {};
  const address = () => {
    vi.runAllTimers();
    return location.search;
  };
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("window", globalThis);
    vi.stubGlobal("document", { body: { dataset } });
    vi.stubGlobal("matchMedia", () => system);
    vi.stubGlobal(
      "MutationObserver",
      class {
        constructor(callback: () => void) {
          onBody = callback;
        }
        observe() {}
        disconnect() {}
      },
    );
    vi.stubGlobal("location", { pathname: "/", search: "?t=5", hash: "" });
    vi.stubGlobal("history", {
      state: null,
      replaceState: (_: unknown, __: string, url: string) => Object.assign(location, { search: url.slice(1) }),
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("is what the viewer chose, not what the system says", () => {
    const { signal } = new AbortController();
    keep(null, null, follower(signal), signal);
    dataset.jpThemeLight = "false"; // the page follows the system
    system.dispatchEvent(new Event("change"));
    onBody();
    expect(address()).toBe("?t=5");
    chooseTheme("light");
    onBody();
    expect(address()).toBe("?t=5&theme=light");
    expect(dataset.jpThemeLight).toBe("true");
    system.dispatchEvent(new Event("change"));
    expect(address()).toBe("?t=5&theme=light");
  });
});

describe("the race page", () => {
  const with_ =
    (...areas: string[]) =>
    (area: string) =>
      areas.includes(area);
  const all = with_("timing", "map", "side", "telemetry");
  it("has timing at the left and telemetry below map and messages", () => {
    expect(wide(all).areas).toBe('"timing map side" "timing telemetry telemetry"');
    expect(middle(all).areas).toBe('"timing map" "timing side" "telemetry telemetry"');
  });
  it.each([
    [with_("timing"), '"timing"', '"timing"'],
    [with_("map", "telemetry"), '"map" "telemetry"', '"map" "telemetry"'],
    [with_("timing", "telemetry"), '"timing telemetry"', '"timing" "telemetry"'],
    [with_("timing", "side", "telemetry"), '"timing side" "timing telemetry"', '"timing side" "telemetry telemetry"'],
    [with_("map", "side"), '"map side"', '"map" "side"'],
    [with_("telemetry"), '"telemetry"', '"telemetry"'],
  ])("closes the gaps of areas that are not there (%#)", (has, w, m) => {
    expect([wide(has).areas, middle(has).areas]).toEqual([w, m]);
  });
  it("has as many columns and rows as its areas say", () => {
    for (const grid of [wide(all), middle(all), wide(with_("map")), middle(with_("timing", "telemetry"))]) {
      const lines = grid.areas.split('" "').map((row) => row.replaceAll('"', "").split(" ").length);
      const tracks = (text: string) => text.replaceAll(/\([^()]*\)/g, "").split(" ").length;
      expect(lines.every((n) => n === tracks(grid.columns))).toBe(true);
      expect(lines.length).toBe(tracks(grid.rows));
    }
  });
});
