import type { PanelModel } from "../shared/models";

export type ColorBy = "plain" | "speed" | "throttle" | "brake" | "gear";

/** Traits of f1nb.TrackMap. */
export interface Model extends PanelModel {
  color_by: ColorBy;
  follow: string | null;
  pit_exit: boolean;
}
