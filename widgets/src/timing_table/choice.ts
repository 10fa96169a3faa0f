// Which columns one table shows: what the viewer chose, else what the author gave, else those of the kind of session.
import type { AnyModel } from "@anywidget/types";
import type { Kind } from "./columns";
import { LAYOUTS, remember, remembered } from "./layouts";
import type { Model } from "./model";

/** What authors gave: the trait itself is what is shown now, the viewer's choice included. */
const givenTo = new WeakMap<object, string[] | null>();

export class ColumnChoice {
  private readonly model: AnyModel<Model>;
  private readonly kind: Kind;
  private chosen: string[] | null;

  constructor(model: AnyModel<Model>, kind: Kind) {
    this.model = model;
    this.kind = kind;
    if (!givenTo.has(model)) givenTo.set(model, model.get("columns"));
    this.chosen = remembered(kind, this.given);
  }

  private get given(): string[] | null {
    return givenTo.get(this.model) ?? null;
  }

  get wanted(): string[] {
    return this.chosen ?? this.given ?? LAYOUTS[this.kind];
  }

  /** The viewer chooses; the kernel hears of it. */
  choose(names: string[]): void {
    this.chosen = names;
    remember(this.kind, this.given, names);
    this.model.set("columns", names);
    this.model.save_changes();
  }

  /** The trait has changed: unless the viewer has changed it, it is an author's word, which holds. */
  hear(): void {
    const columns = this.model.get("columns");
    if (columns?.join() === this.chosen?.join()) return;
    givenTo.set(this.model, columns);
    this.chosen = null;
  }
}
