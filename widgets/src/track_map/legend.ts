// What the colours of the circuit mean, and whose lap they are.
import { esc, lapTime } from "../shared/format";
import { CHANNELS, type Channel, type Lap, type Levels } from "./lap";

/** The colour of a level, as CSS: it follows the theme by itself. */
export function levelCss(level: number, count: number): string {
  const at = (level / Math.max(1, count - 1)) * 4;
  const i = Math.min(3, Math.floor(at));
  const share = Math.round((at - i) * 100);
  return `color-mix(in srgb, var(--f1nb-speed-${i + 1}) ${share}%, var(--f1nb-speed-${i}))`;
}

export function legendHtml(channel: Channel, levels: Levels, lap: Lap, isAhead: boolean): string {
  const whose = `${esc(lap.driver)}, lap ${lap.lap}, ${lapTime(lap.lap_time_s)}${isAhead ? ", after the clock" : ""}`;
  const swatch = (level: number, text: string) =>
    `<i class="f1nb-map-swatch" style="background:${levelCss(level, levels.count)}"></i><span>${text}</span>`;
  const [low, high] = [levels.low, levels.high].map((v) => Math.round(v));
  const scale =
    channel === "brake"
      ? swatch(0, "off the brake") + swatch(1, "braking")
      : channel === "gear"
        ? Array.from({ length: levels.count }, (_, i) => swatch(i, String(low + i))).join("")
        : `<span>${low}</span><i class="f1nb-ramp"></i><span>${high}</span>`;
  return `${scale}<span>${CHANNELS[channel].unit}</span><span class="f1nb-map-lap">${whose}</span>`;
}
