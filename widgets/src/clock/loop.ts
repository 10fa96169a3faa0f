// The one animation loop of a session: everything else follows `change:time_s`.
import type { AnyModel } from "@anywidget/types";
import { follower } from "../shared/panel";
import type { Model } from "./model";

/** A tab that was hidden, or a slow frame, does not make the race jump. */
const LONGEST_FRAME_S = 0.25;

export function advance(time_s: number, frame_s: number, speed: number, end_s: number): number {
  const elapsed = Math.min(Math.max(frame_s, 0), LONGEST_FRAME_S);
  return Math.min(time_s + elapsed * speed, Math.max(end_s, time_s));
}

/** Move `time_s` while `playing` is true. The kernel hears of it when it stops, not before. */
export function run(model: AnyModel<Model>, signal: AbortSignal): void {
  let frame = 0;
  let last = Number.NaN;
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
  };
  const step = (now: number) => {
    frame = requestAnimationFrame(step); // first: whatever a follower does to this frame, there is a next one
    const elapsed = Number.isNaN(last) ? 0 : (now - last) / 1000;
    last = now;
    if (!model.get("_held")) {
      const end = model.get("end_s");
      const time = advance(model.get("time_s"), elapsed, model.get("speed"), end);
      model.set("time_s", time);
      if (time >= end) model.set("playing", false);
    }
  };
  const startOrStop = () => {
    if (model.get("playing") && !frame) {
      last = Number.NaN;
      frame = requestAnimationFrame(step);
    } else if (!model.get("playing") && frame) {
      stop();
      queueMicrotask(() => model.save_changes()); // after the change that stopped it has been noted, so that both go in one message
    }
  };
  follower(signal)(model, "playing", startOrStop, true);
  signal.addEventListener("abort", stop);
}
