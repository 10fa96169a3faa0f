// A chime without a file, and a notification of the browser.
import type { Alert, Tone } from "./alerts";

/** Notes of each: frequency in Hz and length in seconds. Down is bad news, up is good news. */
const NOTES: Record<Tone, [number, number][]> = {
  stop: [[659, 0.16], [523, 0.16], [392, 0.4]],
  caution: [[587, 0.16], [440, 0.34]],
  flag: [[523, 0.14], [659, 0.14], [784, 0.36]],
  start: [[523, 0.14], [784, 0.3]],
  favourite: [[784, 0.22]],
}; // biome-ignore format: one line each
const VOLUME = 0.16;

let audio: AudioContext | null = null;

/** Whether the browser lets a page sound: not before somebody has clicked on it. */
export const isHeldBack = (): boolean => audio?.state === "suspended";

/** Make ready to sound, now and, where the browser holds it back, as soon as somebody does something on the page. */
export function prepare(signal: AbortSignal, onReady: () => void): void {
  audio ??= new AudioContext();
  const wake = () => audio?.resume().then(onReady, () => {});
  wake();
  if (audio.state === "running") return;
  for (const event of ["click", "keydown"] as const) addEventListener(event, wake, { signal, once: true });
}

export function chime(tone: Tone): void {
  if (audio?.state !== "running") return; // what was not heard at its time is not made up for
  let at = audio.currentTime + 0.02;
  for (const [hz, length_s] of NOTES[tone]) {
    const note = new OscillatorNode(audio, { frequency: hz, type: "triangle" });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(VOLUME, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length_s);
    note.connect(volume).connect(audio.destination);
    note.start(at);
    note.stop(at + length_s);
    at += length_s * 0.8;
  }
}

let isRefused = false;

/** Why the browser shows no notifications; null: it does, or will when it is asked. */
export function whyNone(): string | null {
  if (isRefused) return "Not by this browser, which takes none from a page.";
  if (!("Notification" in globalThis) || !isSecureContext) return "Not on this page: it would have to come over https.";
  if (Notification.permission === "denied") return "Blocked: allow notifications for this page in the browser's settings.";
  return null;
}

/** Ask the browser, where it has not been asked, and return whether it will show them. */
export async function mayNotify(): Promise<boolean> {
  if (whyNone()) return false;
  return (await Notification.requestPermission()) === "granted";
}

export function notify(alert: Alert, event: string): void {
  if (whyNone() || Notification.permission !== "granted") return;
  const body = alert.text && alert.text !== alert.title ? alert.text : event;
  try {
    new Notification(alert.title, { body, tag: `f1nb ${alert.key}`, silent: true }); // its sound is ours
  } catch {
    isRefused = true; // those of phones have permission and still throw; the menu says so
  }
}
