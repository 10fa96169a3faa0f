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
function readStatus(table) {
  const time = table.number("time_s");
  const status = table.text("status");
  return Array.from({ length: table.rows }, (_, i) => ({ time_s: time[i], status: status[i] ?? "clear" }));
}
function statusAt(changes, time_s) {
  let current = { time_s: 0, status: "clear" };
  for (const change of changes) {
    if (change.time_s > time_s) break;
    if (change.status !== current.status) current = change;
  }
  return current;
}
var icon = (paths, size = 16) => `<svg class="f1nb-icon" viewBox="0 0 16 16" width="${size}" height="${size}" aria-hidden="true">${paths}</svg>`;

// src/shared/timing.ts
var EMPTY = { times: new Float64Array(), values: new Float64Array() };
function lastAt(times, time) {
  let lo = -1;
  let hi = times.length;
  while (hi - lo > 1) {
    const mid = lo + hi >> 1;
    if (times[mid] <= time) lo = mid;
    else hi = mid;
  }
  return lo;
}

// src/clock/moments.ts
function lapAt(laps, now_s) {
  return laps.lap[Math.max(0, lastAt(laps.time_s, now_s))] ?? 1;
}

// src/shared/format.ts
function clockTime(seconds) {
  const s = Math.floor(Math.abs(seconds) + 1e-6);
  const two = (v) => String(v).padStart(2, "0");
  return `${seconds < 0 && s ? "−" : ""}${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
function ago(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}
var ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
var esc = (text2) => String(text2 ?? "").replace(/[&<>"']/g, (c) => ENTITIES[c]);

// src/shared/health.ts
function readFindings(table) {
  const [severity, finding] = [table.text("severity"), table.text("finding")];
  return Array.from({ length: table.rows }, (_, i) => ({
    severity: severity[i] ?? "info",
    text: finding[i] ?? ""
  }));
}
var TRIANGLE = '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M8 6v4m0 1.4v1" stroke="currentColor" stroke-width="1.6"/>';
var HALF = '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 2.4a5.6 5.6 0 0 0 0 11.2z" fill="currentColor"/>';
var CHECK = '<path d="M2.5 8.5 6.5 12 13.5 4.5" fill="none" stroke="currentColor" stroke-width="2.2"/>';
var LOOK = {
  error: { glyph: TRIANGLE, name: "Error" },
  warning: { glyph: HALF, name: "Warning" },
  info: { glyph: HALF, name: "Note" }
};
function healthWords(findings) {
  const look = ["error", "warning", "info"].find((s) => findings.some((f) => f.severity === s));
  if (!look) return { look: "ok", glyph: CHECK, n: 0, title: "Data: nothing wrong was found" };
  const n = findings.length;
  return { look, glyph: LOOK[look].glyph, n, title: `Data: ${n === 1 ? "1 note" : `${n} notes`}; what is wrong or doubtful` };
}
function findingsHtml(findings) {
  const rows = findings.map(
    ({ severity, text: text2 }) => `<li data-k="${esc(severity)}">${icon(LOOK[severity].glyph, 13)}<span><b>${LOOK[severity].name}.</b> ${esc(text2)}</span></li>`
  );
  return `<ul class="f1nb-findings">${rows.join("")}</ul>`;
}

// src/shared/page.ts
var isStandalone = () => document.documentElement.dataset.f1nb === "standalone";
var isVoila = () => document.body.dataset.voila !== void 0;
var isOurs = () => isStandalone() || isVoila();
function keepKeys(el, signal) {
  if (isOurs()) return;
  const keep = (event) => {
    const isForHost = event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape" || event.shiftKey && event.key === "Enter";
    if (!isForHost) event.stopPropagation();
  };
  el.addEventListener("keydown", keep, { signal });
}

// src/shared/theme.ts
function chooseTheme(theme) {
  document.body.dataset.f1nbTheme = theme;
  document.body.dataset.jpThemeLight = String(theme === "light");
}
function onTheme(callback, signal) {
  const observer = new MutationObserver(callback);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
}

// src/shared/panel.ts
function element(tag, className = "", html = "") {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (html) e.innerHTML = html;
  return e;
}
function put(e, html) {
  if (e.f1nbHtml === html) return;
  e.f1nbHtml = html;
  e.innerHTML = html;
}
async function readTables(host, refs) {
  const entries = Object.entries(refs).map(async ([name, ref]) => {
    const { exports } = await host.getWidget(ref);
    return [name, await exports.table()];
  });
  return Object.fromEntries(await Promise.all(entries));
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
function noteHtml(note) {
  const code = note.code ? ` <span class="f1nb-code">${esc(note.code)}</span>` : "";
  return `<div class="f1nb-note" data-k="${note.kind}"><span><b>${esc(note.title)}</b> ${esc(note.text)}${code}</span></div>`;
}
var reason = (error) => error instanceof Error ? error.message : String(error);
var Trouble = class {
  el = element("div", "f1nb-trouble");
  failed = "";
  python = "";
  constructor() {
    this.el.setAttribute("role", "alert");
  }
  report = (error) => {
    if (this.failed) return;
    const text2 = "What it shows may be old; the others go on. Reload the page; if it happens again, report:";
    this.failed = noteHtml({ kind: "error", title: "A panel failed.", text: text2, code: reason(error) });
    put(this.el, this.failed + this.python);
  };
  fromPython(text2) {
    this.python = text2 && noteHtml({ kind: "error", title: "A callback failed.", text: text2, code: "" });
    put(this.el, this.failed + this.python);
  }
};
var IDENTITY = {
  session: ["year", "event", "session", "start_epoch_s", "total_laps"],
  drivers: ["driver", "full_name", "team", "team_color", "number", "grid_position"]
};
var identity = (name, table) => IDENTITY[name].filter((column) => table.has(column)).map((column) => (table.isText(column) ? table.text(column) : table.number(column)).join()).join(";");
function oncePerFrame(callback, signal) {
  let waiting = 0;
  signal.addEventListener("abort", () => cancelAnimationFrame(waiting));
  return () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      if (!signal.aborted) callback();
    });
  };
}
async function connect({ model, host }, signal, root, trouble, restart) {
  const state = model;
  const [clock, selection, tables] = await Promise.all([
    host.getModel(state.get("clock")),
    host.getModel(state.get("selection")),
    readTables(host, state.get("_tables"))
  ]);
  if (signal.aborted) return void 0;
  const guard = (callback) => guarded(callback, trouble.report);
  const again = oncePerFrame(restart, signal);
  for (const name of Object.keys(IDENTITY).filter((known) => known in tables)) {
    const before = identity(name, tables[name]);
    tables[name].watch(() => {
      if (identity(name, tables[name]) !== before) again();
    }, signal);
  }
  return {
    model,
    host,
    signal,
    clock,
    selection,
    tables,
    root,
    follow: follower(signal, trouble.report),
    guard,
    onTheme: (callback) => onTheme(callback, signal),
    grows(names, callback) {
      let from = {};
      const tell = oncePerFrame(
        guard(() => {
          const known = from;
          from = {};
          callback(known);
        }),
        signal
      );
      for (const name of names)
        tables[name].watch((row) => {
          from[name] = Math.min(row, from[name] ?? row);
          tell();
        }, signal);
    },
    restart: again
  };
}
function startable(signal, start) {
  let current = new AbortController();
  signal.addEventListener("abort", () => current.abort());
  const run = () => {
    current.abort();
    current = new AbortController();
    if (signal.aborted) current.abort();
    return start(current.signal, () => {
      run().catch((error) => console.error(error));
    });
  };
  return run();
}
async function ownClock({ model, el, host, signal }) {
  const state = model;
  if (!state.get("_owns_clock")) return;
  const foot = element("footer", "f1nb-own-clock");
  el.append(foot);
  await (await host.getWidget(state.get("clock"))).render({ el: foot, signal });
}
function bare(name, setup2) {
  return async (props) => {
    const { model, el, signal } = props;
    el.classList.add("f1nb", "f1nb-cell");
    keepKeys(el, signal);
    const root = element("section", `f1nb-panel f1nb-${name}`);
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", model.get("title"));
    el.replaceChildren(root);
    await startable(signal, async (own, restart) => {
      const trouble = new Trouble();
      const p = await connect(props, own, root, trouble, restart);
      if (!p) return;
      root.replaceChildren();
      await setup2(p);
      root.append(trouble.el);
    });
    await ownClock(props);
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
  const put2 = () => {
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
    put2();
    following = new AbortController();
    const on = AbortSignal.any([following.signal, signal]);
    addEventListener("scroll", put2, { capture: true, signal: on });
    addEventListener("resize", put2, { signal: on });
  });
}

// src/session_header/health.ts
var MOST = 12;
function healthBadge(findings, signal) {
  const { look, glyph, n, title } = healthWords(findings);
  const notes = n && `<span>${n}<span class="f1nb-word"> ${n === 1 ? "note" : "notes"}</span></span>`;
  const words2 = `<span class="f1nb-word">Data</span>${icon(glyph, 12)}${notes || ""}`;
  const button = element("button", "f1nb-badge f1nb-health", words2);
  button.type = "button";
  button.dataset.look = look;
  button.title = title;
  button.setAttribute("aria-label", title);
  button.setAttribute("aria-haspopup", "dialog");
  const more = findings.length > MOST ? `<p>And ${findings.length - MOST} more: session.health() has all.</p>` : "";
  const all = findings.length ? `${findingsHtml(findings.slice(0, MOST))}${more}<p>What each data set has, and each repair, is under Data.</p>` : "<p>Nothing contradicts itself, is missing inside what there is, or had to be repaired.</p>";
  const list = element("div", "f1nb-health-list", `<h3>Data of this session</h3>${all}`);
  list.setAttribute("role", "dialog");
  list.setAttribute("aria-label", "Data of this session");
  popover(button, list, signal);
  return [button, list];
}

// src/session_header/remaining.ts
function remainingAt(clock, now_s) {
  const i = lastAt(clock.number("time_s"), now_s);
  const said_s = i < 0 ? Number.NaN : clock.number("remaining_s")[i];
  if (Number.isNaN(said_s)) return null;
  const isRunning = clock.number("is_running")[i] === 1;
  const passed_s = isRunning ? now_s - clock.number("time_s")[i] : 0;
  return { remaining_s: Math.max(0, said_s - passed_s), isRunning };
}
function partAt(status, now_s) {
  const names = status.text("status");
  const end = lastAt(status.number("time_s"), now_s);
  let part = 0;
  for (let i = 0; i <= end; i++) if (names[i] === "started" && names[i - 1] !== "aborted") part++;
  return part;
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

// src/session_header/words.ts
var text = (session, name) => session.text(name)[0] ?? null;
var number = (session, name) => {
  const value = session.number(name)[0] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
};
function words(session) {
  const kind = text(session, "session") ?? "";
  const [year, round] = [number(session, "year"), number(session, "round")];
  const place2 = [text(session, "circuit") ?? text(session, "location"), text(session, "country")].filter(Boolean).join(", ");
  const when = [year, round && `round ${round}`].filter(Boolean).join(", ");
  return {
    event: text(session, "event") ?? "Session",
    details: [SESSION_NAMES[kind], place2, when].filter(Boolean).join(" · "),
    kind,
    isRace: kind === "R" || kind === "S",
    totalLaps: number(session, "total_laps")
  };
}
function lasting({ time_s, status }, now_s) {
  return time_s > 0 || status !== "clear" ? `for ${ago(now_s - time_s)}` : "since the start";
}
function plateAt(statuses, now_s) {
  if (!statuses.length) {
    const glyph2 = '<path d="M3 8h10" stroke="currentColor" stroke-width="2"/>';
    return { look: "none", glyph: glyph2, name: "No track status", since: "not published" };
  }
  const current = statusAt(statuses, now_s);
  const { glyph, name } = STATUS[current.status];
  return { look: current.status, glyph, name, since: lasting(current, now_s) };
}
var LOOK2 = {
  live: { k: "live", glyph: '<circle cx="8" cy="8" r="5" fill="currentColor"/>' },
  connecting: {
    k: "act",
    glyph: '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="4 3"/>'
  },
  lost: {
    k: "warn",
    glyph: '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M8 6v4m0 1.4v1" stroke="currentColor" stroke-width="1.6"/>'
  },
  replay: {
    k: "",
    glyph: '<path d="M3 8a5 5 0 0 1 8.6-3.4L13 3v4H9l1.4-1.3A3.3 3.3 0 1 0 11 9.6l1.5.8A5 5 0 0 1 3 8z" fill="currentColor"/>'
  },
  simulated: { k: "sim", glyph: "" },
  provisional: {
    k: "warn",
    glyph: '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 4.5V8l2.6 1.6" fill="none" stroke="currentColor" stroke-width="1.6"/>'
  },
  sign_in: {
    k: "act",
    glyph: '<path d="M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm1.8 0h4.4V5a2.2 2.2 0 0 0-4.4 0z" fill="currentColor"/>'
  },
  failed: {
    k: "warn",
    glyph: '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M8 6v4m0 1.4v1" stroke="currentColor" stroke-width="1.6"/>'
  }
};
function badgeHtml({ kind, text: label, title }) {
  const { k, glyph } = LOOK2[kind];
  const sign = glyph && icon(glyph, 12);
  return `<span class="f1nb-badge" data-k="${k}" data-kind="${kind}" title="${esc(title)}">${sign}<span>${esc(label)}</span></span>`;
}

// src/session_header/index.ts
var HALVES = icon(
  '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 2.4a5.6 5.6 0 0 1 0 11.2z" fill="currentColor"/>'
);
function themeButton() {
  const button = element("button", "f1nb-button f1nb-theme", HALVES);
  button.type = "button";
  button.title = "Dark or light";
  button.setAttribute("aria-label", "Dark or light");
  button.addEventListener("click", () => {
    const said = document.body.dataset.jpThemeLight;
    const isDark = said ? said === "false" : matchMedia("(prefers-color-scheme: dark)").matches;
    chooseTheme(isDark ? "light" : "dark");
  });
  return button;
}
async function setup({ model, host, signal, clock, tables, root, follow, grows }) {
  const { event, details, kind, isRace, totalLaps } = words(tables.session);
  const readLaps = () => ({ lap: tables.leader_laps.number("lap"), time_s: tables.leader_laps.number("time_s") });
  let statuses = readStatus(tables.status);
  let laps = readLaps();
  const line = element("div", "f1nb-header");
  line.innerHTML = `
    <div class="f1nb-plate"><span class="f1nb-flag"></span><span><b role="status"></b><small></small></span></div>
    <div class="f1nb-count" data-part="lap" hidden><span class="f1nb-lab">Lap</span><b></b>${totalLaps ? `<span class="f1nb-of">/ ${totalLaps}</span><i class="f1nb-bar"><i></i></i>` : ""}</div>
    <div class="f1nb-count f1nb-time" data-part="clock"><span class="f1nb-lab"></span><b></b><small></small></div>
    <div class="f1nb-event"><div class="f1nb-event-name"><h1>${esc(event)}</h1><p>${esc(details)}</p></div></div>
    <div class="f1nb-badges"><span class="f1nb-said"></span></div>`;
  const part = (selector) => line.querySelector(selector);
  root.append(line);
  let shown = [];
  const drawHealth = () => {
    for (const element2 of shown) element2.remove();
    const [health, found] = healthBadge(readFindings(tables.health), signal);
    shown = [health, found];
    part(".f1nb-badges").append(health);
    root.append(found);
  };
  drawHealth();
  if (isOurs()) line.append(themeButton());
  const [flag, name, since] = [part(".f1nb-flag"), part(".f1nb-plate b"), part(".f1nb-plate small")];
  const [count, lap] = ['[data-part="lap"]', '[data-part="lap"] b'].map(part);
  const [clockBox, clockName, time, stands] = ["", " .f1nb-lab", " b", " small"].map((s) => part(`[data-part="clock"]${s}`));
  const bar = line.querySelector(".f1nb-bar i");
  let shownSecond = Number.NaN;
  const update = () => {
    const now = clock.get("time_s");
    const second = Math.floor(now + 1e-6);
    const plate = plateAt(statuses, now);
    if (second === shownSecond && plate.look === root.dataset.s) return;
    shownSecond = second;
    root.dataset.s = plate.look;
    put(flag, icon(plate.glyph, 22));
    put(name, plate.name);
    put(since, plate.since);
    const left = isRace ? null : remainingAt(tables.session_clock, now);
    const quali = kind.endsWith("Q") ? partAt(tables.session_status, now) : 0;
    clockName.classList.toggle("is-part", quali > 0);
    put(clockName, quali ? `${kind}${quali}` : left ? "Left" : "Session");
    put(time, clockTime(left ? Math.ceil(left.remaining_s) : now));
    put(stands, left && !left.isRunning && left.remaining_s > 0 ? "stopped" : "");
    clockBox.title = left ? `${clockTime(now)} since the start` : "";
    count.hidden = !isRace || !laps.lap.length;
    if (count.hidden) return;
    const driven = lapAt(laps, now);
    put(lap, String(driven));
    if (bar && totalLaps) bar.style.width = `${Math.min(100, driven / totalLaps * 100)}%`;
  };
  follow(clock, "time_s", update, true);
  grows(["status", "session_status", "session_clock", "leader_laps"], () => {
    statuses = readStatus(tables.status);
    laps = readLaps();
    shownSecond = Number.NaN;
    update();
  });
  grows(["health"], drawHealth);
  const picker = model.get("picker");
  if (picker) {
    const place2 = element("div");
    part(".f1nb-event").append(place2);
    await (await host.getWidget(picker)).render({ el: place2, signal });
  }
  follow(model, "badges", () => put(part(".f1nb-said"), model.get("badges").map(badgeHtml).join("")), true);
}
var session_header_default = { render: bare("session-header", setup) };
export {
  session_header_default as default
};
