// Where panels stand. Only this file knows; it closes the gaps of areas that are not there.

/** Areas of the race page, in the order in which a phone shows them. */
export const PLACES = ["map", "timing", "telemetry", "race_control", "weather"];
/** Areas outside the pages: above and below all of them. */
export const FRAME = ["picker", "header", "transport"];

export interface Grid {
  areas: string;
  columns: string;
  rows: string;
}

const quote = (rows: string[][]): string => rows.map((cells) => `"${cells.join(" ")}"`).join(" ");

/** From 1240 px on: timing at the left, map and messages at the right, telemetry below these two; it fills the screen. */
export function wide(has: (area: string) => boolean): Grid {
  const top = ["map", "side"].filter(has);
  const bottom = has("telemetry");
  const right = top.length || (bottom ? 1 : 0);
  const columns = [
    ...(has("timing") ? [right ? "var(--f1nb-timing-width)" : "minmax(0, 1fr)"] : []),
    ...(right === 2 ? ["minmax(0, 1fr)", "var(--f1nb-side-width)"] : right ? ["minmax(0, 1fr)"] : []),
  ];
  const left = has("timing") ? ["timing"] : [];
  const rows = [...(top.length ? [[...left, ...top]] : []), ...(bottom ? [[...left, ...Array(right).fill("telemetry")]] : [])];
  return {
    areas: quote(rows.length ? rows : [left]),
    columns: columns.join(" "),
    rows: rows.length === 2 ? "minmax(0, 1fr) var(--f1nb-low-height)" : "minmax(0, 1fr)",
  };
}

/** From 760 px on: timing beside map and messages, telemetry across below; the page scrolls. */
export function middle(has: (area: string) => boolean): Grid {
  const right = ["map", "side"].filter(has);
  const height = { map: "372px", side: "minmax(330px, auto)" } as Record<string, string>;
  const isSplit = has("timing") && right.length > 0;
  const upper = right.length ? right.map((area) => (isSplit ? ["timing", area] : [area])) : has("timing") ? [["timing"]] : [];
  const across = Array(isSplit ? 2 : 1).fill("telemetry");
  return {
    areas: quote([...upper, ...(has("telemetry") ? [across] : [])]),
    columns: isSplit ? "minmax(0, 54fr) minmax(0, 46fr)" : "minmax(0, 1fr)",
    rows: [...upper.map((cells) => height[cells.at(-1) as string] ?? "auto"), ...(has("telemetry") ? ["340px"] : [])].join(" "),
  };
}
