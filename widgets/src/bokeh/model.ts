export interface Model {
  version: string;
  data: DataView;
}
