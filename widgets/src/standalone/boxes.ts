// The few widgets of ipywidgets that make sense without a kernel: boxes around panels, and text.

const DIRECTIONS: Record<string, string> = { BoxModel: "row", HBoxModel: "row", VBoxModel: "column" };

/** Style the element as this box and return the references to its children; null for a widget that is not known here. */
export function box(el: HTMLElement, name: string, get: (key: string) => unknown): string[] | null {
  if (name === "LabelModel") {
    el.textContent = String(get("value") ?? "");
    return [];
  }
  if (name === "HTMLModel" || name === "HTMLMathModel") {
    el.innerHTML = String(get("value") ?? ""); // the author of the notebook wrote it as HTML
    return [];
  }
  if (name !== "GridBoxModel" && !(name in DIRECTIONS)) return null;
  el.style.display = name === "GridBoxModel" ? "grid" : "flex";
  if (name in DIRECTIONS && !el.style.flexFlow) el.style.flexDirection = DIRECTIONS[name];
  return (get("children") as string[] | undefined) ?? [];
}

/** A slider or a button of ipywidgets has nobody to talk to here, and says so. */
export function unsupported(el: HTMLElement, name: string): void {
  el.textContent = `${name.replace(/Model$/, "")} needs a kernel: open the notebook for it.`;
}
