// What was found wrong or doubtful in the data: read once, said in the header and in the panel of the data sets.
import type { Table } from "./columns";
import { esc } from "./format";
import { icon } from "./status";

export type Severity = "error" | "warning" | "info";

export interface Finding {
  severity: Severity;
  text: string;
}

export function readFindings(table: Table): Finding[] {
  const [severity, finding] = [table.text("severity"), table.text("finding")];
  return Array.from({ length: table.rows }, (_, i) => ({
    severity: (severity[i] ?? "info") as Severity,
    text: finding[i] ?? "",
  }));
}

const TRIANGLE =
  '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M8 6v4m0 1.4v1" stroke="currentColor" stroke-width="1.6"/>';
const HALF =
  '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 2.4a5.6 5.6 0 0 0 0 11.2z" fill="currentColor"/>';
const CHECK = '<path d="M2.5 8.5 6.5 12 13.5 4.5" fill="none" stroke="currentColor" stroke-width="2.2"/>';

const LOOK: Record<Severity, { glyph: string; name: string }> = {
  error: { glyph: TRIANGLE, name: "Error" },
  warning: { glyph: HALF, name: "Warning" },
  info: { glyph: HALF, name: "Note" },
};

/** The badge over all findings: the look of the gravest, and how many there are. */
export function healthWords(findings: Finding[]): { look: Severity | "ok"; glyph: string; n: number; title: string } {
  const look = (["error", "warning", "info"] as const).find((s) => findings.some((f) => f.severity === s));
  if (!look) return { look: "ok", glyph: CHECK, n: 0, title: "Data: nothing wrong was found" };
  const n = findings.length;
  return { look, glyph: LOOK[look].glyph, n, title: `Data: ${n === 1 ? "1 note" : `${n} notes`}; what is wrong or doubtful` };
}

/** The findings as a list, each with its sign and its name. */
export function findingsHtml(findings: Finding[]): string {
  const rows = findings.map(
    ({ severity, text }) =>
      `<li data-k="${esc(severity)}">${icon(LOOK[severity].glyph, 13)}<span><b>${LOOK[severity].name}.</b> ${esc(text)}</span></li>`,
  );
  return `<ul class="f1nb-findings">${rows.join("")}</ul>`;
}
