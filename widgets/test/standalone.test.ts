import { afterEach, describe, expect, it, vi } from "vitest";
import { bytes, decode, equal, refId } from "../src/standalone/page";
import { Model } from "../src/standalone/traits";

describe("references", () => {
  it("name the same widget however they are written", () => {
    expect(["anywidget:a1", "IPY_MODEL_a1", "a1"].map(refId)).toEqual(["a1", "a1", "a1"]);
  });
});

describe("bytes", () => {
  it("come back as a DataView, in their place", () => {
    const widget = {
      name: "AnyModel",
      state: { name: "laps", data: null, inner: [{ x: null }] },
      buffers: [
        [["data"], "AQL/"],
        [["inner", 0, "x"], ""],
      ] as [(string | number)[], string][],
    };
    const state = decode(widget) as { data: DataView; inner: { x: DataView }[] };
    expect(new Uint8Array(state.data.buffer)).toEqual(new Uint8Array([1, 2, 255]));
    expect(state.inner[0].x.byteLength).toBe(0);
  });
});

describe("setting a trait", () => {
  it("changes nothing when the value is the same by value", () => {
    expect(equal(["NOR", "PIA"], ["NOR", "PIA"])).toBe(true);
    expect(equal({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
    expect(equal(Number.NaN, Number.NaN)).toBe(true);
  });
  it("notices order, length, missing keys, and bytes that are not the same object", () => {
    expect(equal(["NOR", "PIA"], ["PIA", "NOR"])).toBe(false);
    expect(equal(["NOR"], ["NOR", "PIA"])).toBe(false);
    expect(equal({ a: undefined }, { b: undefined })).toBe(false);
    expect(equal([], {})).toBe(false);
    expect(equal(null, {})).toBe(false);
    expect(equal(bytes("AQ=="), bytes("AQ=="))).toBe(false);
  });
});

describe("a model without a kernel", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });
  it("tells the others of a change when one of them throws", () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const model = new Model({ time_s: 0 }, () => Promise.reject());
    const heard: string[] = [];
    model.on("change:time_s", () => {
      throw new Error("broken");
    });
    model.on("change:time_s", () => heard.push("trait"));
    model.on("change", () => heard.push("any"));
    model.set("time_s", 1);
    expect(heard).toEqual(["trait", "any"]);
    expect(said).toHaveBeenCalledOnce();
  });
});
