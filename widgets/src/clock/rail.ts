// The seek rail: flags, signs, stops of the selected drivers, the playhead.
import { lineColor } from "../shared/drivers";
import { clockTime, esc } from "../shared/format";
import { element, put } from "../shared/panel";
import { STATUS } from "../shared/status";
import { onTheme, tokens } from "../shared/theme";
import { type Bar, goToMoment, Hold, hidesAhead } from "./bar";
import { lapAt, lapTicks, MARKS, minuteTicks, placeSigns, spans, type Tick } from "./moments";

/** A shorter yellow is a waved flag somewhere: not worth a band over a whole session. */
const SHORTEST_BAND_S = 8;
const MARK_WIDTH_PX: Record<string, number> = { out: 14, fastest_lap: 9 };
/** Half the playhead's label and half one of the rail's; the first of these begins at its mark. */
const LABEL_PX = 24;
const FIRST_LABEL_PX = 14;
/** So far the playhead's label may stand over the ends of the rail: a small screen ends there. */
const OVERHANG_PX = 12;

const SELDOM_MS = 1000;

interface Sign {
  node: HTMLElement;
  time_s: number;
  isTag: boolean;
  width: number;
}

export function rail(bar: Bar): HTMLElement {
  const { model, selection, signal, follow, root, known } = bar;
  const seekbar = element(
    "div",
    "f1nb-seek",
    `<div class="f1nb-tags"></div>
     <div class="f1nb-rail" role="slider" tabindex="0" aria-label="Session time">
       <i class="f1nb-done"></i><span class="f1nb-bands"></span><span class="f1nb-stops"></span><i class="f1nb-ahead"></i>
       <i class="f1nb-head-line"><b></b></i>
     </div>
     <div class="f1nb-ticks" aria-hidden="true"></div>`,
  );
  const find = (name: string) => seekbar.querySelector(`.f1nb-${name}`) as HTMLElement;
  const [tags, track, done, bands, stops, ahead, head, ticks] = (
    ["tags", "rail", "done", "bands", "stops", "ahead", "head-line", "ticks"] as const
  ).map(find);
  const label = head.firstElementChild as HTMLElement;

  let start = 0;
  let length = 1;
  const share = (time_s: number) => Math.min(1, Math.max(0, (time_s - start) / length));
  const percent = (time_s: number) => `${(share(time_s) * 100).toFixed(3)}%`;
  const words = (time_s: number) =>
    known.isRace ? `lap ${lapAt(known.laps, time_s)}, ${clockTime(time_s)}` : clockTime(time_s);

  let width = 0;
  let signs: Sign[] = [];
  function drawSigns(): void {
    tags.replaceChildren();
    signs = [];
    const flags = spans(known.status, model.get("start_s"), model.get("end_s"));
    for (const { status: kind, from_s } of flags) {
      if (kind !== "safety_car" && kind !== "vsc" && kind !== "red") continue;
      const { name, short } = STATUS[kind];
      const node = element("button", "f1nb-tag", `<span>${short}</span>`);
      node.dataset.s = kind;
      node.setAttribute("aria-label", `Go to: ${name}, ${words(from_s)}`);
      signs.push({ node, time_s: from_s, isTag: true, width: 11 + 7.5 * short.length });
    }
    // retirements before fastest laps, and the last fastest laps before the first: what is left out at a small width is least
    const marks = known.moments
      .filter((m) => m.kind in MARKS)
      .sort((a, b) => b.kind.localeCompare(a.kind) || b.time_s - a.time_s);
    for (const { kind, time_s, text } of marks) {
      const node = element("span", "f1nb-mark", MARKS[kind]);
      node.dataset.k = kind;
      node.title = text;
      signs.push({ node, time_s, isTag: false, width: MARK_WIDTH_PX[kind] });
    }
    for (const { node, time_s } of signs) {
      node.dataset.t = String(time_s);
      tags.append(node);
    }
    bands.innerHTML = flags
      .filter((f) => f.to_s - f.from_s >= SHORTEST_BAND_S)
      .map(
        (f) =>
          `<i class="f1nb-band" data-s="${f.status}" style="left:${percent(f.from_s)};width:calc(${percent(f.to_s)} - ${percent(f.from_s)})" title="${STATUS[f.status].name}"></i>`,
      )
      .join("");
  }

  function layOut(): void {
    width = track.clientWidth;
    const places = placeSigns(signs.map((s) => ({ x: share(s.time_s) * width, width: s.width, isTag: s.isTag })));
    signs.forEach(({ node }, i) => {
      const x = places[i];
      node.classList.toggle("is-crowded", x === null);
      node.style.left = `${x ?? 0}px`;
    });
  }

  let labels: Tick[] = [];
  function drawTicks(): void {
    labels = known.isRace ? lapTicks(known.laps) : minuteTicks(model.get("start_s"), model.get("end_s"));
    ticks.innerHTML = labels.map((t) => `<span style="left:${percent(t.time_s)}">${t.text}</span>`).join("");
  }

  /** The playhead carries its own label: one of the rail's that would show behind it goes. */
  function clearTicks(now: number): void {
    labels.forEach(({ time_s }, i) => {
      const offset = i ? 0 : FIRST_LABEL_PX;
      const isUnder = Math.abs((share(now) - share(time_s)) * width - offset) < LABEL_PX;
      ticks.children[i].classList.toggle("is-under", isUnder);
    });
  }

  function drawStops(): void {
    const codes = selection?.get("drivers") ?? [];
    const t = tokens(root);
    const stopsOf = (code: string, i: number) =>
      known.moments
        .filter((m) => m.kind === "pit_stop" && m.driver === code)
        .map(
          (m) =>
            `<i style="left:${percent(m.time_s)};--c:${lineColor(known.drivers, codes, i, t)}" title="${esc(m.text)}"></i>`,
        )
        .join("");
    put(stops, codes.map(stopsOf).join(""));
  }

  let shown = "";
  function drawTime(): void {
    const now = model.get("time_s");
    const at = percent(now);
    done.style.width = at;
    head.style.left = at;
    ahead.style.left = at;
    const hides = hidesAhead(model);
    const text = `${Math.floor(now)} ${hides}`;
    if (text === shown) return;
    shown = text;
    label.textContent = known.isRace ? `L${lapAt(known.laps, now)}` : clockTime(now);
    const at_px = share(now) * width;
    const half = Math.max(0, label.offsetWidth / 2 - OVERHANG_PX);
    label.style.marginLeft = `${Math.max(half - at_px, 0) - Math.max(at_px + half - width, 0)}px`;
    track.setAttribute("aria-valuenow", String(Math.round(now)));
    track.setAttribute("aria-valuetext", words(now));
    ahead.hidden = !hides;
    clearTicks(now);
    for (const { node, time_s } of signs) node.hidden = hides && time_s > now;
  }

  function drawAll(): void {
    start = model.get("start_s");
    length = Math.max(1, model.get("end_s") - start);
    track.setAttribute("aria-valuemin", String(Math.floor(start)));
    track.setAttribute("aria-valuemax", String(Math.ceil(start + length)));
    shown = "";
    drawSigns();
    layOut();
    drawTicks();
    drawStops();
    drawTime();
  }

  const observer = new ResizeObserver(() => {
    layOut();
    shown = "";
    drawTime();
    drawStops(); // colours and widths cannot be read before the bar is on the page
  });
  observer.observe(track);
  signal.addEventListener("abort", () => observer.disconnect());
  // the edge of a session that goes on moves ten times a second, which nobody sees on the rail
  let drawn_ms = performance.now();
  follow(
    model,
    "end_s",
    () => {
      if (model.get("live") && performance.now() - drawn_ms < SELDOM_MS) return;
      drawn_ms = performance.now();
      drawAll();
    },
    true,
  );
  follow(model, "live", drawAll);
  bar.onGrowth(drawAll);
  follow(model, "time_s", drawTime);
  follow(model, "hide_ahead", drawTime);
  if (selection) follow(selection, "drivers", drawStops);
  onTheme(drawStops, signal);

  tags.addEventListener("click", (event) => {
    const at = (event.target as Element).closest<HTMLElement>("[data-t]");
    if (at) goToMoment(model, Number(at.dataset.t));
  });

  // dragging is seen by all panels at once and by the kernel when it ends
  const hold = new Hold(model, signal);
  const drag = (event: PointerEvent) => {
    const box = track.getBoundingClientRect();
    const at = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    model.set("time_s", start + at * length);
  };
  track.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    track.setPointerCapture(event.pointerId);
    hold.take();
    drag(event);
  });
  track.addEventListener("pointermove", (event) => {
    if (hold.isOn && track.hasPointerCapture(event.pointerId)) drag(event);
  });
  track.addEventListener("lostpointercapture", () => hold.release());
  return seekbar;
}
