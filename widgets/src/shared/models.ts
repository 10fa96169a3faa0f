// The two models that panels share, and what every panel has.
import type { AnyModel } from "@anywidget/types";

/**
 * f1nb.Clock. Panels read `time_s` and follow its changes; `playing` starts and stops the one animation loop. While the session
 * goes on (`live`), `end_s` is its edge, and a clock that is `following` stays there, `delay_s` behind it.
 */
export interface ClockModel {
  time_s: number;
  start_s: number;
  end_s: number;
  playing: boolean;
  speed: number;
  delay_s: number;
  live: boolean;
  following: boolean;
  rate: number;
}

/** f1nb.Selection. `cursor_m` is a place on the lap, metres from the line. */
export interface SelectionModel {
  drivers: string[];
  laps: [string, number][];
  lap_range: [number, number] | null;
  cursor_m: number | null;
}

/** What a panel has to say about its data: shown where the data would be, with the remedy next to it. */
export interface Note {
  kind: "info" | "warn" | "error" | "act" | "derived";
  title: string;
  text: string;
  code: string;
  /** true: there is nothing else to show. `derived` is a badge beside the title, never blank */
  blank: boolean;
}

export interface PanelModel {
  title: string;
  clock: string;
  selection: string;
  height: number | null;
  _tables: Record<string, string>;
  _notes: Note[];
  _error: string;
  _owns_clock: boolean;
}

export type Clock = AnyModel<ClockModel>;
export type Selection = AnyModel<SelectionModel>;

/** Selected drivers have one of these line samples each; a fifth selection replaces the first. */
export const MAX_SELECTED = 4;

export function toggleDriver(selection: Selection, driver: string): void {
  const drivers = selection.get("drivers");
  const rest = drivers.filter((d) => d !== driver);
  const next = rest.length < drivers.length ? rest : [...rest.slice(Math.max(0, rest.length - MAX_SELECTED + 1)), driver];
  selection.set("drivers", next);
  selection.save_changes();
}

/** The latest moment that may be shown: the end, or as much before the live edge as the picture is held back. */
export const latest = (clock: Clock): number => clock.get("end_s") - (clock.get("live") ? clock.get("delay_s") : 0);

/** Go to a moment. Whoever goes somewhere while the session goes on leaves its edge. */
export function seek(clock: Clock, time_s: number): void {
  clock.set("following", false);
  clock.set("time_s", Math.min(latest(clock), Math.max(clock.get("start_s"), time_s)));
  clock.save_changes();
}
