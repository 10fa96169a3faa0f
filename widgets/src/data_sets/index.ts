// f1nb.panels.data_sets: what a session has, and where it came from.
import { esc, NONE } from "../shared/format";
import { element, type Panel, panel } from "../shared/panel";
import type { Model } from "./model";

const GLYPHS: Record<string, string> = {
  available: "✓",
  partial: "◐",
  not_published: "○",
  needs_sign_in: "⚿",
  failed: "✕",
};
const words = (name: string) => name.replaceAll("_", " ");

function setup(p: Panel<Model>): void {
  const sets = p.tables.data_sets;
  const [name, state, origin, note] = ["table", "state", "origin", "note"].map((column) => sets.text(column));
  const rows = sets.number("rows");
  const lines = Array.from({ length: sets.rows }, (_, i) => {
    const what = state[i] ?? "failed";
    const label = `<span class="f1nb-state" data-k="${esc(what)}"><i aria-hidden="true">${GLYPHS[what] ?? ""}</i>${esc(words(what))}</span>`;
    const size = rows[i] > 0 ? `${rows[i].toLocaleString("en")} row${rows[i] === 1 ? "" : "s"}` : NONE;
    return `<tr><th scope="row">${esc(words(name[i] ?? ""))}</th><td>${label}</td><td>${esc(origin[i] ?? NONE)}</td><td class="f1nb-fig">${size}</td><td>${esc(note[i])}</td></tr>`;
  });
  p.meta.textContent = "what this session has, and where it came from";
  p.body.append(
    element(
      "table",
      "f1nb-sets",
      `<caption class="f1nb-sr">Data sets of this session</caption><thead><tr><th scope="col">Data set</th><th scope="col">State</th><th scope="col">Origin</th><th scope="col">Size</th><th scope="col">Note</th></tr></thead><tbody>${lines.join("")}</tbody>`,
    ),
  );
}

export default { render: panel<Model>("data_sets", setup) };
