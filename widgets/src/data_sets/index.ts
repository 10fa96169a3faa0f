// f1nb.panels.data_sets: what a session has, where it came from, and what is wrong or was repaired in it.
import type { Table } from "../shared/columns";
import { esc, NONE } from "../shared/format";
import { findingsHtml, readFindings } from "../shared/health";
import { element, type Panel, panel } from "../shared/panel";
import type { Model } from "./model";

const GLYPHS: Record<string, string> = {
  available: "✓",
  partial: "◐",
  not_published: "○",
  needs_sign_in: "⊘",
  failed: "✕",
};
const words = (name: string) => name.replaceAll("_", " ");

/** What was repaired, one line for each column and reason, with the first value as an example. */
function repairsTable(repairs: Table): HTMLElement {
  const [table, column, method, driver, published, used] = ["table", "column", "method", "driver", "published", "used"].map(
    (name) => repairs.text(name),
  );
  const [n, lap] = ["n", "lap"].map((name) => repairs.number(name));
  const lines = Array.from({ length: repairs.rows }, (_, i) => {
    const where = [driver[i], lap[i] > 0 && `lap ${lap[i]}`].filter(Boolean).join(", ");
    const change = `${esc(where)}: ${esc(published[i] ?? NONE)} → ${esc(used[i] ?? NONE)}`;
    const what = `${words(table[i] ?? "")}: ${column[i] ?? ""}`;
    return `<tr><th scope="row">${esc(what)}</th><td class="f1nb-fig">${n[i].toLocaleString("en")}</td><td>${change}</td><td>${esc(method[i])}</td></tr>`;
  });
  return element(
    "table",
    "f1nb-sets",
    `<caption class="f1nb-sr">Repairs</caption><thead><tr><th scope="col">Repaired</th><th scope="col" class="f1nb-fig">Values</th><th scope="col">The first: published → used</th><th scope="col">Why, and how</th></tr></thead><tbody>${lines.join("")}</tbody>`,
  );
}

function setup(p: Panel<Model>): void {
  const sets = p.tables.data_sets;
  const [name, state, origin, note] = ["table", "state", "origin", "note"].map((column) => sets.text(column));
  const rows = sets.number("rows");
  const lines = Array.from({ length: sets.rows }, (_, i) => {
    const what = state[i] ?? "failed";
    const said = what === "needs_sign_in" ? "needs sign-in" : words(what);
    const label = `<span class="f1nb-state" data-k="${esc(what)}"><i aria-hidden="true">${GLYPHS[what] ?? ""}</i>${esc(said)}</span>`;
    const size = rows[i] > 0 ? `${rows[i].toLocaleString("en")} row${rows[i] === 1 ? "" : "s"}` : NONE;
    return `<tr><th scope="row">${esc(words(name[i] ?? ""))}</th><td>${label}</td><td>${esc(origin[i] ?? NONE)}</td><td class="f1nb-fig">${size}</td><td>${esc(note[i])}</td></tr>`;
  });
  p.meta.textContent = "what this session has, and where it came from";
  p.body.append(
    element(
      "table",
      "f1nb-sets",
      `<caption class="f1nb-sr">Data sets of this session</caption><thead><tr><th scope="col">Data set</th><th scope="col">State</th><th scope="col">Origin</th><th scope="col" class="f1nb-fig">Size</th><th scope="col">Note</th></tr></thead><tbody>${lines.join("")}</tbody>`,
    ),
  );
  const findings = readFindings(p.tables.health);
  if (findings.length)
    p.body.append(element("h3", "f1nb-sub", "Found in the data"), element("div", "", findingsHtml(findings)));
  p.grows(["data_sets", "health", "repairs"], p.restart);
  if (p.tables.repairs.rows) p.body.append(element("h3", "f1nb-sub", "Repaired"), repairsTable(p.tables.repairs));
}

export default { render: panel<Model>("data_sets", setup) };
