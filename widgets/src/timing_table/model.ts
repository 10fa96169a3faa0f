import type { PanelModel } from "../shared/models";

export interface Model extends PanelModel {
  /** null: those of the kind of session */
  columns: string[] | null;
  /** the car that others are compared with; empty: the first that is selected */
  compare: string;
}
