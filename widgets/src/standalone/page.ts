// What `f1nb/export.py` writes into the page.

export type State = Record<string, unknown>;

export interface WidgetState {
  /** the ipywidgets model: AnyModel, HBoxModel … */
  name: string;
  state: State;
  /** key into `texts`; absent for what is not an anywidget */
  esm?: string;
  /** where in the state a bytes value belongs, and the value in base64 */
  buffers: [path: (string | number)[], base64: string][];
}

export interface Page {
  root: string;
  theme: "light" | "dark" | null;
  widgets: Record<string, WidgetState>;
  /** scripts and styles, each once, by hash */
  texts: Record<string, string>;
  styles: string[];
}

export const readPage = (json: string): Page => JSON.parse(json);

/** `anywidget:<id>` and `IPY_MODEL_<id>` and the id itself name the same widget. */
export const refId = (ref: string): string => ref.replace(/^(anywidget:|IPY_MODEL_)/, "");

export function bytes(base64: string): DataView {
  const text = atob(base64);
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return new DataView(out.buffer);
}

/** The state with its bytes in place, each as a DataView as Jupyter delivers it. */
export function decode(widget: WidgetState): State {
  for (const [path, base64] of widget.buffers) {
    const last = path[path.length - 1];
    const parent = path.slice(0, -1).reduce((at, key) => at[key] as State, widget.state);
    parent[last] = bytes(base64);
  }
  return widget.state;
}

/** Whether setting one over the other changes anything; Jupyter's models compare by value, too. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal((a as State)[key], (b as State)[key]));
}
