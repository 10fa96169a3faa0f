// How far everything is held back to match a television picture.
import type { AnyModel } from "@anywidget/types";
import { element, type follower } from "../shared/panel";
import { setDelay } from "./bar";
import type { Model } from "./model";

export function delay(model: AnyModel<Model>, follow: ReturnType<typeof follower>): HTMLElement {
  const box = element(
    "span",
    "f1nb-delay",
    `<span class="f1nb-lab">TV delay</span>
     <button class="f1nb-button" data-a="less" aria-label="Less delay">−</button>
     <label><input type="number" min="0" max="600" step="1" inputmode="numeric" aria-label="TV delay in seconds"> s</label>
     <button class="f1nb-button" data-a="more" aria-label="More delay">+</button>`,
  );
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "TV delay");
  box.title = "Hold everything back to match a television picture";
  const [less, more] = box.querySelectorAll("button");
  const input = box.querySelector("input") as HTMLInputElement;
  const draw = () => {
    input.value = String(model.get("delay_s"));
  };
  follow(model, "delay_s", draw, true);
  less.addEventListener("click", () => setDelay(model, model.get("delay_s") - 1));
  more.addEventListener("click", () => setDelay(model, model.get("delay_s") + 1));
  input.addEventListener("change", () => {
    setDelay(model, input.valueAsNumber);
    draw(); // what was typed may be out of range
  });
  return box;
}
