// A model as a widget manager without a kernel gives it, and how often it was asked to save.
import type { AnyModel } from "@anywidget/types";

export function modelOf<T extends object>(state: T): { model: AnyModel<T>; saved: () => number } {
  const callbacks = new Map<string, Set<() => void>>();
  let saves = 0;
  const model = {
    get: (key: keyof T) => state[key],
    set(key: keyof T & string, value: never) {
      if (Object.is(state[key], value)) return;
      state[key] = value;
      for (const callback of [...(callbacks.get(`change:${key}`) ?? [])]) callback();
    },
    on: (name: string, callback: () => void) => callbacks.set(name, (callbacks.get(name) ?? new Set()).add(callback)),
    off: (name: string, callback: () => void) => callbacks.get(name)?.delete(callback),
    save_changes: () => {
      saves++;
    },
  };
  return { model: model as unknown as AnyModel<T>, saved: () => saves };
}
