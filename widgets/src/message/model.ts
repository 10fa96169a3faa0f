export interface Model {
  title: string;
  text: string;
  code: string;
}
