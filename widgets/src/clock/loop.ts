// The one animation loop of a session: everything else follows `change:time_s`.
import type { AnyModel } from "@anywidget/types";
import { isStandalone } from "../shared/page";
import { follower } from "../shared/panel";
import type { Model } from "./model";

/** A tab that was hidden, or a slow frame, does not make the race jump. */
const LONGEST_FRAME_S = 0.25;

export function advance(time_s: number, frame_s: number, speed: number, end_s: number): number {
  const elapsed = Math.min(Math.max(frame_s, 0), LONGEST_FRAME_S);
  return Math.min(time_s + elapsed * speed, Math.max(end_s, time_s));
}

/** How long the edge moves on by itself when nothing is heard of it, seconds of ours. */
const UNHEARD_S = 2;
/** So far ahead of the edge the clock may be and wait there, seconds of ours: a correction is not seen. */
const AHEAD_S = 1;

export interface Edge {
  end_s: number;
  /** seconds of the session for each of ours */
  rate: number;
  /** when it was heard, on the browser's own clock */
  heard_ms: number;
}

/** Where the live edge is now. Between two words of the kernel the session goes on. */
export const edgeAt = ({ end_s, rate, heard_ms }: Edge, now_ms: number): number =>
  end_s + Math.min((now_ms - heard_ms) / 1000, UNHEARD_S) * rate;

/** Where a clock goes that follows: the edge, as far behind it as the delay says, but not back by a little. */
export function followed(time_s: number, target_s: number, rate: number): number {
  return target_s < time_s && time_s - target_s < AHEAD_S * rate ? time_s : target_s;
}

/** Move `time_s` while `playing` is true. The kernel hears of it when it stops, not before. */
export function run(model: AnyModel<Model>, signal: AbortSignal): void {
  let frame = 0;
  let last = Number.NaN;
  let edge: Edge = { end_s: model.get("end_s"), rate: model.get("rate"), heard_ms: performance.now() };
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
  };
  const step = (now: number) => {
    frame = requestAnimationFrame(step); // first: whatever a follower does to this frame, there is a next one
    const elapsed = Number.isNaN(last) ? 0 : (now - last) / 1000;
    last = now;
    if (model.get("_held")) return;
    const time = model.get("time_s");
    if (model.get("live")) {
      const target = edgeAt(edge, now) - model.get("delay_s");
      const next = advance(time, elapsed, model.get("speed"), target);
      if (!model.get("following") && next >= target) {
        model.set("following", true); // it has caught up
        model.set("speed", 1);
      }
      model.set("time_s", model.get("following") ? followed(time, target, edge.rate) : next);
      return;
    }
    const end = model.get("end_s");
    const next = advance(time, elapsed, model.get("speed"), end);
    model.set("time_s", next);
    if (next >= end) model.set("playing", false);
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
  const follow = follower(signal);
  if (model.get("live") && isStandalone()) {
    // nothing more comes in a file: what was live when it was written is as far as it goes
    model.set("live", false);
    model.set("following", false);
    model.set("playing", false);
  }
  const hear = () => {
    edge = { end_s: model.get("end_s"), rate: model.get("rate"), heard_ms: performance.now() };
    // what was shown is of another session, or of before its clock began
    if (model.get("time_s") > edge.end_s + UNHEARD_S * edge.rate) model.set("time_s", edge.end_s - model.get("delay_s"));
  };
  follow(model, "end_s", hear);
  follow(model, "rate", hear);
  follow(model, "live", () => {
    if (model.get("live")) return;
    model.set("following", false); // the session is over: what is left of it is played to its end
    model.set("speed", Math.max(1, model.get("speed")));
  });
  follow(model, "playing", startOrStop, true);
  signal.addEventListener("abort", stop);
}
