// A small surface that a button opens: in the top layer, so that no panel clips it, and closed by Escape or a click elsewhere.

const MARGIN = 8;

/**
 * Where it goes: below the button, their right edges in line, or their left ones where that would leave the screen; above where
 * there is no room; never off the screen.
 */
export function place(
  button: { left: number; right: number; top: number; bottom: number },
  size: { width: number; height: number },
  screen: { width: number; height: number },
): { left: number; top: number } {
  const aligned = button.right - size.width >= MARGIN ? button.right - size.width : button.left;
  const left = Math.max(MARGIN, Math.min(aligned, screen.width - size.width - MARGIN));
  const below = button.bottom + 4;
  const fits = below + size.height + MARGIN <= screen.height;
  const top = fits ? below : Math.max(MARGIN, button.top - 4 - size.height);
  return { left, top };
}

/** Let `button` open and close `content`, which stands in a panel already. `onOpen` fills it and may take the focus. */
export function popover(button: HTMLButtonElement, content: HTMLElement, signal: AbortSignal, onOpen?: () => void): void {
  content.popover = "auto";
  content.classList.add("f1nb-popover");
  button.popoverTargetElement = content;
  button.setAttribute("aria-expanded", "false");
  const put = () => {
    const screen = { width: document.documentElement.clientWidth, height: innerHeight };
    const { left, top } = place(button.getBoundingClientRect(), content.getBoundingClientRect(), screen);
    content.style.left = `${left}px`;
    content.style.top = `${top}px`;
    content.style.opacity = "";
  };
  // its place is known one event after it is open: not seen until then, but what has `autofocus` takes the keys at once
  content.addEventListener("beforetoggle", (event) => {
    content.style.opacity = event.newState === "open" ? "0" : "";
  });
  let following = new AbortController();
  content.addEventListener("toggle", (event) => {
    const isOpen = event.newState === "open";
    button.setAttribute("aria-expanded", String(isOpen));
    following.abort();
    if (!isOpen) return;
    onOpen?.();
    put();
    following = new AbortController();
    const on = AbortSignal.any([following.signal, signal]);
    addEventListener("scroll", put, { capture: true, signal: on });
    addEventListener("resize", put, { signal: on });
  });
}
