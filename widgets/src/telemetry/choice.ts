// The laps of one panel: what it was given, what is selected, what has come from the kernel.
import { openTable } from "../shared/columns";
import type { Panel } from "../shared/panel";
import type { Chip } from "./chips";
import { bestLap, chooseLaps, isAhead, LapBook, slots } from "./laps";
import type { Model } from "./model";
import { keyOf, type LapRef, readTraces, type Trace } from "./traces";

export class LapChoice {
  /** every lap whose telemetry is at hand */
  readonly traces: Map<string, Trace>;
  /** other laps can be asked for */
  hasKernel = false;
  private readonly book: LapBook;
  private readonly asked = new Set<string>();

  constructor(private readonly p: Panel<Model>) {
    this.traces = readTraces(p.tables.traces);
    this.book = new LapBook(p.tables.laps);
  }

  /** Take in what the kernel has sent beyond the laps of every page. */
  async take(): Promise<void> {
    const data = this.p.model.get("_asked");
    if (!data?.byteLength) return;
    for (const [key, trace] of readTraces(await openTable(data))) this.traces.set(key, trace);
  }

  best(driver: string): LapRef | null {
    return bestLap(this.book, driver, (ref) => this.traces.has(keyOf(ref)), this.p.clock.get("time_s"));
  }

  chips(): Chip[] {
    const { clock, model, selection } = this.p;
    const [explicit, picked, drivers] = [model.get("laps"), selection.get("laps"), selection.get("drivers")];
    const laps = chooseLaps({ explicit, picked, drivers }, (driver) => this.best(driver));
    const samples = slots(laps, drivers);
    return laps.map((ref, i) => {
      const [driver, lap] = ref;
      const hasAuto = !explicit.length && drivers.includes(driver);
      return {
        driver,
        lap,
        row: this.book.get(ref),
        slot: samples[i],
        color: "",
        state: this.state(ref),
        isAhead: isAhead(this.book.get(ref), clock.get("time_s")),
        choices: this.book.of(driver).filter((l) => l.lap === lap || ["here", "coming"].includes(this.state([driver, l.lap]))),
        hasAuto,
        isAuto: hasAuto && !picked.some((pick) => keyOf(pick) === keyOf(ref)),
      };
    });
  }

  /** Selected drivers of whom there is no lap to show. */
  unseen(chips: Chip[]): string[] {
    if (this.p.model.get("laps").length) return [];
    return this.p.selection.get("drivers").filter((code) => !chips.some((chip) => chip.driver === code));
  }

  /** Ask the kernel for what is shown but not at hand, once. */
  ask(chips: Chip[]): void {
    const refs = chips.filter((chip) => chip.state === "coming").map((chip): LapRef => [chip.driver, chip.lap]);
    const fresh = refs.filter((ref) => !this.asked.has(keyOf(ref)));
    for (const ref of fresh) this.asked.add(keyOf(ref));
    if (fresh.length) this.p.model.send({ type: "laps", laps: fresh });
  }

  /** Show `other` in place of a lap; null gives the choice back to the clock. */
  replace(driver: string, lap: number, other: number | null): void {
    const { model, selection } = this.p;
    const isIt = (ref: LapRef) => keyOf(ref) === keyOf([driver, lap]);
    const next: LapRef[] = other === null ? [] : [[driver, other]];
    const replaced = (laps: LapRef[]) => laps.flatMap((ref) => (isIt(ref) ? next : [ref]));
    if (model.get("laps").length) {
      model.set("laps", replaced(model.get("laps")));
      model.save_changes();
      return;
    }
    const picked = selection.get("laps");
    selection.set("laps", picked.some(isIt) ? replaced(picked) : [...picked, ...next]);
    selection.save_changes();
  }

  private state(ref: LapRef): Chip["state"] {
    if (this.traces.has(keyOf(ref))) return "here";
    if (this.p.model.get("_missing").some((lap) => keyOf(lap) === keyOf(ref))) return "missing";
    return this.hasKernel ? "coming" : "absent";
  }
}
