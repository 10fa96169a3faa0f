// src/shared/format.ts
var ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
var esc = (text) => String(text ?? "").replace(/[&<>"']/g, (c) => ENTITIES[c]);

// src/shared/status.ts
var CAR = "M1 12V9l2-.8L5 5h6l2.2 3.2L15 9v3";
var STATUS = {
  clear: {
    name: "Track clear",
    short: "CLEAR",
    glyph: '<path d="M2.5 8.5 6.5 12 13.5 4.5" fill="none" stroke="currentColor" stroke-width="2.4"/>'
  },
  yellow: { name: "Yellow flag", short: "YELLOW", glyph: '<path d="M3 14V2h10l-3 4 3 4H5v4z" fill="currentColor"/>' },
  safety_car: {
    name: "Safety car",
    short: "SC",
    glyph: `<path d="${CAR}h-2a2 2 0 0 1-4 0H7a2 2 0 0 1-4 0zM6 2h4v2H6z" fill="currentColor"/>`
  },
  vsc: {
    name: "Virtual SC",
    short: "VSC",
    glyph: `<path d="${CAR}z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.5 1.5"/>`
  },
  vsc_ending: {
    name: "VSC ending",
    short: "VSC",
    glyph: `<path d="${CAR}z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.5 1.5"/>`
  },
  red: { name: "Red flag", short: "RED", glyph: '<path d="M2 2h12v12H2z" fill="currentColor"/>' }
};
var icon = (paths, size = 16) => `<svg class="f1nb-icon" viewBox="0 0 16 16" width="${size}" height="${size}" aria-hidden="true">${paths}</svg>`;

// src/shared/panel.ts
function element(tag, className = "", html = "") {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (html) e.innerHTML = html;
  return e;
}
function guarded(callback, report) {
  let hasFailed = false;
  return () => {
    try {
      callback();
    } catch (error) {
      if (hasFailed) return;
      hasFailed = true;
      console.error(error);
      report(error);
    }
  };
}
function follower(signal, report = () => {
}) {
  return (model, trait, callback, now = false) => {
    const safe = guarded(callback, report);
    model.on(`change:${trait}`, safe);
    signal.addEventListener("abort", () => model.off(`change:${trait}`, safe));
    if (now) callback();
  };
}
var GLYPHS = {
  info: '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M5 8h6" stroke="currentColor" stroke-width="1.4"/>',
  warn: '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round"/><path d="M8 6v4m0 1.4v1" stroke="currentColor" stroke-width="1.5"/>',
  error: '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round"/><path d="M8 6v4m0 1.4v1" stroke="currentColor" stroke-width="1.5"/>',
  act: '<path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3 7h10v7H3z" fill="none" stroke="currentColor" stroke-width="1.4"/>'
};
function blankHtml(note) {
  const code = note.code ? `<span class="f1nb-code">${esc(note.code)}</span>` : "";
  return `<div class="f1nb-blank" data-k="${note.kind}">${icon(GLYPHS[note.kind], 26)}<h3>${esc(note.title)}</h3><p>${esc(note.text)}</p>${code}</div>`;
}

// src/message/index.ts
function render({ model, el, signal }) {
  el.classList.add("f1nb", "f1nb-cell");
  const root = element("section", "f1nb-panel f1nb-message");
  root.setAttribute("role", "alert");
  el.replaceChildren(root);
  const follow = follower(signal);
  const show = () => {
    root.innerHTML = blankHtml({
      kind: "info",
      title: model.get("title"),
      text: model.get("text"),
      code: model.get("code")
    });
  };
  follow(model, "text", show, true);
  follow(model, "title", show);
  follow(model, "code", show);
}
var message_default = { render };
export {
  message_default as default
};
