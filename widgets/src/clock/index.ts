// f1nb.Clock: the session's time in the browser, and the transport bar.
import type { AnyModel, RenderProps } from "@anywidget/types";
import type { Table } from "../shared/columns";
import { readDrivers } from "../shared/drivers";
import { clockTime } from "../shared/format";
import { type Selection, seek } from "../shared/models";
import { isOurs, keepKeys } from "../shared/page";
import { element, follower, put, readTables } from "../shared/panel";
import { readStatus } from "../shared/status";
import { asClock, type Bar, goToEnd, goToNext, type Known, toggle } from "./bar";
import { delay } from "./delay";
import { END, NEXT, PAUSE, PLAY, PREVIOUS } from "./icons";
import { type Action, action, KEYS_HELP, PAGE_WIDE } from "./keys";
import { run } from "./loop";
import { menu } from "./menu";
import type { Model } from "./model";
import { readMoments } from "./moments";
import { rail } from "./rail";

const SPEEDS = [0.5, 1, 5, 10, 30];

function speeds({ model, follow }: Bar): HTMLElement {
  const group = element("span", "f1nb-seg f1nb-speed");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Speed");
  const draw = () => {
    const now = model.get("speed");
    const all = SPEEDS.includes(now) ? SPEEDS : [...SPEEDS, now].sort((a, b) => a - b);
    put(group, all.map((x) => `<button data-speed="${x}" aria-pressed="${x === now}">${x}×</button>`).join(""));
  };
  follow(model, "speed", draw, true);
  group.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("button");
    if (!button) return;
    const speed = Number(button.dataset.speed);
    model.set("speed", speed);
    model.save_changes();
    group.querySelector<HTMLElement>(`[data-speed="${speed}"]`)?.focus();
  });
  return group;
}

function controls(bar: Bar): HTMLElement {
  const { model, follow } = bar;
  const box = element(
    "div",
    "f1nb-ctl",
    `<button class="f1nb-button" data-a="previous" aria-label="Previous event" title="Previous event (,)">${PREVIOUS}</button>
     <button class="f1nb-button f1nb-play" data-a="play" title="${KEYS_HELP}"></button>
     <button class="f1nb-button" data-a="next" aria-label="Next event" title="Next event (.)">${NEXT}</button>`,
  );
  const [previous, play, next] = box.children as unknown as HTMLElement[];
  previous.addEventListener("click", () => goToNext(bar, -1));
  play.addEventListener("click", () => toggle(model));
  next.addEventListener("click", () => goToNext(bar, 1));
  const draw = () => {
    const playing = model.get("playing");
    put(play, playing ? PAUSE : PLAY);
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
  };
  follow(model, "playing", draw, true);
  box.append(...menu(bar), speeds(bar));
  return box;
}

function edge({ model, follow }: Bar): HTMLElement {
  const box = element("div", "f1nb-edge");
  const end = element("button", "f1nb-live", `${END}<span>To the end<small></small></span>`);
  const ahead = end.querySelector("small") as HTMLElement;
  end.dataset.a = "end";
  end.addEventListener("click", () => goToEnd(model));
  const words = end.querySelector("span") as HTMLElement;
  const draw = () => {
    const isLive = model.get("live");
    const left = model.get("end_s") - model.get("delay_s") - model.get("time_s");
    const isThere = isLive ? model.get("following") : left < 1;
    if (end.dataset.live !== String(isLive)) {
      end.dataset.live = String(isLive);
      (words.firstChild as Text).data = isLive ? "Live" : "To the end";
      end.title = isLive ? "Go to the live edge and stay there (End)" : "";
    }
    end.classList.toggle("is-there", isLive && isThere);
    end.setAttribute("aria-pressed", String(isLive && isThere));
    const held = model.get("delay_s") ? `${model.get("delay_s")} s delay` : "at the edge";
    put(ahead, isThere ? (isLive ? held : "at the end") : `${clockTime(Math.max(0, left))} ${isLive ? "behind" : "ahead"}`);
  };
  for (const trait of ["time_s", "end_s", "delay_s", "live", "following"] as const) follow(model, trait, draw);
  draw();
  box.append(delay(model, follow), end);
  return box;
}

function act(bar: Bar, what: Action): void {
  const { model } = bar;
  const [start, end] = [model.get("start_s"), model.get("end_s")];
  if (what.do === "end") goToEnd(model);
  else if (what.do === "toggle") toggle(model);
  else if (what.do === "jump") goToNext(bar, what.direction);
  else if (what.do === "move") seek(asClock(model), model.get("time_s") + what.by_s);
  else seek(asClock(model), start + what.share * (end - start));
}

function keys(bar: Bar): void {
  const { root, signal } = bar;
  const press = (event: KeyboardEvent) => {
    const target = event.target as Element;
    const isTyping = target.matches("input, select, textarea");
    const isClick = event.key === " " && target.matches("button");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping || isClick) return;
    const what = action(event);
    if (!what) return;
    event.preventDefault();
    act(bar, what);
  };
  root.addEventListener("keydown", press, { signal });
  // after a click of a pointer, space plays and does not press the button again; who came by keyboard stays on it
  root.tabIndex = -1;
  const leave = (event: MouseEvent) => {
    const target = event.target as Element;
    if (event.detail && target.closest("button") && !target.closest("[popover]")) root.focus({ preventScroll: true });
  };
  root.addEventListener("click", leave, { signal });
  const pageWide = (event: KeyboardEvent) => {
    const target = event.target as Element;
    const isFirst = document.querySelector(".f1nb-transport") === root;
    const isWanted = target.closest("a, button, input, select, textarea, summary, [role=slider], [contenteditable]");
    if (PAGE_WIDE.includes(event.key) && isOurs() && isFirst && !isWanted && !root.contains(target)) press(event);
  };
  document.addEventListener("keydown", pageWide, { signal });
}

function readKnown(tables: Record<string, Table>): Known {
  return {
    moments: readMoments(tables.events),
    status: readStatus(tables.status),
    laps: { lap: tables.leader_laps.number("lap"), time_s: tables.leader_laps.number("time_s") },
    drivers: readDrivers(tables.drivers),
    isRace: ["R", "S"].includes(tables.session.text("session")[0] ?? "") && tables.leader_laps.rows > 0,
  };
}

async function render({ model, el, host, signal }: RenderProps<Model>): Promise<void> {
  const selected = model.get("selection");
  const [tables, selection] = await Promise.all([
    readTables(host, model.get("_tables")),
    selected ? (host.getModel(selected) as Promise<unknown> as Promise<Selection>) : null,
  ]);
  if (signal.aborted) return;
  const root = element("div", "f1nb-transport");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Session clock");
  const told: (() => void)[] = [];
  const bar: Bar = {
    model,
    selection,
    signal,
    follow: follower(signal),
    root,
    known: readKnown(tables),
    onGrowth: (callback) => {
      told.push(callback);
    },
  };
  for (const table of Object.values(tables))
    table.watch(() => {
      Object.assign(bar.known, readKnown(tables));
      for (const callback of told) callback();
    }, signal);
  el.classList.add("f1nb", "f1nb-cell");
  keepKeys(el, signal);
  const strip = element("div", "f1nb-strip");
  root.append(strip);
  el.replaceChildren(root);
  strip.append(controls(bar), rail(bar), edge(bar));
  keys(bar);
}

export default {
  initialize({ model, signal }: { model: AnyModel<Model>; signal: AbortSignal }): void {
    run(model, signal);
  },
  render,
};
