// Which page this is: one of ours, or a notebook in an application that has its own address, theme and keys.

/** A file that plays without kernel or server (f1nb/export.py). */
export const isStandalone = (): boolean => document.documentElement.dataset.f1nb === "standalone";

/** Voilà's page. It carries JupyterLab's shell, hidden, so it has to be asked for by its own name. */
const isVoila = (): boolean => document.body.dataset.voila !== undefined;

/** True on a dashboard and in a standalone file; false in a notebook, where address and theme belong to somebody else. */
export const isOurs = (): boolean => isStandalone() || isVoila();

/** A notebook turns plain keys into commands, a cell into Markdown on "m": those pressed inside a panel stay with it. */
export function keepKeys(el: HTMLElement, signal: AbortSignal): void {
  if (isOurs()) return;
  const keep = (event: KeyboardEvent) => {
    const isForHost =
      event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape" || (event.shiftKey && event.key === "Enter");
    if (!isForHost) event.stopPropagation();
  };
  el.addEventListener("keydown", keep, { signal });
}
