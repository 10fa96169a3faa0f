// A widget's traits in a page without a kernel.
import { equal, type State } from "./page";

type Callback = (...args: unknown[]) => void;

/** A model nobody else listens to: `save_changes` and `send` have nowhere to go. */
export class Model {
  private readonly state: State;
  private readonly callbacks = new Map<string, Set<Callback>>();
  readonly widget_manager: { get_model(id: string): Promise<unknown> };

  constructor(state: State, getModel: (ref: string) => Promise<unknown>) {
    this.state = state;
    this.widget_manager = { get_model: getModel };
  }

  get(key: string): unknown {
    return this.state[key];
  }

  set(key: string | State, value?: unknown): void {
    const changes = typeof key === "string" ? { [key]: value } : key;
    const changed = Object.keys(changes).filter((name) => !equal(this.state[name], changes[name]));
    for (const name of changed) this.state[name] = changes[name];
    for (const name of changed) this.trigger(`change:${name}`, this, changes[name]);
    if (changed.length) this.trigger("change", this);
  }

  on(name: string, callback: Callback): void {
    for (const one of name.split(" ")) {
      const callbacks = this.callbacks.get(one) ?? new Set();
      this.callbacks.set(one, callbacks.add(callback));
    }
  }

  off(name?: string | null, callback?: Callback | null): void {
    for (const one of name ? name.split(" ") : this.callbacks.keys()) {
      if (callback) this.callbacks.get(one)?.delete(callback);
      else this.callbacks.delete(one);
    }
  }

  save_changes(): void {}
  send(): void {}

  private trigger(name: string, ...args: unknown[]): void {
    for (const callback of [...(this.callbacks.get(name) ?? [])]) {
      try {
        callback(...args);
      } catch (error) {
        console.error(error); // the others hear of the change all the same
      }
    }
  }
}
