// The header of a session, one line, most urgent at the left: flag, lap, clock, event, what kind of data this is.
import { lapAt } from "../clock/moments";
import { clockTime, esc } from "../shared/format";
import { readFindings } from "../shared/health";
import { isOurs } from "../shared/page";
import { type Bare, bare, element, put } from "../shared/panel";
import { icon, readStatus } from "../shared/status";
import { chooseTheme } from "../shared/theme";
import { healthBadge } from "./health";
import type { Model } from "./model";
import { partAt, remainingAt } from "./remaining";
import { badgeHtml, plateAt, words } from "./words";

const HALVES = icon(
  '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 2.4a5.6 5.6 0 0 1 0 11.2z" fill="currentColor"/>',
);

/** Dark or light; in an application the host decides, so there is no button. */
function themeButton(): HTMLButtonElement {
  const button = element("button", "f1nb-button f1nb-theme", HALVES);
  button.type = "button";
  button.title = "Dark or light";
  button.setAttribute("aria-label", "Dark or light");
  button.addEventListener("click", () => {
    const said = document.body.dataset.jpThemeLight;
    const isDark = said ? said === "false" : matchMedia("(prefers-color-scheme: dark)").matches;
    chooseTheme(isDark ? "light" : "dark");
  });
  return button;
}

async function setup({ model, host, signal, clock, tables, root, follow, grows }: Bare<Model>): Promise<void> {
  const { event, details, kind, isRace, totalLaps } = words(tables.session);
  const readLaps = () => ({ lap: tables.leader_laps.number("lap"), time_s: tables.leader_laps.number("time_s") });
  let statuses = readStatus(tables.status);
  let laps = readLaps();

  const line = element("div", "f1nb-header");
  line.innerHTML = `
    <div class="f1nb-plate"><span class="f1nb-flag"></span><span><b role="status"></b><small></small></span></div>
    <div class="f1nb-count" data-part="lap" hidden><span class="f1nb-lab">Lap</span><b></b>${
      totalLaps ? `<span class="f1nb-of">/ ${totalLaps}</span><i class="f1nb-bar"><i></i></i>` : ""
    }</div>
    <div class="f1nb-count f1nb-time" data-part="clock"><span class="f1nb-lab"></span><b></b><small></small></div>
    <div class="f1nb-event"><div class="f1nb-event-name"><h1>${esc(event)}</h1><p>${esc(details)}</p></div></div>
    <div class="f1nb-badges"><span class="f1nb-said"></span></div>`;
  const part = (selector: string) => line.querySelector(selector) as HTMLElement;
  root.append(line);
  let shown: HTMLElement[] = [];
  const drawHealth = () => {
    for (const element of shown) element.remove();
    const [health, found] = healthBadge(readFindings(tables.health), signal);
    shown = [health, found];
    part(".f1nb-badges").append(health);
    root.append(found);
  };
  drawHealth();
  if (isOurs()) line.append(themeButton());

  const [flag, name, since] = [part(".f1nb-flag"), part(".f1nb-plate b"), part(".f1nb-plate small")];
  const [count, lap] = ['[data-part="lap"]', '[data-part="lap"] b'].map(part);
  const [clockBox, clockName, time, stands] = ["", " .f1nb-lab", " b", " small"].map((s) => part(`[data-part="clock"]${s}`));
  const bar = line.querySelector<HTMLElement>(".f1nb-bar i");
  let shownSecond = Number.NaN;

  const update = () => {
    const now = clock.get("time_s");
    const second = Math.floor(now + 1e-6); // as the clock rounds
    const plate = plateAt(statuses, now);
    if (second === shownSecond && plate.look === root.dataset.s) return; // a flag is not a second late
    shownSecond = second;
    root.dataset.s = plate.look;
    put(flag, icon(plate.glyph, 22));
    put(name, plate.name);
    put(since, plate.since);
    const left = isRace ? null : remainingAt(tables.session_clock, now);
    const quali = kind.endsWith("Q") ? partAt(tables.session_status, now) : 0;
    clockName.classList.toggle("is-part", quali > 0); // a phone has no room for the other words
    put(clockName, quali ? `${kind}${quali}` : left ? "Left" : "Session");
    put(time, clockTime(left ? Math.ceil(left.remaining_s) : now));
    put(stands, left && !left.isRunning && left.remaining_s > 0 ? "stopped" : "");
    clockBox.title = left ? `${clockTime(now)} since the start` : "";
    count.hidden = !isRace || !laps.lap.length;
    if (count.hidden) return;
    const driven = lapAt(laps, now);
    put(lap, String(driven));
    if (bar && totalLaps) bar.style.width = `${Math.min(100, (driven / totalLaps) * 100)}%`;
  };
  follow(clock, "time_s", update, true);
  grows(["status", "session_status", "session_clock", "leader_laps"], () => {
    statuses = readStatus(tables.status);
    laps = readLaps();
    shownSecond = Number.NaN;
    update();
  });
  grows(["health"], drawHealth);
  const picker = model.get("picker");
  if (picker) {
    const place = element("div");
    part(".f1nb-event").append(place);
    await (await host.getWidget(picker)).render({ el: place, signal });
  }
  follow(model, "badges", () => put(part(".f1nb-said"), model.get("badges").map(badgeHtml).join("")), true);
}

export default { render: bare<Model>("session-header", setup) };
