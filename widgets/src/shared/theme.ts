// Colours as the host resolves them, and when they change.

export type Rgb = [number, number, number];

export function parse(color: string): Rgb {
  const c = color.trim();
  if (c.startsWith("#")) {
    const full = c.length === 4 ? [...c.slice(1)].map((x) => x + x).join("") : c.slice(1);
    return [0, 2, 4].map((i) => Number.parseInt(full.slice(i, i + 2), 16)) as Rgb;
  }
  const values = (c.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);
  // color(srgb r g b), as color-mix() computes to, counts from 0 to 1
  return (c.startsWith("color(") ? values.map((v) => Math.round(v * 255)) : values) as Rgb;
}

export const css = (c: Rgb): string => `rgb(${c.join(", ")})`;
export const mix = (a: Rgb, b: Rgb, share: number): Rgb => a.map((v, i) => Math.round(v + (b[i] - v) * share)) as Rgb;

function luminance(c: Rgb): number {
  const [r, g, b] = c.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}

/** A team colour is data: moved in lightness until it reads on the surface, never used as it comes. */
export function readable(color: string, surface: string, need = 3): string {
  const ground = parse(surface);
  const towards: Rgb = luminance(ground) < 0.2 ? [255, 255, 255] : [0, 0, 0];
  const from = parse(color);
  let c = from;
  for (let share = 0; share <= 1 && contrast(c, ground) < need; share += 0.06) c = mix(from, towards, share);
  return css(c);
}

const TOKENS = [
  "ground",
  "surface",
  "ink",
  "ink-2",
  "ink-3",
  "line",
  "edge",
  "accent",
  "best",
  "personal",
  "slower",
  "clear",
  "yellow",
  "sc",
  "vsc",
  "red",
  "soft",
  "medium",
  "hard",
  "intermediate",
  "wet",
  "asphalt",
  "speed-0",
  "speed-1",
  "speed-2",
  "speed-3",
  "speed-4",
] as const;

export type Tokens = Record<(typeof TOKENS)[number], string> & { font: string };

/** The design tokens as this element sees them, resolved, for canvas and charts. */
export function tokens(el: HTMLElement): Tokens {
  const probe = document.createElement("i");
  el.append(probe);
  const out: Record<string, string> = {};
  for (const name of TOKENS) {
    probe.style.color = `var(--f1nb-${name})`;
    out[name] = css(parse(getComputedStyle(probe).color));
  }
  probe.remove();
  out.font = getComputedStyle(el).fontFamily;
  return out as Tokens;
}

export type Theme = "dark" | "light";

/** What the viewer has chosen on a page of ours; a change of the system does not touch it (page.js, standalone). */
export const chosenTheme = (): Theme | undefined => document.body.dataset.f1nbTheme as Theme | undefined;

export function chooseTheme(theme: Theme): void {
  document.body.dataset.f1nbTheme = theme;
  document.body.dataset.jpThemeLight = String(theme === "light");
}

/** Call back when the host changes between dark and light. */
export function onTheme(callback: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(callback);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
}

export const reducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
