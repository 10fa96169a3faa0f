export interface Model {
  name: string;
  data: DataView;
}
