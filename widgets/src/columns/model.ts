export interface Model {
  name: string;
  data: DataView;
  /** of `data`; each growth is one more */
  version: number;
}
