// What a key does to the clock.

export type Action =
  | { do: "toggle" }
  | { do: "move"; by_s: number }
  | { do: "jump"; direction: 1 | -1 }
  | { do: "end" }
  | { do: "seek"; share: number };

const STEP_S = 5;
const LAP_S = 75; // about a lap of most circuits

export const KEYS_HELP = [
  "Play or pause (space)",
  "Arrows: 5 s; with Shift, or Page up and down: about a lap (75 s)",
  ", and . : previous and next event",
  "1 to 9: 10 % to 90 % of the session; Home, End",
  "l: to the live edge, or the end",
].join("\n");

/** Keys that work wherever the focus is on a page of ours, unless something there wants them. */
export const PAGE_WIDE = [" ", ",", ".", "l"];

export function action({ key, shiftKey }: { key: string; shiftKey: boolean }): Action | null {
  const step = shiftKey ? LAP_S : STEP_S;
  switch (key) {
    case " ":
      return { do: "toggle" };
    case "ArrowRight":
    case "ArrowUp":
      return { do: "move", by_s: step };
    case "ArrowLeft":
    case "ArrowDown":
      return { do: "move", by_s: -step };
    case "PageUp":
      return { do: "move", by_s: LAP_S };
    case "PageDown":
      return { do: "move", by_s: -LAP_S };
    case ",":
      return { do: "jump", direction: -1 };
    case ".":
      return { do: "jump", direction: 1 };
    case "Home":
      return { do: "seek", share: 0 };
    case "End":
    case "l":
      return { do: "end" };
    default:
      return /^[1-9]$/.test(key) ? { do: "seek", share: Number(key) / 10 } : null;
  }
}
