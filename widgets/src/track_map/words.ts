// What stands on the map in words: the state of the track, cars in the pits, and that a loop is no circuit.
import { esc } from "../shared/format";
import { icon, STATUS, type Status } from "../shared/status";
import { flagWords, type SectorFlags } from "./flags";
import type { Car } from "./scene";

/** The sign at the top left: nothing on a clear track. */
export function stateHtml(status: Status, flags: SectorFlags): string {
  const sectors = flagWords(flags);
  if (status === "clear" && !sectors) return "";
  const shown = status === "clear" || (status === "yellow" && sectors) ? "yellow" : status;
  const words =
    shown === "yellow" && sectors ? sectors : [STATUS[shown].name, sectors.toLowerCase()].filter(Boolean).join("; ");
  return `<span class="f1nb-map-flag" data-s="${shown}">${icon(STATUS[shown].glyph, 13)}</span><span>${esc(words)}</span>`;
}

/** Cars in the pits, each a button that selects its driver. */
export function pitsHtml(cars: Car[], isRace: boolean): string {
  if (!cars.length) return "";
  const buttons = cars.map((car) => {
    const where = car.state === "pit" ? "in the pit lane" : "in the garage";
    return `<button type="button" data-driver="${esc(car.key)}" aria-pressed="${car.isSelected}" title="${esc(car.driver.name)}, ${where}"><i style="--c:${esc(car.driver.color)}"></i>${esc(car.key)}</button>`;
  });
  return `<span class="f1nb-lab">${isRace ? "In the pits" : "Pits and garages"}</span>${buttons.join("")}`;
}

export const SCHEMATIC = "Schematic: this circuit’s shape is not known";
