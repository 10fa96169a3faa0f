// The controls beside the title: whole lap, distance or time, channels.
import { element, type Panel } from "../shared/panel";
import { popover } from "../shared/popover";
import { icon } from "../shared/status";
import type { Figure, Model, Over } from "./model";

const SWITCH =
  '<span class="f1nb-seg" role="group" aria-label="x axis">' +
  '<button type="button" data-over="distance">Distance</button><button type="button" data-over="time">Time</button></span>';
const CHOOSER = icon(
  '<path d="M1.5 4h13M1.5 8h13M1.5 12h13" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M5 2.4v3.2M11 6.4v3.2M7 10.4v3.2" stroke="currentColor" stroke-width="2"/>',
);

/** Put them there. Returns the button that shows the whole lap again: hidden, and without a deed yet. */
export function controls(p: Panel<Model>, figures: Figure[]): HTMLButtonElement {
  const { model } = p;
  p.tools.innerHTML = SWITCH;
  p.tools.addEventListener("click", (event) => {
    const over = (event.target as Element).closest<HTMLElement>("[data-over]")?.dataset.over as Over | undefined;
    if (!over) return;
    model.set("over", over);
    model.save_changes();
  });
  p.follow(
    model,
    "over",
    () => {
      for (const button of p.tools.querySelectorAll<HTMLElement>("[data-over]"))
        button.setAttribute("aria-pressed", String(button.dataset.over === model.get("over")));
    },
    true,
  );

  const reset = element("button", "f1nb-link f1nb-reset", "Whole lap");
  reset.type = "button";
  reset.hidden = true;
  p.tools.prepend(reset);

  const open = element("button", "f1nb-button", CHOOSER);
  open.type = "button";
  open.title = "Channels";
  open.setAttribute("aria-label", "Choose channels");
  const menu = element("div", "f1nb-menu");
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Channels");
  menu.innerHTML = figures.map((f) => `<label><input type="checkbox" value="${f.channel}">${f.label}</label>`).join("");
  const boxes = [...menu.querySelectorAll("input")];
  const fill = () => {
    const on = model.get("channels");
    for (const box of boxes) {
      box.checked = on.includes(box.value);
      box.disabled = box.checked && on.length === 1; // the last one stays
    }
  };
  menu.addEventListener("change", () => {
    model.set(
      "channels",
      boxes.filter((box) => box.checked).map((box) => box.value),
    );
    model.save_changes();
    fill();
  });
  p.tools.append(open, menu);
  popover(open, menu, p.signal, () => {
    fill();
    boxes[0]?.focus();
  });
  return reset;
}
