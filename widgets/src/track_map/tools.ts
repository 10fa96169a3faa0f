// What can be chosen: the colour of the circuit, the car to follow, and where it would come out of the pits.
import { esc } from "../shared/format";
import type { Panel } from "../shared/panel";
import type { ColorBy, Model } from "./model";

const COLORS: [ColorBy, string][] = [
  ["plain", "Plain"],
  ["speed", "Speed"],
  ["throttle", "Throttle"],
  ["brake", "Brake"],
  ["gear", "Gear"],
];

export interface Choices {
  /** laps to colour the circuit by */
  colors: boolean;
  /** stops that cost places */
  pitExit: boolean;
}

/** Buttons where there is room, lists on a narrow panel. */
export function controls(p: Panel<Model>, codes: string[], choices: Choices): void {
  const { model } = p;
  const options = COLORS.map(([value, text]) => `<option value="${value}">${text}</option>`).join("");
  const buttons = COLORS.map(([value, text]) => `<button type="button" data-color="${value}">${text}</button>`).join("");
  const cars = codes.map((code) => `<option>${esc(code)}</option>`).join("");
  const exit = `<span class="f1nb-seg"><button type="button" class="f1nb-map-exit" title="Where the selected or followed car would come out of the pits">Pit exit</button></span>`;
  p.tools.innerHTML = `${
    choices.colors
      ? `<span class="f1nb-seg f1nb-map-colors" role="group" aria-label="Colour of the circuit">${buttons}</span>
         <select class="f1nb-map-select f1nb-map-colors-narrow" aria-label="Colour of the circuit">${options}</select>`
      : ""
  }${choices.pitExit ? exit : ""}<select class="f1nb-map-select f1nb-map-follow" aria-label="Follow a car"><option value="">All cars</option>${cars}</select>`;
  const set = <K extends "color_by" | "follow" | "pit_exit">(trait: K, value: Model[K]) => {
    model.set(trait, value);
    model.save_changes();
  };
  const color = p.tools.querySelector<HTMLSelectElement>(".f1nb-map-colors-narrow");
  const follow = p.tools.querySelector(".f1nb-map-follow") as HTMLSelectElement;
  const all = [...p.tools.querySelectorAll<HTMLButtonElement>("[data-color]")];
  for (const b of all) b.addEventListener("click", () => set("color_by", b.dataset.color as ColorBy));
  color?.addEventListener("change", () => set("color_by", color.value as ColorBy));
  follow.addEventListener("change", () => set("follow", follow.value || null));
  p.follow(
    model,
    "color_by",
    () => {
      const by = model.get("color_by");
      for (const b of all) b.setAttribute("aria-pressed", String(b.dataset.color === by));
      if (color) color.value = by;
    },
    true,
  );
  p.follow(
    model,
    "follow",
    () => {
      follow.value = model.get("follow") ?? "";
      follow.toggleAttribute("data-on", !!model.get("follow"));
    },
    true,
  );
  const button = p.tools.querySelector<HTMLButtonElement>(".f1nb-map-exit");
  if (!button) return;
  button.addEventListener("click", () => set("pit_exit", !model.get("pit_exit")));
  p.follow(model, "pit_exit", () => button.setAttribute("aria-pressed", String(model.get("pit_exit"))), true);
}
