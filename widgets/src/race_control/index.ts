// f1nb.RaceControl: messages up to the clock's time, newest first.
import { clockTime, esc, NONE } from "../shared/format";
import { element, type Panel, panel, put } from "../shared/panel";
import { icon, STATUS } from "../shared/status";
import { type Category, fold, type Line, type Message, readMessages, type Sign, saidBy } from "./messages";
import type { Model } from "./model";

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
  other: { name: "", glyph: '<path d="M2.5 3h11v8H8l-3.5 3v-3h-2z" fill="none" stroke="currentColor" stroke-width="1.4"/>' },
};
const CHIPS: [Model["category"], string][] = [
  ["all", "All"],
  ["flags", "Flags"],
  ["safety_car", "SC"],
  ["cars", "Cars"],
  ["other", "Other"],
];

const sign = (kind: Sign) => {
  const { name, glyph } = SIGNS[kind];
  return `<span class="f1nb-sign" data-k="${kind}">${icon(glyph, 13)}${name && `<span class="f1nb-sr">${name}</span>`}</span>`;
};
const when = ({ lap, time_s }: Message) =>
  `<span class="f1nb-when">${lap === null || time_s < 0 ? NONE : `L${lap}`}<small>${clockTime(time_s)}</small></span>`;
const said = (m: Message) => `${when(m)}<span class="f1nb-what">${esc(m.text)}</span>`;

function lineHtml({ messages, isFolded }: Line, count: number): string {
  const newest = messages[count - 1];
  if (!isFolded || count === 1) return sign(newest.sign) + said(newest);
  const known = messages.slice(0, count).reverse();
  const drivers = [...new Set(known.flatMap((m) => m.driver ?? []))].join(", ");
  const all = known.map((m) => `<li>${said(m)}</li>`).join("");
  return `${sign("blue")}${when(newest)}<details class="f1nb-what"><summary>${count} blue flags${drivers && `: ${esc(drivers)}`}</summary><ol reversed>${all}</ol></details>`;
}

function setup({ model, clock, tables, tools, body, follow }: Panel<Model>): void {
  const all = readMessages(tables.race_control, new Set(tables.drivers.text("driver").map(String)));
  const list = element("ol", "f1nb-list");
  list.tabIndex = 0;
  list.reversed = true;
  list.setAttribute("aria-label", "Messages, newest first");
  const empty = element("p", "f1nb-quiet");
  body.append(list, empty);

  const chips = element("span", "f1nb-seg");
  chips.setAttribute("role", "group");
  chips.setAttribute("aria-label", "Which messages");
  chips.innerHTML = CHIPS.map(([id, name]) => `<button data-category="${id}">${name}</button>`).join("");
  tools.append(chips);
  chips.addEventListener("click", (event) => {
    const id = (event.target as Element).closest<HTMLElement>("button")?.dataset.category;
    if (!id) return;
    model.set("category", id as "all" | Category);
    model.save_changes();
  });

  let lines: Line[] = [];
  let counts: number[] = []; // messages shown in each line on the page, oldest line first
  let last = Number.NaN;

  /** Bring the list to a moment: only lines that come, go or grow are touched. */
  function draw(): void {
    const now = clock.get("time_s");
    const want = saidBy(lines, now);
    // what is said while one watches comes in from above; what a jump brings is simply there
    const isLive = clock.get("playing") && now >= last && counts.length > 0;
    last = now;
    if (want.lines === counts.length && (!want.lines || counts[want.lines - 1] === want.messages)) return;
    while (counts.length > want.lines) {
      counts.pop();
      list.firstElementChild?.remove();
    }
    const last_full = Math.max(0, counts.length - 1);
    for (let i = last_full; i < want.lines; i++) {
      const count = i === want.lines - 1 ? want.messages : lines[i].messages.length;
      if (i < counts.length) put(list.firstElementChild as Element, lineHtml(lines[i], count));
      else {
        const item = element("li", isLive && want.lines - i <= 2 ? "is-new" : "");
        put(item, lineHtml(lines[i], count));
        list.prepend(item);
      }
      counts[i] = count;
    }
    empty.hidden = counts.length > 0;
    list.hidden = !counts.length;
  }

  function choose(): void {
    const category = model.get("category");
    for (const chip of chips.querySelectorAll<HTMLElement>("button"))
      chip.setAttribute("aria-pressed", String(chip.dataset.category === category));
    lines = fold(all.filter((m) => category === "all" || m.category === category));
    counts = [];
    list.replaceChildren();
    empty.textContent = category === "all" ? "No message yet." : "No such message yet.";
    empty.hidden = false;
    list.hidden = true;
    draw();
  }
  follow(model, "category", choose, true);
  follow(clock, "time_s", draw);
}

export default { render: panel<Model>("rc", setup) };
