import type { PanelModel } from "../shared/models";
import type { Category } from "./messages";

export interface Model extends PanelModel {
  category: "all" | Category;
  only_selected: boolean;
}
