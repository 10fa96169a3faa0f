import { describe, expect, it } from "vitest";
import { type Finding, findingsHtml, healthWords } from "../src/shared/health";
import { COMPOUNDS, compoundLetters, tyre } from "../src/shared/status";

const finding = (severity: Finding["severity"], text = "Lap 2 is missing for everyone."): Finding => ({ severity, text });

describe("the health of the data", () => {
  it("is well without a finding", () => {
    expect(healthWords([])).toMatchObject({ look: "ok", n: 0, title: "Data: nothing wrong was found" });
  });
  it("looks as the gravest finding does", () => {
    expect(healthWords([finding("info")])).toMatchObject({ look: "info", n: 1 });
    expect(healthWords([finding("info"), finding("error"), finding("warning")])).toMatchObject({ look: "error", n: 3 });
  });
  it("says how many there are", () => {
    expect(healthWords([finding("info")]).title).toContain("1 note;");
    expect(healthWords([finding("info"), finding("info")]).title).toContain("2 notes;");
  });
  it("names the severity and escapes the sentence", () => {
    const html = findingsHtml([finding("error", "<b>LEC</b>")]);
    expect(html).toContain("<b>Error.</b> &lt;b&gt;LEC&lt;/b&gt;");
  });
});

describe("the tyre sign", () => {
  it("has letters of its own for each compound", () => {
    expect(COMPOUNDS.map(compoundLetters)).toEqual(["S", "M", "H", "I", "W", "HS", "US", "SS", "SH"]);
  });
  it("does not pass an unknown tyre off as a soft one", () => {
    expect(compoundLetters(null)).toBe("?");
    expect(tyre(null, null)).toContain('title="unknown"');
  });
});
