// Which sessions there are, how they are found, and where choosing one leads.
import { SESSION_NAMES } from "../shared/session";
import type { Session } from "./model";

export const label = ({ year, event, session }: Session): string => `${year} ${event}, ${SESSION_NAMES[session] ?? session}`;

export const isSame = (a: Session | null, b: Session | null): boolean =>
  a?.year === b?.year && a?.event === b?.event && a?.session === b?.session;

/** Without case and accents: "sao paulo" finds São Paulo. */
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Those in which every word of the query occurs: in the label, or as the session's short name. */
export function find(sessions: Session[], query: string): Session[] {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  return sessions.filter((s) => {
    const words = plain(`${label(s)} ${s.session}${s.is_simulated ? " simulated" : ""}${s.is_shared ? " shared" : ""}`);
    return wanted.every((word) => words.includes(word));
  });
}

/** The address of a session on this page: it keeps the theme, and drops the moment and the drivers of another session. */
export function addressOf(here: string, { year, event, session }: Session, isLight: string | undefined): string {
  const url = new URL(here);
  const theme = isLight === undefined ? url.searchParams.get("theme") : isLight === "true" ? "light" : "dark";
  url.search = "";
  url.hash = "";
  for (const [name, value] of Object.entries({ year, event, session, theme })) {
    if (value) url.searchParams.set(name, String(value));
  }
  return url.href;
}
