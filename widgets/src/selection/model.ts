export type { SelectionModel as Model } from "../shared/models";
