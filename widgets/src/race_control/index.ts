// f1nb.RaceControl: messages up to the clock's time, newest first.
import { latest } from "../shared/models";
import { element, type Panel, panel } from "../shared/panel";
import { onlySelected } from "../shared/selected";
import { SESSION_NAMES } from "../shared/session";
import { icon } from "../shared/status";
import { type Alert, alerts, Passing, TONES } from "./alerts";
import { chime, notify } from "./chime";
import { List } from "./list";
import { bell } from "./menu";
import { type Category, fold, matches, readMessages } from "./messages";
import type { Model } from "./model";
import { isFirst, onChoice, settings } from "./settings";

const CHIPS: [Model["category"], string, string][] = [
  ["all", "All", ""],
  ["flags", "Flags", ""],
  ["safety_car", "SC", "Safety car, real and virtual"],
  ["cars", "Cars", "Cars that stop, spin or set the fastest lap"],
  ["stewards", "Stewards", "Incidents, investigations and penalties"],
  ["track_limits", "Limits", "Track limits and deleted lap times"],
  ["other", "Other", ""],
];
const GLASS = icon(
  '<path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm3.3 7.8 3.7 3.7" fill="none" stroke="currentColor" stroke-width="1.5"/>',
);

function setup(p: Panel<Model>): void {
  const { model, clock, tables, tools, body, signal, follow, grows } = p;
  const codes = [...tables.drivers.text("driver")].map(String).sort();
  const known = new Set(codes);
  const read = () => readMessages(tables.race_control, known);
  let all = read();
  let drivers: string[] | null = null;

  const chips = element("div", "f1nb-seg");
  chips.setAttribute("role", "group");
  chips.setAttribute("aria-label", "Which messages");
  const about = (title: string) => title && ` title="${title}"`;
  chips.innerHTML = CHIPS.map(([id, name, title]) => `<button data-category="${id}"${about(title)}>${name}</button>`).join("");
  chips.addEventListener("click", (event) => {
    const id = (event.target as Element).closest<HTMLElement>("button")?.dataset.category;
    if (!id) return;
    model.set("category", id as "all" | Category);
    model.save_changes();
  });
  const words = element("input", "f1nb-words");
  words.type = "search";
  words.placeholder = "Find";
  words.hidden = true;
  words.setAttribute("aria-label", "Find in messages");
  const filters = element("div", "f1nb-filters");
  filters.append(chips, words);
  const list = new List();
  body.append(filters, list.unseen.button, list.el, list.empty);

  function choose(): void {
    const category = model.get("category");
    for (const chip of chips.querySelectorAll<HTMLElement>("button"))
      chip.setAttribute("aria-pressed", String(chip.dataset.category === category));
    const filter = { category, drivers, words: words.value };
    list.set(fold(all.filter((m) => matches(m, filter))), clock.get("time_s"), clock.get("playing"));
    const isAll = category === "all" && !drivers && !words.value.trim();
    list.empty.textContent = isAll ? "No message yet." : "No such message yet.";
  }

  const find = element("button", "f1nb-button f1nb-toggle", GLASS);
  find.type = "button";
  find.title = "Find";
  find.setAttribute("aria-label", "Find in messages");
  find.setAttribute("aria-pressed", "false");
  const open = (is: boolean) => {
    words.hidden = !is;
    find.setAttribute("aria-pressed", String(is));
    if (is) words.focus();
    else words.value = "";
    choose();
  };
  find.addEventListener("click", () => open(words.hidden));
  words.addEventListener("input", choose);
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open(false);
    find.focus();
  });
  tools.append(find);
  onlySelected(p, (wanted) => {
    drivers = wanted;
    choose();
  });
  bell(tools, codes, signal);
  follow(model, "category", choose);
  follow(clock, "time_s", () => list.at(clock.get("time_s"), clock.get("playing")));
  grows(["race_control"], () => {
    all = read();
    choose();
  });
  alert(p, read);
}

/** Chime and notify as the clock passes what is worth it. */
function alert({ clock, tables, signal, follow, guard }: Panel<Model>, read: () => ReturnType<typeof readMessages>): void {
  const { session, race_control, session_status } = tables;
  const name = SESSION_NAMES[session.text("session")[0] ?? ""] ?? "";
  const event = [session.text("event")[0], name].filter(Boolean).join(", ");
  const passing = new Passing();
  let all: Alert[] = [];
  const pass = () => {
    // a page that nobody looks at draws no frames, so its clock stands still: there, the live edge tells the time
    const isUnseen = document.hidden && clock.get("following");
    const now = isUnseen ? latest(clock) : clock.get("time_s");
    const pace = Math.max(1, clock.get("following") ? clock.get("rate") : clock.get("speed"));
    const due = passing.pass(all, now, clock.get("playing"), pace).filter((one) => isFirst(one.key));
    const gravest = TONES.find((tone) => due.some((one) => one.tone === tone));
    if (!gravest) return;
    const { sound, notify: isWanted } = settings();
    if (sound) chime(gravest);
    if (isWanted) for (const one of due) notify(one, event);
  };
  const learn = () => {
    all = alerts(read(), session_status, settings().favourites);
    pass();
  };
  learn();
  const safely = guard(learn);
  race_control.watch(safely, signal); // not once a frame: an unseen page has none
  session_status.watch(safely, signal);
  onChoice(safely, signal);
  follow(clock, "time_s", pass);
  follow(clock, "end_s", () => document.hidden && pass());
}

export default { render: panel<Model>("rc", setup) };
