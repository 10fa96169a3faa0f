// Figures as people in the paddock write them. Minus is U+2212; an absent value is an en dash.

export const NONE = "–";

const absent = (v: number | null | undefined): v is null | undefined => v == null || Number.isNaN(v);

/** Seconds with three decimals, minutes from 60 s on: 1:13.719. */
export function lapTime(seconds: number | null | undefined): string {
  if (absent(seconds)) return NONE;
  const ms = Math.round(seconds * 1000);
  const rest = ((ms % 60000) / 1000).toFixed(3);
  return ms < 60000 ? rest : `${Math.floor(ms / 60000)}:${rest.padStart(6, "0")}`;
}

/** A difference, with its sign: +1.271, −0.188, +1:03.500. */
export function gap(seconds: number | null | undefined): string {
  if (absent(seconds)) return NONE;
  return (seconds < 0 ? "−" : "+") + lapTime(Math.abs(seconds));
}

export const lapsDown = (laps: number): string => `+${laps} lap${laps === 1 ? "" : "s"}`;

/** The session clock: 1:09:41, before the start −0:05:12. */
export function clockTime(seconds: number): string {
  const s = Math.floor(Math.abs(seconds) + 1e-6);
  const two = (v: number) => String(v).padStart(2, "0");
  return `${seconds < 0 && s ? "−" : ""}${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** How long ago: 33 s, 2:05. */
export function ago(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Escape for HTML text and attributes: everything that comes from data goes through here. */
export const esc = (text: unknown): string => String(text ?? "").replace(/[&<>"']/g, (c) => ENTITIES[c]);
