// When the figures are renewed: twice a second while playing, at once when the order changes or somebody seeks.

const EVERY_MS = 500;

export interface Shown {
  time_s: number;
  /** `TimingLog.orderAt` */
  order: number;
  /** of the browser's own clock */
  at_ms: number;
}

export function isDue(shown: Shown, now: Shown, playing: boolean, speed: number): boolean {
  const passed = now.time_s - shown.time_s;
  const isSeek = !playing || passed < 0 || passed > speed; // playing, a second of ours is `speed` seconds of the session
  return isSeek || now.order !== shown.order || now.at_ms - shown.at_ms >= EVERY_MS;
}
