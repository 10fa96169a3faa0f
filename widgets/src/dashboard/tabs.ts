// Pages under one header: a tab list that the arrow keys move in.
import { element } from "../shared/panel";

export interface Page {
  name: string;
  panel: HTMLElement;
  /** called once, when the page is first opened */
  open(): void;
}

let count = 0;

/** As in style.css: from here on the tabs stand in the header's line, after the event's name; below, on one of their own. */
const WIDE_PX = 1240;

/** Keep the tabs where they belong at the width that `el` has, also when the header is drawn anew with what they stand in. */
export function seat(list: HTMLElement, top: HTMLElement, el: HTMLElement, signal: AbortSignal): void {
  const place = () => {
    const event = el.clientWidth >= WIDE_PX ? top.querySelector(".f1nb-event") : null;
    if (event ? event.nextElementSibling === list : list.parentElement === top) return;
    const focused = document.activeElement;
    if (event) event.after(list);
    else top.insertBefore(list, top.querySelector(":scope > .f1nb-help-button"));
    if (focused instanceof HTMLElement && list.contains(focused)) focused.focus();
  };
  const width = new ResizeObserver(place);
  width.observe(el);
  const header = new MutationObserver(place);
  header.observe(top, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    width.disconnect();
    header.disconnect();
  });
}

export function tabs(pages: Page[]): HTMLElement {
  const list = element("div", "f1nb-tabs");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Pages");
  const opened = new Set<Page>();
  const buttons = pages.map(({ name, panel }) => {
    const button = element("button");
    const id = `f1nb-tab-${++count}`;
    button.textContent = name;
    button.id = id;
    button.setAttribute("role", "tab");
    panel.id = `${id}-page`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", id);
    button.setAttribute("aria-controls", panel.id);
    list.append(button);
    return button;
  });
  const choose = (chosen: number) => {
    buttons.forEach((button, i) => {
      button.setAttribute("aria-selected", String(i === chosen));
      button.tabIndex = i === chosen ? 0 : -1;
      pages[i].panel.hidden = i !== chosen;
    });
    const page = pages[chosen];
    if (opened.has(page)) return;
    opened.add(page);
    page.open();
  };
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => choose(i));
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (!step || at < 0) return;
    const next = (at + step + buttons.length) % buttons.length;
    buttons[next].focus();
    choose(next);
    event.preventDefault();
  });
  choose(0);
  return list;
}
