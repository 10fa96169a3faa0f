import { afterEach, describe, expect, it, vi } from "vitest";
import { Hold, setDelay, toggle } from "../src/clock/bar";
import { action } from "../src/clock/keys";
import { advance, edgeAt, followed, run } from "../src/clock/loop";
import type { Model } from "../src/clock/model";
import { jump, lapAt, lapTicks, type Moment, minuteTicks, placeSigns, spans } from "../src/clock/moments";
import { follower } from "../src/shared/panel";
import { modelOf } from "./model";

const moment = (time_s: number, kind = "out"): Moment => ({ time_s, kind, driver: null, lap: null, text: "" });
const race = (laps: number) => ({
  lap: Float64Array.from({ length: laps }, (_, i) => i + 1),
  time_s: Float64Array.from({ length: laps }, (_, i) => i * 80),
});
const clock = (state: Partial<Model> = {}) =>
  modelOf<Model>({
    time_s: 100,
    start_s: 0,
    end_s: 6000,
    playing: false,
    speed: 1,
    delay_s: 0,
    live: false,
    following: false,
    rate: 1,
    selection: null,
    hide_ahead: false,
    _held: false,
    _tables: {},
    ...state,
  });

/** The browser's queue of frames, run by hand. */
function stubFrames() {
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  const queue = new Map<number, FrameRequestCallback>();
  let last = 0;
  vi.stubGlobal("requestAnimationFrame", (f: FrameRequestCallback) => queue.set(++last, f) && last);
  vi.stubGlobal("cancelAnimationFrame", (id: number) => queue.delete(id));
  return {
    get waiting() {
      return queue.size;
    },
    run(now_ms: number) {
      const due = [...queue.values()];
      queue.clear();
      for (const f of due) f(now_ms);
    },
  };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("playing", () => {
  it("moves by the frame times the speed", () => expect(advance(100, 0.016, 10, 6000)).toBeCloseTo(100.16));
  it("does not jump after a hidden tab", () => expect(advance(100, 3600, 1, 6000)).toBe(100.25));
  it("stops at the end, and never goes back", () => {
    expect(advance(5999.9, 0.2, 30, 6000)).toBe(6000);
    expect(advance(100, -1, 1, 6000)).toBe(100);
    expect(advance(6010, 0.1, 1, 6000)).toBe(6010);
  });

  it("tells the kernel when it stops, not before", async () => {
    const frames = stubFrames();
    const { model, saved } = clock();
    run(model, new AbortController().signal);
    toggle(model);
    expect(saved()).toBe(1);
    for (let i = 0; i < 60; i++) frames.run(i * 100);
    await Promise.resolve();
    expect(model.get("time_s")).toBeCloseTo(105.9);
    expect(saved()).toBe(1);
    model.set("playing", false); // Python says stop
    await Promise.resolve();
    expect(saved()).toBe(2);
    expect(frames.waiting).toBe(0);
  });

  it("waits while a finger holds the playhead, and stops at the end", () => {
    const frames = stubFrames();
    const { model } = clock({ time_s: 5999, playing: true, _held: true, speed: 30 });
    run(model, new AbortController().signal);
    frames.run(0);
    frames.run(200);
    expect(model.get("time_s")).toBe(5999);
    model.set("_held", false);
    frames.run(400);
    expect(model.get("time_s")).toBe(6000);
    expect(model.get("playing")).toBe(false);
    expect(frames.waiting).toBe(0);
    toggle(model); // once more from the start
    expect(model.get("time_s")).toBe(0);
  });

  it("goes on when a panel throws, for the others, too, and tells of it once", () => {
    const frames = stubFrames();
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const { model } = clock({ playing: true });
    run(model, new AbortController().signal);
    const seen: number[] = [];
    const reports: unknown[] = [];
    const broken = follower(new AbortController().signal, (error) => reports.push(error));
    broken(model, "time_s", () => {
      throw new Error("no such lap");
    });
    follower(new AbortController().signal)(model, "time_s", () => seen.push(model.get("time_s")));
    for (let i = 0; i < 4; i++) frames.run(i * 100);
    expect(seen.map((t) => t.toFixed(1))).toEqual(["100.1", "100.2", "100.3"]);
    expect(reports.map(String)).toEqual(["Error: no such lap"]);
    expect(said).toHaveBeenCalledOnce();
  });

  it("goes on when what is not ours throws", () => {
    const frames = stubFrames();
    const { model } = clock({ playing: true });
    run(model, new AbortController().signal);
    model.on("change:time_s", () => {
      throw new Error("somebody's own widget");
    });
    frames.run(0);
    expect(() => frames.run(100)).toThrow();
    expect(() => frames.run(200)).toThrow();
    expect(model.get("time_s")).toBeCloseTo(100.2);
  });

  it("is left to the next loop when the code is loaded anew", () => {
    const frames = stubFrames();
    const { model } = clock({ playing: true });
    const before = new AbortController();
    run(model, before.signal);
    before.abort();
    run(model, new AbortController().signal);
    for (let i = 0; i < 11; i++) frames.run(i * 100);
    expect(model.get("time_s")).toBeCloseTo(101);
    toggle(model);
    toggle(model);
    expect(frames.waiting).toBe(1);
  });
});

describe("a hand on the playhead", () => {
  it("stops the clock until it lets go, and then the kernel hears of it", () => {
    const { model, saved } = clock();
    const hold = new Hold(model, new AbortController().signal);
    hold.take();
    expect([model.get("_held"), saved()]).toEqual([true, 0]);
    hold.release();
    expect([model.get("_held"), saved()]).toEqual([false, 1]);
  });
  it("lets go when the bar is removed under it, and only then if it held", () => {
    const { model, saved } = clock();
    const [held, other] = [new AbortController(), new AbortController()];
    new Hold(model, held.signal).take();
    new Hold(model, other.signal);
    other.abort();
    expect(model.get("_held")).toBe(true);
    held.abort();
    expect([model.get("_held"), saved()]).toEqual([false, 1]);
  });
});

describe("TV delay", () => {
  it("moves what is shown by the difference", () => {
    const { model } = clock({ time_s: 1000 });
    setDelay(model, 45);
    expect([model.get("time_s"), model.get("delay_s")]).toEqual([955, 45]);
    setDelay(model, 5);
    expect([model.get("time_s"), model.get("delay_s")]).toEqual([995, 5]);
  });
  it("stays between 0 and 600 s and ignores what is no number", () => {
    const { model } = clock({ time_s: 1000 });
    setDelay(model, 9999);
    expect([model.get("time_s"), model.get("delay_s")]).toEqual([400, 600]);
    setDelay(model, Number.NaN);
    expect(model.get("delay_s")).toBe(600);
    setDelay(model, -3);
    expect([model.get("time_s"), model.get("delay_s")]).toEqual([1000, 0]);
  });
});

describe("moments", () => {
  const moments = [moment(5, "start"), moment(100), moment(500, "fastest_lap"), moment(900, "safety_car")];
  it("goes to the next and back, a little before each", () => {
    expect(jump(moments, true, 20, 1)).toBe(96);
    expect(jump(moments, true, 96, 1)).toBe(896); // a fastest lap is a mark, not a stop on the way
    expect(jump(moments, true, 896, -1)).toBe(96);
    expect(jump(moments, true, 97, -1)).toBe(1);
    expect(jump(moments, true, 101, -1)).toBe(96); // seen, and wanted again
  });
  it("stops at fastest laps where nobody races", () => expect(jump(moments, false, 96, 1)).toBe(496));
  it("says when there is none", () => expect([jump(moments, true, 2000, 1), jump(moments, true, 0, -1)]).toEqual([null, null]));

  it("turns changes of status into stretches", () => {
    const changes = [
      { time_s: 0, status: "clear" },
      { time_s: 100, status: "yellow" },
      { time_s: 110, status: "safety_car" },
      { time_s: 200, status: "safety_car" },
      { time_s: 300, status: "clear" },
      { time_s: 900, status: "red" },
    ] as const;
    expect(spans([...changes], 0, 1000)).toEqual([
      { status: "yellow", from_s: 100, to_s: 110 },
      { status: "safety_car", from_s: 110, to_s: 300 },
      { status: "red", from_s: 900, to_s: 1000 },
    ]);
  });
  it("leaves out what was over before the start, and begins there with what was not", () => {
    const changes = [
      { time_s: -900, status: "red" },
      { time_s: -800, status: "clear" },
      { time_s: -60, status: "yellow" },
      { time_s: 20, status: "clear" },
    ] as const;
    expect(spans([...changes], 0, 1000)).toEqual([{ status: "yellow", from_s: 0, to_s: 20 }]);
  });

  it("knows the leader's lap", () => {
    expect([0, 79.9, 80, 1e6].map((t) => lapAt(race(72), t))).toEqual([1, 1, 2, 72]);
    expect(lapAt(race(0), 10)).toBe(1);
  });

  it("labels a race by laps and the last one, another session by minutes", () => {
    expect(lapTicks(race(72)).map((t) => t.text)).toEqual(["Lap 1", "10", "20", "30", "40", "50", "60", "72"]);
    expect(lapTicks(race(3)).map((t) => t.text)).toEqual(["Lap 1", "2", "3"]);
    expect(lapTicks(race(0))).toEqual([]);
    expect(minuteTicks(0, 3700).map((t) => t.text)).toEqual(["0 min", "10", "20", "30", "40", "50", "60"]);
  });
});

describe("signs on the rail", () => {
  const tag = (x: number) => ({ x, width: 26, isTag: true });
  const mark = (x: number) => ({ x, width: 14, isTag: false });
  it("moves a mark off a tag", () => expect(placeSigns([tag(100), mark(102)])).toEqual([100, 93]));
  it("leaves out what has no room", () => {
    expect(placeSigns([tag(100), tag(110), mark(300), mark(305)])).toEqual([100, null, 300, null]);
    expect(placeSigns([tag(100), mark(92), mark(104)])).toEqual([100, 92, null]);
  });
});

describe("keys", () => {
  const press = (key: string, shiftKey = false) => action({ key, shiftKey });
  it("steps 5 s, and about a lap", () => {
    expect(press("ArrowLeft")).toEqual({ do: "move", by_s: -5 });
    expect(press("ArrowRight", true)).toEqual({ do: "move", by_s: 75 });
    expect(press("PageDown")).toEqual({ do: "move", by_s: -75 });
  });
  it("reads digits as tenths of the session", () => {
    expect(press("3")).toEqual({ do: "seek", share: 0.3 });
    expect(press("End")).toEqual({ do: "end" });
  });
  it("leaves other keys alone", () =>
    expect([press("a"), press("0"), press("Enter"), press("Tab")]).toEqual([null, null, null, null]));
});

describe("the live edge", () => {
  const edge = { end_s: 600, rate: 10, heard_ms: 1000 };
  it("goes on between two words of the kernel, but not for ever", () => {
    expect(edgeAt(edge, 1500)).toBe(605);
    expect(edgeAt(edge, 60_000)).toBe(620);
  });
  it("is not left for a small correction, and is for another session", () => {
    expect(followed(605, 603, 10)).toBe(605);
    expect(followed(605, 20, 10)).toBe(20);
    expect(followed(605, 606, 10)).toBe(606);
  });
  it("carries the clock along, as far behind as the delay says", () => {
    const frames = stubFrames();
    vi.stubGlobal("performance", { now: () => 0 });
    const { model } = clock({ live: true, following: true, playing: true, end_s: 600, time_s: 500, delay_s: 30 });
    run(model, new AbortController().signal);
    frames.run(1000);
    expect(model.get("time_s")).toBe(571);
  });
  it("is reached by a clock that plays faster, and then followed", () => {
    const frames = stubFrames();
    vi.stubGlobal("performance", { now: () => 0 });
    const { model } = clock({ live: true, playing: true, speed: 30, end_s: 600, time_s: 596 });
    run(model, new AbortController().signal);
    frames.run(0);
    frames.run(100);
    expect(model.get("following")).toBe(false);
    frames.run(200);
    expect(model.get("following")).toBe(true);
    expect(model.get("time_s")).toBeCloseTo(600.2);
  });
  it("is left by a pause", () => {
    const { model } = clock({ live: true, following: true, playing: true });
    toggle(model);
    expect([model.get("playing"), model.get("following")]).toEqual([false, false]);
  });
  it("holds what is shown back at once when the delay grows", () => {
    const { model } = clock({ live: true, following: true, playing: true, end_s: 600, time_s: 600 });
    setDelay(model, 45);
    expect([model.get("time_s"), model.get("following")]).toEqual([555, true]);
  });
});
