import type { PanelModel } from "../shared/models";

export interface Model extends PanelModel {
  only_selected: boolean;
}
