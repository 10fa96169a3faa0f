// What pointer, wheel, fingers and keys ask of the chart. Places are shares of its width, 0 to 1.

export interface Gestures {
  /** null: the pointer has left */
  hover(share: number | null): void;
  /** factor under 1: closer */
  zoom(share: number, factor: number): void;
  /** move the window by a share of its width */
  pan(share: number): void;
  box(from: number, to: number): void;
  reset(): void;
  /** move the cursor by so many metres; infinite: to the start or the end */
  step(metres: number): void;
}

const DRAG_PX = 5;
const STEP_M = 10;

export function gestures(over: HTMLElement, mark: HTMLElement, signal: AbortSignal, on: Gestures): void {
  const listen = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) =>
    over.addEventListener(type, listener, { signal, passive: false });
  const shareOf = (clientX: number) => {
    const { left, width } = over.getBoundingClientRect();
    return width ? Math.min(1, Math.max(0, (clientX - left) / width)) : 0;
  };
  const fingers = new Map<number, number>();
  let dragFrom: number | null = null;
  let isBox = false;

  const showBox = (from: number, to: number) => {
    mark.hidden = false;
    mark.style.left = `${Math.min(from, to) * 100}%`;
    mark.style.width = `${Math.abs(to - from) * 100}%`;
  };
  const end = () => {
    dragFrom = null;
    isBox = false;
    mark.hidden = true;
  };
  const pinch = (event: PointerEvent) => {
    const [a, b] = [...fingers.values()];
    fingers.set(event.pointerId, event.clientX);
    const [c, d] = [...fingers.values()];
    const [was, is] = [Math.abs(b - a), Math.abs(d - c)];
    const middle = shareOf((c + d) / 2);
    if (was > 20 && is > 20) on.zoom(middle, was / is);
    on.pan(shareOf((a + b) / 2) - middle);
  };

  listen("pointerdown", (event) => {
    fingers.set(event.pointerId, event.clientX);
    if (event.pointerType === "mouse" && event.button === 0) {
      dragFrom = event.clientX;
      over.setPointerCapture(event.pointerId);
    } else if (event.pointerType !== "mouse" && fingers.size === 1) on.hover(shareOf(event.clientX));
  });
  listen("pointermove", (event) => {
    if (fingers.size === 2 && fingers.has(event.pointerId)) return pinch(event);
    if (fingers.size > 2) return;
    if (dragFrom !== null) {
      isBox ||= Math.abs(event.clientX - dragFrom) > DRAG_PX;
      if (isBox) showBox(shareOf(dragFrom), shareOf(event.clientX));
    }
    on.hover(shareOf(event.clientX));
  });
  listen("pointerup", (event) => {
    fingers.delete(event.pointerId);
    if (isBox && dragFrom !== null) on.box(shareOf(dragFrom), shareOf(event.clientX));
    end();
  });
  listen("pointercancel", (event) => {
    fingers.delete(event.pointerId);
    end();
  });
  listen("pointerleave", (event) => {
    fingers.delete(event.pointerId);
    if (dragFrom === null) on.hover(null);
  });
  // a plain wheel scrolls the page; it zooms with ctrl (which is also what a pinch on a touchpad sends) or in the focused chart
  listen("wheel", (event) => {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      return on.pan(event.deltaX / (over.clientWidth || 1));
    }
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== over) return;
    event.preventDefault();
    on.zoom(shareOf(event.clientX), Math.exp(event.deltaY * (event.ctrlKey && Math.abs(event.deltaY) < 30 ? 0.01 : 0.0015)));
  });
  listen("dblclick", () => on.reset());
  listen("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const metres = STEP_M * (event.shiftKey ? 10 : 1);
    const actions: Record<string, () => void> = {
      ArrowLeft: () => on.step(-metres),
      ArrowRight: () => on.step(metres),
      Home: () => on.step(Number.NEGATIVE_INFINITY),
      End: () => on.step(Number.POSITIVE_INFINITY),
      "+": () => on.zoom(Number.NaN, 0.7),
      "=": () => on.zoom(Number.NaN, 0.7),
      "-": () => on.zoom(Number.NaN, 1 / 0.7),
      Escape: () => on.reset(),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });
}
