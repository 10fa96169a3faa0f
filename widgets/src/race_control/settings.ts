// What a viewer wants to be told, remembered by the browser for all sessions, and shared by the panels of a page.

export interface Settings {
  sound: boolean;
  notify: boolean;
  favourites: string[];
}

const KEY = "f1nb.alerts";
const CHANGED = "f1nb-alerts";

function remembered(): Settings {
  try {
    const { sound, notify, favourites } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const codes = Array.isArray(favourites) ? favourites.filter((code) => typeof code === "string") : [];
    return { sound: sound === true, notify: notify === true, favourites: codes };
  } catch {
    return { sound: false, notify: false, favourites: [] }; // nothing is remembered here, or it is somebody else's
  }
}

let unsaved: Settings | null = null;

/** What holds now: what is remembered, or what was chosen where nothing can be. */
export const settings = (): Settings => unsaved ?? remembered();

export function choose(change: Partial<Settings>): void {
  const next = { ...settings(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
    unsaved = null;
  } catch {
    unsaved = next; // it lasts as long as the page
  }
  dispatchEvent(new Event(CHANGED));
}

/** Be told of a choice, made in this panel, in another one, or in another tab. */
export function onChoice(callback: () => void, signal: AbortSignal): void {
  addEventListener(CHANGED, callback, { signal });
  addEventListener("storage", (event) => event.key === KEY && callback(), { signal });
}

const SAID = Symbol.for("f1nb.said");
const AGAIN_MS = 5000;

/** Whether this is the first panel of the page that says so: each has a script of its own, and one chime is enough. */
export function isFirst(key: string): boolean {
  const page = globalThis as { [SAID]?: Map<string, number> };
  page[SAID] ??= new Map();
  const now = performance.now();
  const before = page[SAID].get(key) ?? Number.NEGATIVE_INFINITY;
  page[SAID].set(key, now);
  return now - before > AGAIN_MS;
}
