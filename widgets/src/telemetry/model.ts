import type { PanelModel } from "../shared/models";

export type Over = "distance" | "time";

/** One channel as f1nb/charts/telemetry.py describes it, with Bokeh's JSON of its figure. */
export interface Figure {
  channel: string;
  label: string;
  unit: string;
  column: string;
  share: number;
  lanes: boolean;
  item: Record<string, unknown>;
}

/** Traits of f1nb.Telemetry. */
export interface Model extends PanelModel {
  laps: [string, number][];
  over: Over;
  channels: string[];
  _bokeh: string;
  _figures: Figure[];
  _asked: DataView;
  _missing: [string, number][];
}
