// The switch of a list: only what is about selected drivers.
import type { AnyModel } from "@anywidget/types";
import { element, type Panel } from "./panel";
import { icon } from "./status";

const GLYPH = icon(
  '<circle cx="8" cy="5" r="2.8" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M2.5 14c.4-3 2.5-4.6 5.5-4.6s5.1 1.6 5.5 4.6" fill="none" stroke="currentColor" stroke-width="1.5"/>',
);

/** Append the switch, and call back now and whenever other drivers are wanted: null for all of them. */
export function onlySelected<M extends { only_selected: boolean }>(
  { model: own, selection, tools, follow }: Pick<Panel, "selection" | "tools" | "follow"> & { model: AnyModel<M> },
  callback: (drivers: string[] | null) => void,
): void {
  const model = own as unknown as AnyModel<{ only_selected: boolean }>;
  const button = element("button", "f1nb-button f1nb-toggle", GLYPH);
  button.type = "button";
  button.setAttribute("aria-label", "Only selected drivers");
  tools.append(button);
  button.addEventListener("click", () => {
    model.set("only_selected", !model.get("only_selected"));
    model.save_changes();
  });
  const tell = () => {
    const is_on = model.get("only_selected");
    const drivers = selection.get("drivers");
    button.setAttribute("aria-pressed", String(is_on));
    button.title = is_on ? `Only ${drivers.join(", ") || "selected drivers: there is none"}` : "Only selected drivers";
    callback(is_on ? drivers : null);
  };
  follow(model, "only_selected", tell, true);
  follow(selection, "drivers", () => model.get("only_selected") && tell());
}
