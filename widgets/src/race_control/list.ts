// The list of messages, newest first: only lines that come, go or grow are touched.
import { clockTime, esc } from "../shared/format";
import { element, put } from "../shared/panel";
import { icon, STATUS } from "../shared/status";
import { Unseen } from "../shared/unseen";
import { type Line, type Message, type Sign, saidBy } from "./messages";

const FLAG = '<path d="M3 14V2h10l-3 4 3 4H5v4z" fill="currentColor"/>';
const SIGNS: Record<Sign, { name: string; glyph: string }> = {
  clear: { name: "Green", glyph: STATUS.clear.glyph },
  yellow: { name: "Yellow", glyph: STATUS.yellow.glyph },
  red: { name: "Red", glyph: STATUS.red.glyph },
  safety_car: { name: "Safety car", glyph: STATUS.safety_car.glyph },
  vsc: { name: "Virtual safety car", glyph: STATUS.vsc.glyph },
  blue: { name: "Blue", glyph: FLAG },
  chequered: {
    name: "Chequered",
    glyph: '<path d="M2 2h4v4H2zm8 0h4v4h-4zM6 6h4v4H6zM2 10h4v4H2zm8 0h4v4h-4z" fill="currentColor"/>',
  },
  black_and_white: {
    name: "Black and white",
    glyph:
      '<path d="M2 3h12v10H2z" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M2 3h12L2 13z" fill="currentColor"/>',
  },
  out: { name: "Car", glyph: '<path d="M3.5 3.5l9 9m0-9l-9 9" stroke="currentColor" stroke-width="2.2"/>' },
  pit: { name: "Pit", glyph: '<circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2.4"/>' },
  best: { name: "Fastest lap", glyph: '<path d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill="currentColor"/>' },
  deleted: {
    name: "Deleted",
    glyph: '<path d="M4 13 6.5 3h3L12 13M1.5 8h13" fill="none" stroke="currentColor" stroke-width="1.5"/>',
  },
  incident: {
    name: "Stewards",
    glyph:
      '<path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm3.3 7.8 3.7 3.7" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  },
  penalty: {
    name: "Penalty",
    glyph:
      '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 4.5V8l2.5 2" fill="none" stroke="currentColor" stroke-width="1.6"/>',
  },
  other: { name: "", glyph: '<path d="M2.5 3h11v8H8l-3.5 3v-3h-2z" fill="none" stroke="currentColor" stroke-width="1.4"/>' },
};

const sign = (kind: Sign) => {
  const { name, glyph } = SIGNS[kind];
  return `<span class="f1nb-sign" data-k="${kind}">${icon(glyph, 13)}${name && `<span class="f1nb-sr">${name}</span>`}</span>`;
};
/** Outside of a race, and before it, there is no lap to tell. */
const when = ({ lap, time_s }: Message) =>
  `<span class="f1nb-when">${lap === null || time_s < 0 ? "" : `L${lap}`}<small>${clockTime(time_s)}</small></span>`;
const said = (m: Message) => `${when(m)}<span class="f1nb-what">${esc(m.text)}</span>`;

function lineHtml({ messages, isFolded }: Line, count: number): string {
  const newest = messages[count - 1];
  if (!isFolded || count === 1) return sign(newest.sign) + said(newest);
  const known = messages.slice(0, count).reverse();
  const drivers = [...new Set(known.flatMap((m) => m.drivers))].join(", ");
  const all = known.map((m) => `<li>${said(m)}</li>`).join("");
  return `${sign("blue")}${when(newest)}<details class="f1nb-what"><summary>${count} blue flags${drivers && `: ${esc(drivers)}`}</summary><ol reversed>${all}</ol></details>`;
}

export class List {
  readonly el = element("ol", "f1nb-list");
  readonly unseen = new Unseen(this.el);
  readonly empty = element("p", "f1nb-quiet");
  private lines: Line[] = [];
  /** what is on the page, oldest line first: the key of its first message, and how many of its messages */
  private shown: { key: string; count: number }[] = [];
  private last = Number.NaN;

  constructor() {
    this.el.tabIndex = 0;
    this.el.reversed = true;
    this.el.setAttribute("aria-label", "Messages, newest first");
  }

  /** Show other lines, at the same moment; those that are the same stay as they are. */
  set(lines: Line[], now: number, isPlaying: boolean): void {
    this.lines = lines;
    const first = this.shown.findIndex(({ key }, i) => lines[i]?.messages[0].key !== key);
    if (first >= 0) this.keep(first);
    this.draw(now, isPlaying, 0);
  }

  /** Bring the list to a moment. */
  at(now: number, isPlaying: boolean): void {
    this.draw(now, isPlaying, Math.max(0, this.shown.length - 1));
  }

  private keep(n: number): void {
    while (this.shown.length > n) {
      this.shown.pop();
      this.el.firstElementChild?.remove();
    }
  }

  private draw(now: number, isPlaying: boolean, from: number): void {
    const { lines, shown, el } = this;
    const want = saidBy(lines, now);
    // what is said while one watches comes in from above; what a jump brings is simply there
    const isWatched = isPlaying && now >= this.last && shown.length > 0;
    this.last = now;
    if (!isWatched) this.unseen.clear();
    if (from && want.lines === shown.length && shown[want.lines - 1].count === want.messages) return;
    this.keep(want.lines);
    const before = shown.length;
    for (let i = Math.min(from, before); i < want.lines; i++) {
      const count = i === want.lines - 1 ? want.messages : lines[i].messages.length;
      const html = lineHtml(lines[i], count);
      if (i < before) put(el.children[before - 1 - i], html);
      else {
        const item = element("li", isWatched && want.lines - i <= 2 ? "is-new" : "");
        put(item, html);
        el.prepend(item);
      }
      shown[i] = { key: lines[i].messages[0].key, count };
    }
    if (isWatched) this.unseen.add(want.lines - before);
    this.empty.hidden = shown.length > 0;
    el.hidden = !shown.length;
  }
}
