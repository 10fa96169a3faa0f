// What the parts of the transport bar share.
import type { AnyModel } from "@anywidget/types";
import type { Driver } from "../shared/drivers";
import { type Clock, latest, type Selection, seek } from "../shared/models";
import type { follower } from "../shared/panel";
import type { StatusChange } from "../shared/status";
import type { Model } from "./model";
import { jump, LEAD_IN_S, type Moment } from "./moments";

export interface Bar {
  model: AnyModel<Model>;
  selection: Selection | null;
  signal: AbortSignal;
  follow: ReturnType<typeof follower>;
  root: HTMLElement;
  /** what is known of the session; it grows while the session goes on */
  known: Known;
  /** be told when it has grown */
  onGrowth(callback: () => void): void;
}

export interface Known {
  moments: Moment[];
  status: StatusChange[];
  laps: { lap: Float64Array; time_s: Float64Array };
  drivers: Map<string, Driver>;
  /** counted in laps; other sessions are counted in minutes */
  isRace: boolean;
}

export const asClock = (model: AnyModel<Model>): Clock => model as unknown as Clock;

export function toggle(model: AnyModel<Model>): void {
  const starts = !model.get("playing");
  if (starts && !model.get("live") && model.get("time_s") >= model.get("end_s")) model.set("time_s", model.get("start_s"));
  if (!starts) model.set("following", false); // a pause of what is live: it goes on from here, later than before
  model.set("playing", starts);
  model.save_changes();
}

export function goToMoment(model: AnyModel<Model>, time_s: number): void {
  seek(asClock(model), time_s - LEAD_IN_S);
}

export function goToNext({ model, known }: Bar, direction: 1 | -1): void {
  const time = jump(known.moments, known.isRace, model.get("time_s"), direction);
  if (time === null && direction > 0) goToEnd(model);
  else seek(asClock(model), time ?? model.get("start_s"));
}

/** Whether what lies ahead is hidden: by choice, or because a picture that is held back would be told of it. */
export const hidesAhead = (model: AnyModel<Model>): boolean =>
  model.get("hide_ahead") || (model.get("live") && model.get("delay_s") > 0);

/** Go to the newest moment that may be shown, and while the session goes on stay there. */
export function goToEnd(model: AnyModel<Model>): void {
  if (model.get("live")) {
    model.set("following", true);
    model.set("playing", true);
    model.set("time_s", latest(asClock(model)));
    model.save_changes();
  } else seek(asClock(model), model.get("end_s") - model.get("delay_s"));
}

/** A hand on the playhead: the clock waits until it lets go, or what it held is removed from the page. */
export class Hold {
  isOn = false;

  constructor(
    private readonly model: AnyModel<Model>,
    signal: AbortSignal,
  ) {
    signal.addEventListener("abort", () => this.release());
  }

  take(): void {
    this.isOn = true;
    this.model.set("_held", true);
  }

  release(): void {
    if (!this.isOn) return;
    this.isOn = false;
    this.model.set("_held", false);
    seek(asClock(this.model), this.model.get("time_s"));
  }
}

const MAX_DELAY_S = 600;

/** Hold everything back: `time_s` is what is shown, so it moves with the delay. */
export function setDelay(model: AnyModel<Model>, seconds: number): void {
  const before = model.get("delay_s");
  const delay = Number.isFinite(seconds) ? Math.min(MAX_DELAY_S, Math.max(0, Math.round(seconds))) : before;
  model.set("delay_s", delay);
  if (model.get("following")) {
    model.set("time_s", latest(asClock(model)));
    model.save_changes();
  } else seek(asClock(model), model.get("time_s") - (delay - before));
}
