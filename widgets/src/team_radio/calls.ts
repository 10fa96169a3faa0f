// What was said on the radio by a moment, and whether it may be played. No DOM here.
import type { Table } from "../shared/columns";

const HOST = "livetiming.formula1.com";

export interface Call {
  key: string;
  time_s: number;
  driver: string | null;
  /** where the recording is; null: nowhere that is known to be the official host */
  url: string | null;
  /** what came instead of such an address */
  said: string;
  transcript: string;
}

/** The address, if it is one of the official host over https; what else a feed may hold is text, no link. */
export function official(address: string | null): string | null {
  if (!address || !URL.canParse(address)) return null;
  const url = new URL(address);
  const isPlain = !url.port && !url.username && !url.password;
  return url.protocol === "https:" && url.hostname === HOST && isPlain ? url.href : null;
}

export function readCalls(table: Table): Call[] {
  const time = table.number("time_s");
  const [driver, address, transcript] = ["driver", "url", "transcript"].map((name) => table.text(name));
  return Array.from({ length: table.rows }, (_, i) => {
    const url = official(address[i]);
    return {
      key: `${time[i]} ${driver[i]} ${address[i]}`,
      time_s: time[i],
      driver: driver[i],
      url,
      said: url ? "" : (address[i] ?? ""),
      transcript: transcript[i] ?? "",
    };
  }).sort((a, b) => a.time_s - b.time_s);
}
