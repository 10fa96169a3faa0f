// Pages under one header: a tab list that the arrow keys move in.
import { element } from "../shared/panel";

export interface Page {
  name: string;
  panel: HTMLElement;
  /** called once, when the page is first opened */
  open(): void;
}

let count = 0;

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
