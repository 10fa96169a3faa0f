// src/shared/format.ts
var ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
var esc = (text) => String(text ?? "").replace(/[&<>"']/g, (c) => ENTITIES[c]);

// src/shared/page.ts
var isStandalone = () => document.documentElement.dataset.f1nb === "standalone";
var isVoila = () => document.body.dataset.voila !== void 0;
var isOurs = () => isStandalone() || isVoila();

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

// src/shared/popover.ts
var MARGIN = 8;
function place(button, size, screen) {
  const aligned = button.right - size.width >= MARGIN ? button.right - size.width : button.left;
  const left = Math.max(MARGIN, Math.min(aligned, screen.width - size.width - MARGIN));
  const below = button.bottom + 4;
  const fits = below + size.height + MARGIN <= screen.height;
  const top = fits ? below : Math.max(MARGIN, button.top - 4 - size.height);
  return { left, top };
}
function popover(button, content, signal, onOpen) {
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

// src/shared/session.ts
var SESSION_NAMES = {
  FP1: "Practice 1",
  FP2: "Practice 2",
  FP3: "Practice 3",
  Q: "Qualifying",
  SQ: "Sprint qualifying",
  S: "Sprint",
  R: "Race"
};

// src/session_picker/list.ts
var label = ({ year, event, session }) => `${year} ${event}, ${SESSION_NAMES[session] ?? session}`;
var isSame = (a, b) => a?.year === b?.year && a?.event === b?.event && a?.session === b?.session;
var plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
function find(sessions, query) {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  return sessions.filter((s) => {
    const words = plain(`${label(s)} ${s.session}${s.is_simulated ? " simulated" : ""}${s.is_shared ? " shared" : ""}`);
    return wanted.every((word) => words.includes(word));
  });
}
function addressOf(here, { year, event, session }, isLight) {
  const url = new URL(here);
  const theme = isLight === void 0 ? url.searchParams.get("theme") : isLight === "true" ? "light" : "dark";
  url.search = "";
  url.hash = "";
  for (const [name, value] of Object.entries({ year, event, session, theme })) {
    if (value) url.searchParams.set(name, String(value));
  }
  return url.href;
}

// src/session_picker/index.ts
var DOWN = icon('<path d="m3.5 6 4.5 4.5L12.5 6" fill="none" stroke="currentColor" stroke-width="1.6"/>', 12);
var EMPTY = '<p class="f1nb-none">The store is empty. Load a session with</p><p><span class="f1nb-code">f1nb load 2025 Dutch R</span></p>';
var lists = 0;
function render({ model, el, signal }) {
  if (isStandalone()) return;
  el.classList.add("f1nb", "f1nb-picker");
  const id = `f1nb-sessions-${++lists}`;
  const button = element("button", "f1nb-button f1nb-pick", `<span>Session</span>${DOWN}`);
  button.type = "button";
  const box = element("div", "f1nb-sessions");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", "Sessions");
  box.innerHTML = `
    <input autofocus type="text" role="combobox" aria-expanded="true" aria-controls="${id}" aria-autocomplete="list"
      aria-label="Find a session" placeholder="Find a session" autocomplete="off" spellcheck="false">
    <ul role="listbox" id="${id}" aria-label="Sessions"></ul>
    <div class="f1nb-hint" role="status"></div>`;
  const [input, list, hint] = box.children;
  el.replaceChildren(button, box);
  let found = [];
  let active = 0;
  const optionId = (i) => `${id}-${i}`;
  const mark = (i) => {
    active = Math.max(0, Math.min(found.length - 1, i));
    [...list.children].forEach((option, k) => {
      option.classList.toggle("is-active", k === active);
      if (k === active) option.scrollIntoView({ block: "nearest" });
    });
    if (found.length) input.setAttribute("aria-activedescendant", optionId(active));
    else input.removeAttribute("aria-activedescendant");
  };
  const fill = () => {
    const all = model.get("sessions");
    const value = model.get("value");
    found = find(all, input.value);
    list.innerHTML = found.map((s, i) => {
      const name = esc(SESSION_NAMES[s.session] ?? s.session);
      const simulated = s.is_simulated ? '<span class="f1nb-badge" data-k="sim">SIMULATED</span>' : "";
      const shared = s.is_shared ? '<span class="f1nb-badge">SHARED</span>' : "";
      return `<li role="option" id="${optionId(i)}" aria-selected="${isSame(s, value)}"><b>${esc(s.event)}</b>${simulated}${shared}<span>${name}</span><span>${s.year}</span></li>`;
    }).join("");
    const isEmpty = all.every((s) => s.is_simulated);
    hint.innerHTML = isEmpty ? EMPTY : found.length ? "" : `<p class="f1nb-none">No session like “${esc(input.value)}”.</p>`;
    const chosen = found.findIndex((s) => isSame(s, value));
    mark(input.value ? 0 : chosen);
  };
  const choose = (session) => {
    if (!session) return;
    box.hidePopover();
    if (isSame(session, model.get("value"))) return;
    if (isOurs()) location.assign(addressOf(location.href, session, document.body.dataset.jpThemeLight));
    else {
      model.set("value", session);
      model.save_changes();
    }
  };
  const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
  input.addEventListener("input", fill);
  input.addEventListener("keydown", (event) => {
    if (event.key in STEPS) mark(active + STEPS[event.key]);
    else if (event.key === "Enter") choose(found[active]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) choose(found[[...list.children].indexOf(option)]);
  });
  popover(button, box, signal, fill);
  box.addEventListener("toggle", (event) => {
    if (event.newState === "closed") input.value = "";
  });
  const follow = follower(signal);
  follow(model, "sessions", fill);
  follow(
    model,
    "value",
    () => {
      const value = model.get("value");
      button.title = value ? label(value) : "Choose a session";
      button.setAttribute("aria-label", value ? `Session: ${label(value)}. Choose another` : "Choose a session");
    },
    true
  );
}
var session_picker_default = { render };
export {
  session_picker_default as default
};
