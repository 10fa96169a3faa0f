export interface Model {
  title: string;
  clock: string | null;
  selection: string | null;
  _areas: Record<string, string>;
  _tabs: { name: string; areas: Record<string, string> }[];
  _first_tab: string;
}
