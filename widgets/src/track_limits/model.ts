export type { PanelModel as Model } from "../shared/models";
