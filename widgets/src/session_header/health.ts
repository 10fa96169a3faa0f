// The badge that says how healthy the data are, and the list that it opens.
import { type Finding, findingsHtml, healthWords } from "../shared/health";
import { element } from "../shared/panel";
import { popover } from "../shared/popover";
import { icon } from "../shared/status";

const MOST = 12;

export function healthBadge(findings: Finding[], signal: AbortSignal): [HTMLButtonElement, HTMLElement] {
  const { look, glyph, n, title } = healthWords(findings);
  const notes = n && `<span>${n}<span class="f1nb-word"> ${n === 1 ? "note" : "notes"}</span></span>`;
  const words = `<span class="f1nb-word">Data</span>${icon(glyph, 12)}${notes || ""}`;
  const button = element("button", "f1nb-badge f1nb-health", words);
  button.type = "button";
  button.dataset.look = look;
  button.title = title;
  button.setAttribute("aria-label", title);
  button.setAttribute("aria-haspopup", "dialog");
  const more = findings.length > MOST ? `<p>And ${findings.length - MOST} more: session.health() has all.</p>` : "";
  const all = findings.length
    ? `${findingsHtml(findings.slice(0, MOST))}${more}<p>What each data set has, and each repair, is under Data.</p>`
    : "<p>Nothing contradicts itself, is missing inside what there is, or had to be repaired.</p>";
  const list = element("div", "f1nb-health-list", `<h3>Data of this session</h3>${all}`);
  list.setAttribute("role", "dialog");
  list.setAttribute("aria-label", "Data of this session");
  popover(button, list, signal);
  return [button, list];
}
