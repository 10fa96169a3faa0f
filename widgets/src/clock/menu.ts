// "Jump to": the moments of the session as a list, and the spoiler switch.
import { clockTime, esc } from "../shared/format";
import { element } from "../shared/panel";
import { popover } from "../shared/popover";
import { icon, STATUS } from "../shared/status";
import { type Bar, goToEnd, goToMoment, hidesAhead } from "./bar";
import { delay } from "./delay";
import { LIST } from "./icons";
import { lapAt, MARKS, type Moment, spans } from "./moments";

interface Group {
  title: string;
  moments: Moment[];
}

/** What the menu offers. With `hideAhead` nothing that has not happened yet, but the flag: that it will fall is no secret. */
export function groups(bar: Bar, hideAhead: boolean): Group[] {
  const { model, selection } = bar;
  const { moments, status, isRace, laps } = bar.known;
  const now = model.get("time_s");
  const known = (m: Moment) => !hideAhead || m.time_s <= now || m.kind === "finish";
  const of = (kind: string) => moments.filter((m) => m.kind === kind);
  const neutral: Moment[] = spans(status, model.get("start_s"), model.get("end_s"))
    .filter((s) => s.status === "safety_car" || s.status === "vsc" || s.status === "red")
    .map((s) => ({
      time_s: s.from_s,
      kind: s.status,
      driver: null,
      lap: isRace ? lapAt(laps, s.from_s) : null,
      text: STATUS[s.status].name,
    }));
  const stops = (code: string): Group => ({
    title: `Stops of ${code}`,
    moments: of("pit_stop").filter((m) => m.driver === code),
  });
  const all: Group[] = [
    { title: "Session", moments: [...of("start"), ...(model.get("live") ? [] : of("finish"))] },
    { title: "Safety car and red flag", moments: neutral },
    { title: "Overtakes for the lead", moments: of("overtake") },
    { title: "Retirements", moments: of("out") },
    { title: "Fastest laps", moments: isRace ? [] : of("fastest_lap") },
    ...(selection?.get("drivers") ?? []).map(stops),
  ];
  return all.map((g) => ({ ...g, moments: g.moments.filter(known) })).filter((g) => g.moments.length);
}

function sign({ kind }: Moment): string {
  if (kind === "safety_car" || kind === "vsc" || kind === "red")
    return `<i class="f1nb-jump-sign" data-s="${kind}">${icon(STATUS[kind].glyph, 12)}</i>`;
  return `<i class="f1nb-jump-sign" data-k="${esc(kind)}">${MARKS[kind] ?? ""}</i>`;
}

export function menu(bar: Bar): [HTMLButtonElement, HTMLElement] {
  const { model, signal, follow } = bar;
  const button = element("button", "f1nb-button f1nb-jump", `${LIST}<span>Jump to</span>`);
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-label", "Jump to");
  const content = element(
    "div",
    "f1nb-jumps",
    '<div class="f1nb-jump-list"></div><label class="f1nb-switch"><input type="checkbox" name="hide_ahead"> Hide what comes</label>',
  );
  content.setAttribute("role", "dialog");
  content.setAttribute("aria-label", "Jump to");
  const [list, label] = content.children as unknown as [HTMLElement, HTMLElement];
  label.before(delay(model, follow)); // where the bar has no room for it
  const hide = label.firstElementChild as HTMLInputElement;

  function draw(): void {
    const item = (m: Moment) =>
      `<li><button data-t="${m.time_s}" data-k="${esc(m.kind)}">${sign(m)}<span>${esc(m.text)}</span><small>${m.lap === null ? "" : `L${m.lap} · `}${clockTime(m.time_s)}</small></button></li>`;
    list.innerHTML = groups(bar, hidesAhead(model))
      .map((g) => `<h3>${esc(g.title)}</h3><ul>${g.moments.map(item).join("")}</ul>`)
      .join("");
  }

  popover(button, content, signal, () => {
    draw();
    (list.querySelector<HTMLElement>("button") ?? hide).focus();
  });
  follow(
    model,
    "hide_ahead",
    () => {
      hide.checked = model.get("hide_ahead");
      draw();
    },
    true,
  );
  hide.addEventListener("change", () => {
    model.set("hide_ahead", hide.checked);
    model.save_changes();
  });
  list.addEventListener("click", (event) => {
    const at = (event.target as Element).closest<HTMLElement>("button");
    if (!at) return;
    if (at.dataset.k === "finish") goToEnd(model);
    else goToMoment(model, Number(at.dataset.t));
    content.hidePopover();
  });
  content.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the bar's own keys mean something else
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const all = [...content.querySelectorAll<HTMLElement>("button, input")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length].focus();
    event.preventDefault();
  });
  return [button, content];
}
