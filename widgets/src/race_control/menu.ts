// The bell: a button that opens what one wants to be told, and the drivers one follows.
import { esc } from "../shared/format";
import { element, put } from "../shared/panel";
import { popover } from "../shared/popover";
import { icon } from "../shared/status";
import { chime, isHeldBack, mayNotify, prepare, whyNone } from "./chime";
import { choose, onChoice, settings } from "./settings";

const BELL =
  '<path d="M3.5 11.5h9c-1-1-1.2-2-1.2-4.2a3.3 3.3 0 0 0-6.6 0c0 2.2-.2 3.2-1.2 4.2zM6.6 13.5h2.8" fill="none" stroke="currentColor" stroke-width="1.4"/>';
const OFF = icon(`${BELL}<path d="M2.5 2.5l11 11" stroke="currentColor" stroke-width="1.4"/>`);
const ON = icon(BELL);
const HELD_BACK = "The browser lets it sound after a click on this page.";

export function bell(tools: HTMLElement, codes: readonly string[], signal: AbortSignal): void {
  const button = element("button", "f1nb-button f1nb-toggle");
  button.type = "button";
  const menu = element("div", "f1nb-alerts");
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Alerts");
  tools.append(button, menu);
  const stars = codes.map((code) => `<button type="button" data-driver="${esc(code)}"></button>`).join("");
  put(
    menu,
    `<label><input type="checkbox" value="sound" autofocus>Chime<small></small></label>
     <label><input type="checkbox" value="notify">Browser notification<small></small></label>
     <p>For red flags, safety cars, the chequered flag, starts and restarts${codes.length ? ", and whatever names a favourite:" : "."}</p>
     <div class="f1nb-favourites" role="group" aria-label="Favourites">${stars}</div>`,
  );
  const [sound, notify] = menu.querySelectorAll("input");
  const [soundNote, notifyNote] = menu.querySelectorAll("small");

  const draw = () => {
    const now = settings();
    const isOn = now.sound || (now.notify && !whyNone());
    put(button, isOn ? ON : OFF);
    button.setAttribute("aria-label", isOn ? "Alerts: on" : "Alerts: off");
    button.title = now.sound && isHeldBack() ? `Alerts: on. ${HELD_BACK}` : isOn ? "Alerts: on" : "Alerts: off";
    sound.checked = now.sound;
    notify.checked = now.notify && !whyNone();
    notify.disabled = whyNone() !== null;
    put(soundNote, now.sound && isHeldBack() ? HELD_BACK : "");
    put(notifyNote, whyNone() ?? "");
    for (const star of menu.querySelectorAll<HTMLElement>("[data-driver]")) {
      const code = star.dataset.driver ?? "";
      const isFavourite = now.favourites.includes(code);
      star.setAttribute("aria-pressed", String(isFavourite));
      put(star, `<span aria-hidden="true">${isFavourite ? "★" : "☆"}</span> ${esc(code)}`);
    }
  };
  const listen = () => {
    if (settings().sound) prepare(signal, draw);
    draw();
  };
  sound.addEventListener("change", () => {
    choose({ sound: sound.checked });
    if (sound.checked) prepare(signal, () => chime("favourite")); // so one hears that it works, and how loud it is
  });
  notify.addEventListener("change", async () => choose({ notify: notify.checked && (await mayNotify()) }));
  menu.addEventListener("click", (event) => {
    const code = (event.target as Element).closest<HTMLElement>("[data-driver]")?.dataset.driver;
    if (!code) return;
    const { favourites } = settings();
    choose({ favourites: favourites.includes(code) ? favourites.filter((f) => f !== code) : [...favourites, code] });
  });
  onChoice(listen, signal);
  popover(button, menu, signal, draw);
  listen();
}
