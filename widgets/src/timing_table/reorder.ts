// Put rows into another order; each slides from where it was.
import { reducedMotion } from "../shared/theme";

const MOTION: KeyframeAnimationOptions = { duration: 420, easing: "cubic-bezier(.2, .7, .2, 1)", id: "f1nb-move" };
const ON_TOP = { zIndex: 1 };

const top = (row: HTMLElement): number => row.getBoundingClientRect().top;

export function reorder(body: HTMLTableSectionElement, rows: HTMLTableRowElement[], isAnimated: boolean): void {
  const moves = isAnimated && !reducedMotion();
  const before = moves ? rows.map(top) : [];
  const focused = body.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  let next = body.firstElementChild;
  for (const row of rows) {
    if (row === next) next = next.nextElementSibling;
    else body.insertBefore(row, next); // only what changes place is moved: the rest keeps focus and scroll
  }
  if (focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
  if (!moves) return;
  for (const row of rows) for (const a of row.getAnimations()) if (a.id === MOTION.id) a.cancel();
  const after = rows.map(top);
  rows.forEach((row, i) => {
    const from = before[i] - after[i];
    if (from)
      row.animate(
        [
          { transform: `translateY(${from}px)`, ...ON_TOP },
          { transform: "none", ...ON_TOP },
        ],
        MOTION,
      );
  });
}
