// f1nb.Weather: six tiles that follow the clock.
import { NONE } from "../shared/format";
import type { PanelModel } from "../shared/models";
import { element, type Panel, panel, put } from "../shared/panel";
import { type Sample, sampleAt } from "./samples";

/** A smaller change than this is the instrument. */
const SMALLEST_TREND = 0.25;

const figure = (value: number | null, decimals = 0): string =>
  value === null ? NONE : value.toFixed(decimals).replace("-", "−");

function trend(now: number | null, then: number | null): string {
  if (now === null || then === null || Math.abs(now - then) < SMALLEST_TREND) return "";
  const [glyph, word] = now > then ? ["↗", "up"] : ["↘", "down"];
  const by = Math.abs(now - then).toFixed(1);
  return `<span class="f1nb-trend" title="${word} ${by} since the start"><span class="f1nb-sr">${word} </span><span aria-hidden="true">${glyph}</span> ${by}</span>`;
}

function wind(from_deg: number | null): string {
  if (from_deg === null) return "";
  const from = Math.round(from_deg) % 360; // the arrow points where it blows to
  return `<svg class="f1nb-wind" viewBox="0 0 16 16" width="16" height="16" role="img" aria-label="from ${from} degrees"><g transform="rotate(${from + 180} 8 8)"><path d="M8 1.5v12M8 1.5 4 6.5M8 1.5l4 5" fill="none" stroke="currentColor" stroke-width="1.7"/></g></svg>`;
}

export function tiles(now: Sample, first: Sample): string {
  const rain = now.is_raining === null ? NONE : now.is_raining ? "wet" : "dry";
  const all: [string, string, string, string][] = [
    ["Air", figure(now.air_temp_c, 1), "°C", trend(now.air_temp_c, first.air_temp_c)],
    ["Track", figure(now.track_temp_c, 1), "°C", trend(now.track_temp_c, first.track_temp_c)],
    ["Humidity", figure(now.humidity_pct), "%", trend(now.humidity_pct, first.humidity_pct)],
    ["Wind", figure(now.wind_speed_mps, 1), "m/s", wind(now.wind_direction_deg)],
    ["Rain", rain, "", ""],
    ["Pressure", figure(now.pressure_hpa), "hPa", ""],
  ];
  return all
    .map(([name, value, unit, more]) => {
      const suffix = unit && value !== NONE ? `<span>${unit}</span>` : "";
      return `<div><dt>${name}</dt><dd><b>${value}</b>${suffix}${more}</dd></div>`;
    })
    .join("");
}

function setup({ clock, tables, body, follow, blank, grows, restart }: Panel<PanelModel>): void {
  const table = tables.weather;
  if (!table.rows) {
    const text = clock.get("live") ? "Waiting for the first measurement." : "This session comes without measurements.";
    blank({ kind: "info", title: "No weather", text, code: "" });
    grows(["weather"], restart);
    return;
  }
  const list = element("dl", "f1nb-tiles");
  body.append(list);
  let second = Number.NaN;
  const draw = () => {
    const now = clock.get("time_s");
    if (Math.floor(now) === second) return; // it changes in minutes: once a second is plenty
    second = Math.floor(now);
    put(list, tiles(sampleAt(table, now), sampleAt(table, Number.NEGATIVE_INFINITY)));
  };
  follow(clock, "time_s", draw, true);
  grows(["weather"], () => {
    second = Number.NaN;
    draw();
  });
}

export default { render: panel<PanelModel>("weather", setup) };
