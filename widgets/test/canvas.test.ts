import { afterEach, describe, expect, it, vi } from "vitest";
import { onDensity } from "../src/shared/canvas";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the density of the screen", () => {
  it("is followed from screen to screen, until the canvas goes", () => {
    const asked: [query: string, list: EventTarget][] = [];
    vi.stubGlobal("matchMedia", (query: string) => {
      const list = new EventTarget();
      asked.push([query, list]);
      return list;
    });
    const moveTo = (density: number) => {
      vi.stubGlobal("devicePixelRatio", density);
      asked.at(-1)?.[1].dispatchEvent(new Event("change"));
    };
    vi.stubGlobal("devicePixelRatio", 1);
    const life = new AbortController();
    const seen: number[] = [];
    onDensity(() => seen.push(devicePixelRatio), life.signal);
    moveTo(2);
    moveTo(1.5);
    life.abort();
    moveTo(1);
    expect(seen).toEqual([2, 1.5]);
    expect(asked.map(([query]) => query)).toEqual(["(resolution: 1dppx)", "(resolution: 2dppx)", "(resolution: 1.5dppx)"]);
  });
});
