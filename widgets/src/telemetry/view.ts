// The window on the x axis, and the numbers written along the axes.

/** Part of the x axis that is shown, in metres or seconds. */
export interface Window {
  from: number;
  to: number;
}

/** The window with this width nearest to it that lies within 0 … `full`; not narrower than `least`. */
export function within(window: Window, full: number, least: number): Window {
  const width = Math.min(full, Math.max(least, window.to - window.from));
  const middle = (window.from + window.to) / 2;
  const from = Math.min(full - width, Math.max(0, middle - width / 2));
  return { from, to: from + width };
}

/** Zoom by `factor` (under 1: closer); what is at `anchor` stays where it is. */
export function zoomed(window: Window, anchor: number, factor: number, full: number, least: number): Window {
  const width = Math.min(full, Math.max(least, (window.to - window.from) * factor));
  const share = (anchor - window.from) / (window.to - window.from);
  return within({ from: anchor - share * width, to: anchor + (1 - share) * width }, full, least);
}

/** Round numbers from `low` to `high`, about `most` of them, zero among them if it is in between. */
export function niceTicks(low: number, high: number, most = 4): number[] {
  const raw = (high - low) / most;
  if (!(raw > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((s) => s * power >= raw) ?? 10);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(Number((i * step).toPrecision(6)));
  return ticks;
}

/**
 * Where labels can stand that should not be closer than `room` pixels: two that nearly touch move apart, of two that
 * overlap the second is left out (null). `at`: rising pixels.
 */
export function spread(at: number[], room: number): (number | null)[] {
  const out: (number | null)[] = [];
  let last = -1;
  at.forEach((x, i) => {
    const gap = last < 0 ? Number.POSITIVE_INFINITY : x - (out[last] as number);
    if (gap >= room) {
      out.push(x);
    } else {
      const before = last > 0 ? out.slice(0, last).findLast((v) => v !== null) : null;
      const push = (room - gap) / 2;
      const isFree = before == null || (out[last] as number) - push - before >= room;
      const next = at[i + 1] ?? Number.POSITIVE_INFINITY;
      if (gap < room / 2 || !isFree || next - x - push < room / 2) {
        out.push(null);
        return;
      }
      out[last] = (out[last] as number) - push;
      out.push(x + push);
    }
    last = i;
  });
  return out;
}
