// A button that opens the list of sessions: type to filter, arrows, Enter, Escape.
import type { RenderProps } from "@anywidget/types";
import { esc } from "../shared/format";
import { isOurs, isStandalone } from "../shared/page";
import { element, follower } from "../shared/panel";
import { popover } from "../shared/popover";
import { SESSION_NAMES } from "../shared/session";
import { icon } from "../shared/status";
import { addressOf, find, isSame, label } from "./list";
import type { Model, Session } from "./model";

const DOWN = icon('<path d="m3.5 6 4.5 4.5L12.5 6" fill="none" stroke="currentColor" stroke-width="1.6"/>', 12);
const EMPTY =
  '<p class="f1nb-none">The store is empty. Load a session with</p><p><span class="f1nb-code">f1nb load 2025 Dutch R</span></p>';
let lists = 0;

function render({ model, el, signal }: RenderProps<Model>): void {
  if (isStandalone()) return; // nobody there to load another session
  el.classList.add("f1nb", "f1nb-picker");
  const id = `f1nb-sessions-${++lists}`;
  const button = element("button", "f1nb-button f1nb-pick", `<span>Session</span>${DOWN}`);
  button.type = "button";
  const box = element("div", "f1nb-sessions");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", "Sessions");
  box.innerHTML = `
    <input autofocus type="text" role="combobox" aria-expanded="true" aria-controls="${id}" aria-autocomplete="list"
      aria-label="Find a session" placeholder="Find a session" autocomplete="off" spellcheck="false">
    <ul role="listbox" id="${id}" aria-label="Sessions"></ul>
    <div class="f1nb-hint" role="status"></div>`;
  const [input, list, hint] = box.children as unknown as [HTMLInputElement, HTMLUListElement, HTMLElement];
  el.replaceChildren(button, box);

  let found: Session[] = [];
  let active = 0;
  const optionId = (i: number) => `${id}-${i}`;

  const mark = (i: number) => {
    active = Math.max(0, Math.min(found.length - 1, i));
    [...list.children].forEach((option, k) => {
      option.classList.toggle("is-active", k === active);
      if (k === active) option.scrollIntoView({ block: "nearest" });
    });
    if (found.length) input.setAttribute("aria-activedescendant", optionId(active));
    else input.removeAttribute("aria-activedescendant");
  };
  const fill = () => {
    const all = model.get("sessions");
    const value = model.get("value");
    found = find(all, input.value);
    list.innerHTML = found
      .map((s, i) => {
        const name = esc(SESSION_NAMES[s.session] ?? s.session);
        const simulated = s.is_simulated ? '<span class="f1nb-badge" data-k="sim">SIMULATED</span>' : "";
        const shared = s.is_shared ? '<span class="f1nb-badge">SHARED</span>' : "";
        return `<li role="option" id="${optionId(i)}" aria-selected="${isSame(s, value)}"><b>${esc(s.event)}</b>${simulated}${shared}<span>${name}</span><span>${s.year}</span></li>`;
      })
      .join("");
    const isEmpty = all.every((s) => s.is_simulated);
    hint.innerHTML = isEmpty ? EMPTY : found.length ? "" : `<p class="f1nb-none">No session like “${esc(input.value)}”.</p>`;
    const chosen = found.findIndex((s) => isSame(s, value));
    mark(input.value ? 0 : chosen);
  };
  const choose = (session: Session | undefined) => {
    if (!session) return;
    box.hidePopover();
    if (isSame(session, model.get("value"))) return;
    if (isOurs()) location.assign(addressOf(location.href, session, document.body.dataset.jpThemeLight));
    else {
      model.set("value", session);
      model.save_changes();
    }
  };

  const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
  input.addEventListener("input", fill);
  input.addEventListener("keydown", (event) => {
    if (event.key in STEPS) mark(active + STEPS[event.key]);
    else if (event.key === "Enter") choose(found[active]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const option = (event.target as Element).closest("li");
    if (option) choose(found[[...list.children].indexOf(option)]);
  });
  popover(button, box, signal, fill);
  box.addEventListener("toggle", (event) => {
    if (event.newState === "closed") input.value = "";
  });
  const follow = follower(signal);
  follow(model, "sessions", fill);
  follow(
    model,
    "value",
    () => {
      const value = model.get("value");
      button.title = value ? label(value) : "Choose a session";
      button.setAttribute("aria-label", value ? `Session: ${label(value)}. Choose another` : "Choose a session");
    },
    true,
  );
}

export default { render };
