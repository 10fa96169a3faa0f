// The viewer's choice of columns: a button with a list of check boxes.
import type { AnyModel } from "@anywidget/types";
import { element, put } from "../shared/panel";
import { popover } from "../shared/popover";
import { icon } from "../shared/status";
import { COLUMNS, remember, remembered } from "./columns";
import type { Model } from "./model";

const GLYPH = icon('<path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" fill="none" stroke="currentColor" stroke-width="1.4"/>');

/** `known`: what these data can fill; `shown`: what has room now. */
export function chooser(
  tools: HTMLElement,
  model: AnyModel<Model>,
  known: string[],
  shown: () => string[],
  signal: AbortSignal,
): void {
  const given = model.get("columns");
  const chosen = remembered(given);
  if (chosen.join() !== given.join()) model.set("columns", chosen); // of this page; the kernel hears of what is chosen on it

  const button = element("button", "f1nb-button f1nb-choose", GLYPH);
  button.type = "button";
  button.title = "Columns";
  button.setAttribute("aria-label", "Choose columns");
  const menu = element("div", "f1nb-columns");
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Columns");
  tools.append(button, menu);

  const choices = COLUMNS.filter((c) => known.includes(c.name));
  put(menu, choices.map((c) => `<label><input type="checkbox" value="${c.name}">${c.title}<small></small></label>`).join(""));
  const boxes = [...menu.querySelectorAll("input")];
  boxes[0].autofocus = true;
  const tick = () => {
    for (const box of boxes) {
      box.checked = model.get("columns").includes(box.value);
      put(box.parentElement?.lastElementChild as Element, box.checked && !shown().includes(box.value) ? "no room here" : "");
    }
  };
  menu.addEventListener("change", () => {
    // a choice that these data cannot fill stays as it was: the next session may
    const isWanted = (name: string) =>
      known.includes(name) ? boxes.some((box) => box.value === name && box.checked) : model.get("columns").includes(name);
    const names = COLUMNS.map((c) => c.name).filter(isWanted);
    remember(given, names);
    model.set("columns", names);
    model.save_changes();
    tick();
  });
  popover(button, menu, signal, tick);
}
