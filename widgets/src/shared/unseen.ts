// A list that grows at its top: who has scrolled on in it is told how much has come, and stays where he is.
import { element } from "./panel";

const AT_TOP_PX = 8;

export class Unseen {
  readonly button = element("button", "f1nb-unseen");
  private n = 0;

  constructor(private readonly list: HTMLElement) {
    this.button.type = "button";
    this.button.hidden = true;
    this.button.addEventListener("click", () => {
      list.scrollTo({ top: 0 });
      list.focus();
      this.clear();
    });
    list.addEventListener("scroll", () => list.scrollTop <= AT_TOP_PX && this.clear());
  }

  /** So many lines have come at the top. */
  add(n: number): void {
    if (!n || this.list.scrollTop <= AT_TOP_PX) return;
    this.n += n;
    this.button.textContent = `${this.n} new`;
    this.button.hidden = false;
  }

  clear(): void {
    this.n = 0;
    this.button.hidden = true;
  }
}
