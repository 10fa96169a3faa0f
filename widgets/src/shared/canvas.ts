// A canvas that fills its box at the screen's own density and repaints when box or theme change.
import { onTheme, type Tokens, tokens } from "./theme";

export type Draw = (g: CanvasRenderingContext2D, width: number, height: number, t: Tokens) => void;

/** Call back when the page comes onto a screen of another density, or is zoomed. */
export function onDensity(callback: () => void, signal: AbortSignal): void {
  const watch = () => {
    const changed = () => {
      watch(); // the query asks for one density: the next one needs another
      callback();
    };
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", changed, { once: true, signal });
  };
  watch();
}

export function canvas(host: HTMLElement, signal: AbortSignal, draw: Draw): () => void {
  const element = document.createElement("canvas");
  host.append(element);
  const g = element.getContext("2d") as CanvasRenderingContext2D;
  let width = 0;
  let height = 0;
  let ratio = 1; // the bitmap's, whatever the screen's is by now
  let colours: Tokens | undefined;
  const paint = () => {
    if (!width || !height) return;
    colours ??= tokens(host);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);
    draw(g, width, height, colours);
  };
  const resize = () => {
    ({ width, height } = host.getBoundingClientRect());
    ratio = devicePixelRatio || 1;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
    colours = undefined;
    paint();
  };
  const observer = new ResizeObserver(resize);
  observer.observe(host);
  onDensity(resize, signal);
  signal.addEventListener("abort", () => observer.disconnect());
  onTheme(() => {
    colours = undefined;
    paint();
  }, signal);
  return paint;
}
