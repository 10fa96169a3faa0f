// The viewer's choice of columns: a button with layouts and a list of check boxes.
import { element, put } from "../shared/panel";
import { popover } from "../shared/popover";
import { icon } from "../shared/status";
import { COLUMNS, inOrder } from "./columns";
import { PRESETS } from "./layouts";

const GLYPH = icon('<path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" fill="none" stroke="currentColor" stroke-width="1.4"/>');

export interface Choice {
  /** what these data can fill, and what has room now */
  known(): string[];
  shown(): string[];
  /** what the viewer wants now, and what he chooses */
  wanted(): string[];
  choose(names: string[]): void;
}

export function chooser(tools: HTMLElement, { known, shown, wanted, choose }: Choice, signal: AbortSignal): void {
  const button = element("button", "f1nb-button f1nb-choose", GLYPH);
  button.type = "button";
  button.title = "Columns";
  button.setAttribute("aria-label", "Choose columns");
  const menu = element("div", "f1nb-columns");
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Columns");
  tools.append(button, menu);

  const presets = PRESETS.map(([name]) => `<button type="button" aria-pressed="false">${name}</button>`).join("");
  menu.innerHTML = `<div class="f1nb-seg" role="group" aria-label="Layout">${presets}</div><div class="f1nb-boxes"></div>`;
  const [seg, list] = menu.children as unknown as [HTMLElement, HTMLElement];
  (seg.firstElementChild as HTMLElement).autofocus = true;
  const boxes = () => [...list.querySelectorAll("input")];

  const open = () => {
    const names = COLUMNS.filter((c) => known().includes(c.name));
    put(
      list,
      names
        .map((c) => `<label><input type="checkbox" value="${c.name}"><span>${c.title}</span><small></small></label>`)
        .join(""),
    );
    tick();
  };
  const tick = () => {
    for (const box of boxes()) {
      box.checked = wanted().includes(box.value);
      put(box.parentElement?.lastElementChild as Element, box.checked && !shown().includes(box.value) ? "no room here" : "");
    }
    // a layout is the same as far as these data can fill it
    const text = (columns: string[]) => columns.filter((name) => known().includes(name)).join();
    PRESETS.forEach(([, columns], i) => {
      seg.children[i].setAttribute("aria-pressed", String(text(columns) === text(wanted())));
    });
  };
  seg.addEventListener("click", (event) => {
    const i = [...seg.children].indexOf((event.target as Element).closest("button") as Element);
    if (i < 0) return;
    choose(PRESETS[i][1]);
    tick();
  });
  list.addEventListener("change", () => {
    // a choice that these data cannot fill stays as it was: the next session may
    const before = wanted();
    const isWanted = (name: string) =>
      known().includes(name) ? boxes().some((box) => box.value === name && box.checked) : before.includes(name);
    choose(inOrder(COLUMNS.map((c) => c.name).filter(isWanted)));
    tick();
  });
  popover(button, menu, signal, open);
}
