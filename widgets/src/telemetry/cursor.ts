// The overlay over all figures: the cursor and its place, and the corners as the x axis. Moving it repaints no figure.

import { esc } from "../shared/format";
import { element, put } from "../shared/panel";
import { spread, type Window } from "./view";

/** Corner numbers stand so far apart at least, pixels. */
const ROOM_PX = 16;

export class Cursor {
  /** takes pointer, wheel and keys; as wide as the frames of the figures */
  readonly el = element("div", "f1nb-over");
  readonly axis = element("div", "f1nb-corners");
  /** a line for each corner, through all figures */
  readonly grid = element("div", "f1nb-lines");
  private readonly line = element("div", "f1nb-cursor");
  private readonly place = element("div", "f1nb-place");
  private readonly labels = element("div", "f1nb-numbers");

  constructor(length_m: number) {
    this.el.tabIndex = 0;
    this.el.setAttribute("role", "slider");
    this.el.setAttribute("aria-label", "Place on the lap");
    this.el.setAttribute("aria-valuemin", "0");
    this.el.setAttribute("aria-valuemax", String(Math.round(length_m)));
    this.el.setAttribute("aria-valuenow", "0");
    this.el.dataset.lmSuppressShortcuts = "true"; // Lab's own arrow keys would move to another cell
    this.el.append(this.line, this.place);
    this.axis.append(element("span", "f1nb-word", "Corner"), this.labels);
    this.axis.setAttribute("aria-hidden", "true");
    this.hide();
  }

  hide(): void {
    this.line.hidden = this.place.hidden = true;
  }

  /** `place_m` as text, at `x` of the window. */
  move(place_m: number, x: number, window: Window): void {
    const share = (x - window.from) / (window.to - window.from);
    const isOut = share < 0 || share > 1;
    this.line.hidden = this.place.hidden = isOut;
    if (isOut) return;
    const width = this.el.clientWidth;
    this.line.style.transform = `translateX(${(share * width).toFixed(1)}px)`;
    const text = `${Math.round(place_m)} m`;
    if (this.place.textContent !== text) this.place.textContent = text;
    const half = 23;
    this.place.style.transform = `translateX(${Math.min(width - half, Math.max(half, share * width)).toFixed(1)}px) translateX(-50%)`;
    this.el.setAttribute("aria-valuenow", String(Math.round(place_m)));
  }

  /** The words for the place, for those who do not see it. */
  say(text: string): void {
    this.el.setAttribute("aria-valuetext", text);
  }

  corners(corners: { label: string; x: number }[], window: Window): void {
    const width = this.labels.clientWidth;
    if (!width) return; // hidden: what stands there stays until it has a width again
    const inside = corners
      .map((c) => ({ label: c.label, px: ((c.x - window.from) / (window.to - window.from)) * width }))
      .filter((c) => c.px >= 0 && c.px <= width);
    const places = spread(
      inside.map((c) => c.px),
      ROOM_PX,
    );
    const html = inside.map((c, i) =>
      places[i] === null ? "" : `<i style="left: ${places[i]?.toFixed(1)}px">${esc(c.label)}</i>`,
    );
    put(this.labels, html.join(""));
    put(this.grid, inside.map((c) => `<i style="left: ${c.px.toFixed(1)}px"></i>`).join(""));
  }
}
