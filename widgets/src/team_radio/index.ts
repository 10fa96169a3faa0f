// f1nb.TeamRadio: what was said on the radio up to the clock's time, newest first, with one player.
import { type Driver, readDrivers } from "../shared/drivers";
import { clockTime, esc } from "../shared/format";
import { isStandalone } from "../shared/page";
import { element, type Panel, panel } from "../shared/panel";
import { onlySelected } from "../shared/selected";
import { icon } from "../shared/status";
import { Unseen } from "../shared/unseen";
import { type Call, readCalls } from "./calls";
import type { Model } from "./model";

const PLAY = icon('<path d="M4.5 2.5v11l9-5.5z" fill="currentColor"/>');
const REFUSED = "The host does not give it out: it needs a sign-in, is gone, or there is no network.";

/** A recording is played here; from a file, which asks for nothing, it is opened elsewhere; without one the reason is said. */
function sourceHtml({ url, said }: Call, who: string): string {
  if (!url)
    return `<small class="f1nb-lab">${said ? `not at the official host: ${esc(said)}` : "no recording published"}</small>`;
  if (isStandalone())
    return `<a class="f1nb-link" href="${esc(url)}" target="_blank" rel="noopener noreferrer">Open the recording</a>`;
  return `<button type="button" class="f1nb-button f1nb-listen" aria-label="Play ${esc(who)}">${PLAY}</button>`;
}

function itemOf(call: Call, driver: Driver | undefined): HTMLLIElement {
  const who = call.driver ?? "Unknown car";
  const item = element("li");
  item.dataset.key = call.key;
  item.style.setProperty("--c", driver?.color ?? "#808890");
  const text = call.transcript ? `<p>${esc(call.transcript)}</p>` : "";
  item.innerHTML = `<i class="f1nb-team"></i><b title="${esc(driver?.name ?? "")}">${esc(who)}</b><span class="f1nb-lab">${clockTime(call.time_s)}</span><span class="f1nb-source">${sourceHtml(call, `${who} at ${clockTime(call.time_s)}`)}</span>${text}`;
  return item;
}

/** One recording at a time, in the line that it belongs to. */
function player(list: HTMLElement, byKey: (key: string) => Call | undefined, signal: AbortSignal): void {
  const audio = element("audio");
  audio.controls = true;
  audio.preload = "none";
  const trouble = element("p", "f1nb-refused", REFUSED);
  trouble.setAttribute("role", "alert");
  audio.addEventListener("error", () => audio.parentElement && audio.replaceWith(trouble));
  list.addEventListener("click", (event) => {
    const item = (event.target as Element).closest(".f1nb-listen")?.closest<HTMLElement>("li");
    const url = item && byKey(item.dataset.key ?? "")?.url;
    if (!url) return;
    trouble.remove();
    item.append(audio);
    audio.src = url;
    audio.play().catch(() => {}); // what goes wrong with it comes as an error; a pause is none
  });
  signal.addEventListener("abort", () => {
    audio.pause();
    audio.removeAttribute("src");
  });
}

function setup(p: Panel<Model>): void {
  const { clock, tables, body, signal, follow, grows } = p;
  const drivers = readDrivers(tables.drivers);
  let all = readCalls(tables.radio);
  let wanted: string[] | null = null;
  let calls: Call[] = all;
  const list = element("ol", "f1nb-calls");
  list.reversed = true;
  list.tabIndex = 0;
  list.setAttribute("aria-label", "Radio messages, newest first");
  const empty = element("p", "f1nb-quiet");
  const unseen = new Unseen(list);
  body.append(unseen.button, list, empty);
  player(list, (key) => all.find((call) => call.key === key), signal);

  const items = new Map<string, HTMLLIElement>();
  let shown = 0;
  let last = Number.NaN;
  function draw(): void {
    const now = clock.get("time_s");
    const isWatched = clock.get("playing") && now >= last;
    last = now;
    const said = calls.findLastIndex((call) => call.time_s <= now) + 1;
    if (!isWatched) unseen.clear();
    if (said === shown) return;
    while (shown > said) {
      list.firstElementChild?.remove();
      shown--;
    }
    if (isWatched) unseen.add(said - shown);
    for (; shown < said; shown++) {
      const call = calls[shown];
      const item = items.get(call.key) ?? itemOf(call, drivers.get(call.driver ?? ""));
      items.set(call.key, item);
      list.prepend(item);
    }
    list.hidden = !shown;
    empty.hidden = shown > 0;
  }
  function choose(): void {
    const drivers = wanted;
    calls = drivers ? all.filter((call) => call.driver !== null && drivers.includes(call.driver)) : all;
    const keep = calls.findIndex((call, i) => i >= shown || list.children[shown - 1 - i] !== items.get(call.key));
    const same = keep < 0 ? Math.min(shown, calls.length) : Math.min(keep, shown);
    while (shown > same) {
      list.firstElementChild?.remove();
      shown--;
    }
    empty.textContent = wanted ? "No message of selected drivers yet." : "No message yet.";
    list.hidden = !shown;
    empty.hidden = shown > 0;
    draw();
  }
  onlySelected(p, (chosen) => {
    wanted = chosen;
    choose();
  });
  follow(clock, "time_s", draw);
  grows(["radio"], () => {
    all = readCalls(tables.radio);
    choose();
  });
}

export default { render: panel<Model>("radio", setup) };
