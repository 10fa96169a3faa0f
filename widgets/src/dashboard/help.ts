// "?" says which keys there are.
import { element } from "../shared/panel";

const KEYS: [string, [string, string][]][] = [
  [
    "Session clock",
    [
      ["Space", "play or pause"],
      [", .", "previous and next event"],
      ["L", "to the live edge, or the end"],
      ["← →", "5 seconds; with Shift about a lap"],
      ["1 … 9", "10 % to 90 % of the session"],
      ["Home End", "the start, and the live edge or the end"],
    ],
  ],
  [
    "Timing",
    [
      ["↑ ↓", "the driver above and below"],
      ["Enter", "select or release a driver"],
      ["C", "compare all others with this driver"],
    ],
  ],
  [
    "Telemetry",
    [
      ["← →", "the cursor by 10 metres; with Shift by 100"],
      ["+ −", "closer and wider"],
      ["Esc", "the whole lap"],
    ],
  ],
  [
    "Everywhere",
    [
      ["Tab", "the next control"],
      ["Esc", "close what is open"],
      ["?", "this list"],
    ],
  ],
];

/** A list of keys over the page, opened by "?" where that is heard, and by the button that is returned. */
export function help(el: HTMLElement, hears: Document | HTMLElement, signal: AbortSignal): HTMLButtonElement {
  const keys = (names: string) =>
    names
      .split(" ")
      .map((name) => (name === "…" ? " to " : `<kbd>${name}</kbd>`))
      .join(" ");
  const group = ([title, lines]: (typeof KEYS)[number]) =>
    `<section><h3>${title}</h3><dl>${lines.map(([names, what]) => `<div><dt>${keys(names)}</dt><dd>${what}</dd></div>`).join("")}</dl></section>`;
  const dialog = element(
    "dialog",
    "f1nb-help",
    `<header><h2 id="f1nb-help-title">Keys</h2><button class="f1nb-button" type="button" aria-label="Close">×</button></header>
     <div class="f1nb-help-groups">${KEYS.map(group).join("")}</div>
     <p>Keys of the clock but space, comma, full stop and L work while its bar has the focus.</p>`,
  );
  dialog.setAttribute("aria-labelledby", "f1nb-help-title");
  el.append(dialog);
  const toggle = () => (dialog.open ? dialog.close() : dialog.showModal());
  dialog.addEventListener("click", (event) => {
    const isBeside = event.target === dialog; // of what is inside, something in it is the target
    if (isBeside || (event.target as Element).closest("button")) dialog.close();
  });
  const press = (event: Event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event as KeyboardEvent;
    const isTyping = (target as Element).closest("input, select, textarea, [contenteditable]");
    if (key !== "?" || isTyping || ctrlKey || metaKey || altKey) return;
    event.preventDefault();
    toggle();
  };
  hears.addEventListener("keydown", press, { signal });
  const button = element("button", "f1nb-button f1nb-help-button", "?");
  button.type = "button";
  button.title = "Keys (?)";
  button.setAttribute("aria-label", "Keys");
  button.addEventListener("click", toggle);
  return button;
}
