// src/shared/models.ts
var latest = (clock) => clock.get("end_s") - (clock.get("live") ? clock.get("delay_s") : 0);

// src/shared/format.ts
function clockTime(seconds) {
  const s = Math.floor(Math.abs(seconds) + 1e-6);
  const two = (v) => String(v).padStart(2, "0");
  return `${seconds < 0 && s ? "−" : ""}${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
var ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
var esc = (text) => String(text ?? "").replace(/[&<>"']/g, (c) => ENTITIES[c]);

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

// src/shared/theme.ts
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
    const text = "What it shows may be old; the others go on. Reload the page; if it happens again, report:";
    this.failed = noteHtml({ kind: "error", title: "A panel failed.", text, code: reason(error) });
    put(this.el, this.failed + this.python);
  };
  fromPython(text) {
    this.python = text && noteHtml({ kind: "error", title: "A callback failed.", text, code: "" });
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
function panel(name, setup2) {
  return async (props) => {
    const { model, el, signal } = props;
    el.classList.add("f1nb", "f1nb-cell");
    keepKeys(el, signal);
    const root = element("section", `f1nb-panel f1nb-${name}`);
    const head = element("header", "f1nb-head", '<h2></h2><span class="f1nb-marks"></span>');
    const notes = element("div", "f1nb-notes");
    const trouble = new Trouble();
    root.append(head, notes, trouble.el);
    root.setAttribute("role", "region");
    el.replaceChildren(root);
    const [title, marks] = head.children;
    const follow = follower(signal, trouble.report);
    const state = model;
    follow(
      state,
      "title",
      () => {
        title.textContent = state.get("title");
        root.setAttribute("aria-label", state.get("title"));
      },
      true
    );
    follow(
      state,
      "height",
      () => {
        const height = state.get("height");
        root.style.height = height ? `${height}px` : "";
      },
      true
    );
    follow(state, "_error", () => trouble.fromPython(state.get("_error")), true);
    const blankNote = () => state.get("_notes").find((n) => n.blank && n.kind !== "derived");
    follow(
      state,
      "_notes",
      () => {
        const all = state.get("_notes");
        const derived = all.filter((n) => n.kind === "derived");
        const why = derived.map((n) => n.text).join("\n");
        put(
          marks,
          derived.length ? `<span class="f1nb-badge" data-k="est" title="${esc(why)}">${esc(derived[0].title)}</span>` : ""
        );
        put(
          notes,
          all.filter((n) => !n.blank && n.kind !== "derived").map(noteHtml).join("")
        );
      },
      true
    );
    let parts = [];
    await startable(signal, async (own, restart) => {
      for (const part of parts) part.remove();
      const meta = element("span", "f1nb-meta");
      const tools = element("span", "f1nb-tools");
      const body = element("div", "f1nb-body");
      parts = [meta, tools, body];
      head.append(meta, tools);
      notes.after(body);
      const blank = blankNote();
      const onNotes = () => {
        if (Boolean(blankNote()) !== Boolean(blank)) restart();
      };
      follower(own)(state, "_notes", onNotes);
      if (blank) {
        body.innerHTML = blankHtml(blank);
        return;
      }
      try {
        const p = await connect(props, own, root, trouble, restart);
        if (!p) return;
        const year = p.tables.session?.number("year")[0];
        if (year) root.dataset.season = String(year);
        await setup2({
          ...p,
          meta,
          tools,
          body,
          blank: (note) => {
            body.innerHTML = blankHtml(note);
          }
        });
      } catch (error) {
        body.innerHTML = blankHtml({
          kind: "error",
          title: "This panel could not be drawn",
          text: "The other panels go on. Reload the page; if it happens again, report the text below.",
          code: reason(error)
        });
        throw error;
      }
    });
    await ownClock(props);
  };
}

// src/shared/selected.ts
var GLYPH = icon(
  '<circle cx="8" cy="5" r="2.8" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M2.5 14c.4-3 2.5-4.6 5.5-4.6s5.1 1.6 5.5 4.6" fill="none" stroke="currentColor" stroke-width="1.5"/>'
);
function onlySelected({ model: own, selection, tools, follow }, callback) {
  const model = own;
  const button = element("button", "f1nb-button f1nb-toggle", GLYPH);
  button.type = "button";
  button.setAttribute("aria-label", "Only selected drivers");
  tools.append(button);
  button.addEventListener("click", () => {
    model.set("only_selected", !model.get("only_selected"));
    model.save_changes();
  });
  const tell = () => {
    const is_on = model.get("only_selected");
    const drivers = selection.get("drivers");
    button.setAttribute("aria-pressed", String(is_on));
    button.title = is_on ? `Only ${drivers.join(", ") || "selected drivers: there is none"}` : "Only selected drivers";
    callback(is_on ? drivers : null);
  };
  follow(model, "only_selected", tell, true);
  follow(selection, "drivers", () => model.get("only_selected") && tell());
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

// src/race_control/alerts.ts
var TONES = ["stop", "caution", "flag", "start", "favourite"];
function toneOf({ sign: sign2, text }) {
  if (sign2 === "red") return { tone: "stop", title: "Red flag" };
  if (sign2 === "chequered") return { tone: "flag", title: "Chequered flag" };
  const isMove = /deployed|in this lap|ending/i.test(text);
  if (sign2 === "safety_car" && isMove) return { tone: "caution", title: "Safety car" };
  if (sign2 === "vsc" && isMove) return { tone: "caution", title: "Virtual safety car" };
  return null;
}
function starts(status) {
  const time = status.number("time_s");
  const state = status.text("status");
  const alerts2 = [];
  for (let i = 0; i < status.rows; i++) {
    if (state[i] !== "started") continue;
    const title = state[i - 1] === "aborted" ? "Session resumed" : "Session started";
    alerts2.push({ key: `${time[i]} ${title}`, time_s: time[i], tone: "start", title, text: "" });
  }
  return alerts2;
}
function alerts(messages, status, favourites) {
  const said2 = messages.flatMap((message) => {
    const known = toneOf(message);
    const whose = message.sign === "blue" ? [] : message.drivers.filter((driver) => favourites.includes(driver));
    if (!known && !whose.length) return [];
    const { tone, title } = known ?? { tone: "favourite", title: whose.join(", ") };
    return [{ key: message.key, time_s: message.time_s, tone, title, text: message.text }];
  });
  return [...said2, ...starts(status)].sort((a, b) => a.time_s - b.time_s);
}
var LONGEST_STEP_S = 2;
var LATE_S = 10;
var Passing = class {
  last = Number.NaN;
  all = [];
  passed = /* @__PURE__ */ new Set();
  /** Those that are due now. `pace`: seconds of the session for each of ours. */
  pass(all, now, isPlaying, pace) {
    const { last, passed } = this;
    const isSame = all === this.all;
    this.last = now;
    this.all = all;
    const isStep = isPlaying && now >= last && now - last <= LONGEST_STEP_S * pace;
    if (isStep && isSame && !all.some((alert2) => alert2.time_s > last && alert2.time_s <= now)) return [];
    this.passed = new Set(all.filter((alert2) => alert2.time_s <= now).map((alert2) => alert2.key));
    if (!isStep) return [];
    return all.filter(({ key, time_s }) => time_s <= now && time_s > last - LATE_S * pace && !passed.has(key));
  }
};

// src/race_control/chime.ts
var NOTES = {
  stop: [[659, 0.16], [523, 0.16], [392, 0.4]],
  caution: [[587, 0.16], [440, 0.34]],
  flag: [[523, 0.14], [659, 0.14], [784, 0.36]],
  start: [[523, 0.14], [784, 0.3]],
  favourite: [[784, 0.22]]
};
var VOLUME = 0.16;
var audio = null;
var isHeldBack = () => audio?.state === "suspended";
function prepare(signal, onReady) {
  audio ??= new AudioContext();
  const wake = () => audio?.resume().then(onReady, () => {
  });
  wake();
  if (audio.state === "running") return;
  for (const event of ["click", "keydown"]) addEventListener(event, wake, { signal, once: true });
}
function chime(tone) {
  if (audio?.state !== "running") return;
  let at = audio.currentTime + 0.02;
  for (const [hz, length_s] of NOTES[tone]) {
    const note = new OscillatorNode(audio, { frequency: hz, type: "triangle" });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(VOLUME, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(1e-3, at + length_s);
    note.connect(volume).connect(audio.destination);
    note.start(at);
    note.stop(at + length_s);
    at += length_s * 0.8;
  }
}
var isRefused = false;
function whyNone() {
  if (isRefused) return "Not by this browser, which takes none from a page.";
  if (!("Notification" in globalThis) || !isSecureContext) return "Not on this page: it would have to come over https.";
  if (Notification.permission === "denied") return "Blocked: allow notifications for this page in the browser's settings.";
  return null;
}
async function mayNotify() {
  if (whyNone()) return false;
  return await Notification.requestPermission() === "granted";
}
function notify(alert2, event) {
  if (whyNone() || Notification.permission !== "granted") return;
  const body = alert2.text && alert2.text !== alert2.title ? alert2.text : event;
  try {
    new Notification(alert2.title, { body, tag: `f1nb ${alert2.key}`, silent: true });
  } catch {
    isRefused = true;
  }
}

// src/shared/unseen.ts
var AT_TOP_PX = 8;
var Unseen = class {
  constructor(list) {
    this.list = list;
    this.button.type = "button";
    this.button.hidden = true;
    this.button.addEventListener("click", () => {
      list.scrollTo({ top: 0 });
      list.focus();
      this.clear();
    });
    list.addEventListener("scroll", () => list.scrollTop <= AT_TOP_PX && this.clear());
  }
  list;
  button = element("button", "f1nb-unseen");
  n = 0;
  /** So many lines have come at the top. */
  add(n) {
    if (!n || this.list.scrollTop <= AT_TOP_PX) return;
    this.n += n;
    this.button.textContent = `${this.n} new`;
    this.button.hidden = false;
  }
  clear() {
    this.n = 0;
    this.button.hidden = true;
  }
};

// src/race_control/messages.ts
var FLAGS = {
  GREEN: "clear",
  CLEAR: "clear",
  YELLOW: "yellow",
  "DOUBLE YELLOW": "yellow",
  RED: "red",
  BLUE: "blue",
  CHEQUERED: "chequered",
  "BLACK AND WHITE": "black_and_white"
};
var STEWARDS = /\bstewards\b|\bincident\b|under investigation|\bpenalty\b|\b(flag|warning|reprimand) for car\b/i;
var LIMITS = /\btrack limits\b|\b(deleted|reinstated)\b/i;
function signOf(category, flag, text) {
  const shown = FLAGS[flag.toUpperCase()];
  if (shown) return shown;
  if (/\bblack and white flag\b/i.test(text)) return "black_and_white";
  if (/\bpenalty\b/i.test(text) && !/\bincident\b/i.test(text)) return "penalty";
  if (STEWARDS.test(text)) return "incident";
  if (LIMITS.test(text)) return "deleted";
  if (category === "SafetyCar" || /\bsafety car\b|\bvsc\b/i.test(text))
    return /virtual|\bvsc\b/i.test(text) ? "vsc" : "safety_car";
  if (/fastest lap/i.test(text)) return "best";
  if (category === "CarEvent") return /\bpit\b|stationary/i.test(text) ? "pit" : "out";
  return "other";
}
var CATEGORIES = {
  safety_car: "safety_car",
  vsc: "safety_car",
  best: "cars",
  pit: "cars",
  out: "cars",
  incident: "stewards",
  penalty: "stewards",
  deleted: "track_limits",
  other: "other"
};
function sort(category, flag, text) {
  const sign2 = signOf(category, flag, text);
  const first = sign2 === "other" && category === "Flag" ? "flags" : CATEGORIES[sign2] ?? "flags";
  const categories = /* @__PURE__ */ new Set([first]);
  if (STEWARDS.test(text) && sign2 !== "blue") categories.add("stewards");
  if (LIMITS.test(text)) categories.add("track_limits");
  return { categories: [...categories], sign: sign2 };
}
var ACRONYMS = /* @__PURE__ */ new Set(["DRS", "FIA", "SC", "VSC", "CET", "UTC", "GMT"]);
function sentence(text, codes) {
  if (/[a-z]/.test(text)) return text;
  const words = text.trim().replace(
    /[A-Z][A-Z0-9]*/g,
    (word) => codes.has(word) || ACRONYMS.has(word) || /\d/.test(word) ? word : word.toLowerCase()
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
var NAMED = /\(([A-Z]{3})\)|\b(?:CAR|BY) ([A-Z]{3})\b/g;
function named(text, driver, codes) {
  const found = [...text.matchAll(NAMED)].map((m) => m[1] ?? m[2]).filter((code) => codes.has(code));
  return [...new Set(driver ? [driver, ...found] : found)];
}
function readMessages(table, codes) {
  const time = table.number("time_s");
  const lap = table.number("lap");
  const [category, flag, driver, message] = ["category", "flag", "driver", "message"].map((name) => table.text(name));
  return Array.from({ length: table.rows }, (_, i) => ({
    key: `${time[i]} ${message[i]}`,
    time_s: time[i],
    lap: Number.isNaN(lap[i]) ? null : lap[i],
    drivers: named(message[i] ?? "", driver[i], codes),
    text: sentence(message[i] ?? "", codes),
    ...sort(category[i] ?? "", flag[i] ?? "", message[i] ?? "")
  })).sort((a, b) => a.time_s - b.time_s);
}
function matches(message, { category, drivers, words }) {
  if (category !== "all" && !message.categories.includes(category)) return false;
  if (drivers && !message.drivers.some((driver) => drivers.includes(driver))) return false;
  const text = message.text.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
function fold(messages) {
  const lines = [];
  for (const message of messages) {
    const isBlue = message.sign === "blue";
    const last = lines.at(-1);
    if (isBlue && last?.isFolded) last.messages.push(message);
    else lines.push({ messages: [message], isFolded: isBlue });
  }
  return lines;
}
function saidBy(lines, time_s) {
  let lo = 0;
  let hi = lines.length;
  while (lo < hi) {
    const mid = lo + hi >> 1;
    if (lines[mid].messages[0].time_s <= time_s) lo = mid + 1;
    else hi = mid;
  }
  const last = lines[lo - 1]?.messages ?? [];
  return { lines: lo, messages: last.filter((m) => m.time_s <= time_s).length };
}

// src/race_control/list.ts
var FLAG = '<path d="M3 14V2h10l-3 4 3 4H5v4z" fill="currentColor"/>';
var SIGNS = {
  clear: { name: "Green", glyph: STATUS.clear.glyph },
  yellow: { name: "Yellow", glyph: STATUS.yellow.glyph },
  red: { name: "Red", glyph: STATUS.red.glyph },
  safety_car: { name: "Safety car", glyph: STATUS.safety_car.glyph },
  vsc: { name: "Virtual safety car", glyph: STATUS.vsc.glyph },
  blue: { name: "Blue", glyph: FLAG },
  chequered: {
    name: "Chequered",
    glyph: '<path d="M2 2h4v4H2zm8 0h4v4h-4zM6 6h4v4H6zM2 10h4v4H2zm8 0h4v4h-4z" fill="currentColor"/>'
  },
  black_and_white: {
    name: "Black and white",
    glyph: '<path d="M2 3h12v10H2z" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M2 3h12L2 13z" fill="currentColor"/>'
  },
  out: { name: "Car", glyph: '<path d="M3.5 3.5l9 9m0-9l-9 9" stroke="currentColor" stroke-width="2.2"/>' },
  pit: { name: "Pit", glyph: '<circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2.4"/>' },
  best: { name: "Fastest lap", glyph: '<path d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill="currentColor"/>' },
  deleted: {
    name: "Deleted",
    glyph: '<path d="M4 13 6.5 3h3L12 13M1.5 8h13" fill="none" stroke="currentColor" stroke-width="1.5"/>'
  },
  incident: {
    name: "Stewards",
    glyph: '<path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm3.3 7.8 3.7 3.7" fill="none" stroke="currentColor" stroke-width="1.6"/>'
  },
  penalty: {
    name: "Penalty",
    glyph: '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 4.5V8l2.5 2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
  },
  other: { name: "", glyph: '<path d="M2.5 3h11v8H8l-3.5 3v-3h-2z" fill="none" stroke="currentColor" stroke-width="1.4"/>' }
};
var sign = (kind) => {
  const { name, glyph } = SIGNS[kind];
  return `<span class="f1nb-sign" data-k="${kind}">${icon(glyph, 13)}${name && `<span class="f1nb-sr">${name}</span>`}</span>`;
};
var when = ({ lap, time_s }) => `<span class="f1nb-when">${lap === null || time_s < 0 ? "" : `L${lap}`}<small>${clockTime(time_s)}</small></span>`;
var said = (m) => `${when(m)}<span class="f1nb-what">${esc(m.text)}</span>`;
function lineHtml({ messages, isFolded }, count) {
  const newest = messages[count - 1];
  if (!isFolded || count === 1) return sign(newest.sign) + said(newest);
  const known = messages.slice(0, count).reverse();
  const drivers = [...new Set(known.flatMap((m) => m.drivers))].join(", ");
  const all = known.map((m) => `<li>${said(m)}</li>`).join("");
  return `${sign("blue")}${when(newest)}<details class="f1nb-what"><summary>${count} blue flags${drivers && `: ${esc(drivers)}`}</summary><ol reversed>${all}</ol></details>`;
}
var List = class {
  el = element("ol", "f1nb-list");
  unseen = new Unseen(this.el);
  empty = element("p", "f1nb-quiet");
  lines = [];
  /** what is on the page, oldest line first: the key of its first message, and how many of its messages */
  shown = [];
  last = Number.NaN;
  constructor() {
    this.el.tabIndex = 0;
    this.el.reversed = true;
    this.el.setAttribute("aria-label", "Messages, newest first");
  }
  /** Show other lines, at the same moment; those that are the same stay as they are. */
  set(lines, now, isPlaying) {
    this.lines = lines;
    const first = this.shown.findIndex(({ key }, i) => lines[i]?.messages[0].key !== key);
    if (first >= 0) this.keep(first);
    this.draw(now, isPlaying, 0);
  }
  /** Bring the list to a moment. */
  at(now, isPlaying) {
    this.draw(now, isPlaying, Math.max(0, this.shown.length - 1));
  }
  keep(n) {
    while (this.shown.length > n) {
      this.shown.pop();
      this.el.firstElementChild?.remove();
    }
  }
  draw(now, isPlaying, from) {
    const { lines, shown, el } = this;
    const want = saidBy(lines, now);
    const isWatched = isPlaying && now >= this.last && shown.length > 0;
    this.last = now;
    if (!isWatched) this.unseen.clear();
    if (from && want.lines === shown.length && shown[want.lines - 1].count === want.messages) return;
    this.keep(want.lines);
    const before = shown.length;
    for (let i = Math.min(from, before); i < want.lines; i++) {
      const count = i === want.lines - 1 ? want.messages : lines[i].messages.length;
      const html = lineHtml(lines[i], count);
      if (i < before) put(el.children[before - 1 - i], html);
      else {
        const item = element("li", isWatched && want.lines - i <= 2 ? "is-new" : "");
        put(item, html);
        el.prepend(item);
      }
      shown[i] = { key: lines[i].messages[0].key, count };
    }
    if (isWatched) this.unseen.add(want.lines - before);
    this.empty.hidden = shown.length > 0;
    el.hidden = !shown.length;
  }
};

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

// src/race_control/settings.ts
var KEY = "f1nb.alerts";
var CHANGED = "f1nb-alerts";
function remembered() {
  try {
    const { sound, notify: notify2, favourites } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const codes = Array.isArray(favourites) ? favourites.filter((code) => typeof code === "string") : [];
    return { sound: sound === true, notify: notify2 === true, favourites: codes };
  } catch {
    return { sound: false, notify: false, favourites: [] };
  }
}
var unsaved = null;
var settings = () => unsaved ?? remembered();
function choose(change) {
  const next = { ...settings(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
    unsaved = null;
  } catch {
    unsaved = next;
  }
  dispatchEvent(new Event(CHANGED));
}
function onChoice(callback, signal) {
  addEventListener(CHANGED, callback, { signal });
  addEventListener("storage", (event) => event.key === KEY && callback(), { signal });
}
var SAID = /* @__PURE__ */ Symbol.for("f1nb.said");
var AGAIN_MS = 5e3;
function isFirst(key) {
  const page = globalThis;
  page[SAID] ??= /* @__PURE__ */ new Map();
  const now = performance.now();
  const before = page[SAID].get(key) ?? Number.NEGATIVE_INFINITY;
  page[SAID].set(key, now);
  return now - before > AGAIN_MS;
}

// src/race_control/menu.ts
var BELL = '<path d="M3.5 11.5h9c-1-1-1.2-2-1.2-4.2a3.3 3.3 0 0 0-6.6 0c0 2.2-.2 3.2-1.2 4.2zM6.6 13.5h2.8" fill="none" stroke="currentColor" stroke-width="1.4"/>';
var OFF = icon(`${BELL}<path d="M2.5 2.5l11 11" stroke="currentColor" stroke-width="1.4"/>`);
var ON = icon(BELL);
var HELD_BACK = "The browser lets it sound after a click on this page.";
function bell(tools, codes, signal) {
  const button = element("button", "f1nb-button f1nb-toggle");
  button.type = "button";
  const menu = element("div", "f1nb-alerts");
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Alerts");
  tools.append(button, menu);
  const stars = codes.map((code) => `<button type="button" data-driver="${esc(code)}"></button>`).join("");
  put(
    menu,
    `<label><input type="checkbox" value="sound" autofocus>Chime<small></small></label>
     <label><input type="checkbox" value="notify">Browser notification<small></small></label>
     <p>For red flags, safety cars, the chequered flag, starts and restarts${codes.length ? ", and whatever names a favourite:" : "."}</p>
     <div class="f1nb-favourites" role="group" aria-label="Favourites">${stars}</div>`
  );
  const [sound, notify2] = menu.querySelectorAll("input");
  const [soundNote, notifyNote] = menu.querySelectorAll("small");
  const draw = () => {
    const now = settings();
    const isOn = now.sound || now.notify && !whyNone();
    put(button, isOn ? ON : OFF);
    button.setAttribute("aria-label", isOn ? "Alerts: on" : "Alerts: off");
    button.title = now.sound && isHeldBack() ? `Alerts: on. ${HELD_BACK}` : isOn ? "Alerts: on" : "Alerts: off";
    sound.checked = now.sound;
    notify2.checked = now.notify && !whyNone();
    notify2.disabled = whyNone() !== null;
    put(soundNote, now.sound && isHeldBack() ? HELD_BACK : "");
    put(notifyNote, whyNone() ?? "");
    for (const star of menu.querySelectorAll("[data-driver]")) {
      const code = star.dataset.driver ?? "";
      const isFavourite = now.favourites.includes(code);
      star.setAttribute("aria-pressed", String(isFavourite));
      put(star, `<span aria-hidden="true">${isFavourite ? "★" : "☆"}</span> ${esc(code)}`);
    }
  };
  const listen = () => {
    if (settings().sound) prepare(signal, draw);
    draw();
  };
  sound.addEventListener("change", () => {
    choose({ sound: sound.checked });
    if (sound.checked) prepare(signal, () => chime("favourite"));
  });
  notify2.addEventListener("change", async () => choose({ notify: notify2.checked && await mayNotify() }));
  menu.addEventListener("click", (event) => {
    const code = event.target.closest("[data-driver]")?.dataset.driver;
    if (!code) return;
    const { favourites } = settings();
    choose({ favourites: favourites.includes(code) ? favourites.filter((f) => f !== code) : [...favourites, code] });
  });
  onChoice(listen, signal);
  popover(button, menu, signal, draw);
  listen();
}

// src/race_control/index.ts
var CHIPS = [
  ["all", "All", ""],
  ["flags", "Flags", ""],
  ["safety_car", "SC", "Safety car, real and virtual"],
  ["cars", "Cars", "Cars that stop, spin or set the fastest lap"],
  ["stewards", "Stewards", "Incidents, investigations and penalties"],
  ["track_limits", "Limits", "Track limits and deleted lap times"],
  ["other", "Other", ""]
];
var GLASS = icon(
  '<path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm3.3 7.8 3.7 3.7" fill="none" stroke="currentColor" stroke-width="1.5"/>'
);
function setup(p) {
  const { model, clock, tables, tools, body, signal, follow, grows } = p;
  const codes = [...tables.drivers.text("driver")].map(String).sort();
  const known = new Set(codes);
  const read = () => readMessages(tables.race_control, known);
  let all = read();
  let drivers = null;
  const chips = element("div", "f1nb-seg");
  chips.setAttribute("role", "group");
  chips.setAttribute("aria-label", "Which messages");
  const about = (title) => title && ` title="${title}"`;
  chips.innerHTML = CHIPS.map(([id, name, title]) => `<button data-category="${id}"${about(title)}>${name}</button>`).join("");
  chips.addEventListener("click", (event) => {
    const id = event.target.closest("button")?.dataset.category;
    if (!id) return;
    model.set("category", id);
    model.save_changes();
  });
  const words = element("input", "f1nb-words");
  words.type = "search";
  words.placeholder = "Find";
  words.hidden = true;
  words.setAttribute("aria-label", "Find in messages");
  const filters = element("div", "f1nb-filters");
  filters.append(chips, words);
  const list = new List();
  body.append(filters, list.unseen.button, list.el, list.empty);
  function choose2() {
    const category = model.get("category");
    for (const chip of chips.querySelectorAll("button"))
      chip.setAttribute("aria-pressed", String(chip.dataset.category === category));
    const filter = { category, drivers, words: words.value };
    list.set(fold(all.filter((m) => matches(m, filter))), clock.get("time_s"), clock.get("playing"));
    const isAll = category === "all" && !drivers && !words.value.trim();
    list.empty.textContent = isAll ? "No message yet." : "No such message yet.";
  }
  const find = element("button", "f1nb-button f1nb-toggle", GLASS);
  find.type = "button";
  find.title = "Find";
  find.setAttribute("aria-label", "Find in messages");
  find.setAttribute("aria-pressed", "false");
  const open = (is) => {
    words.hidden = !is;
    find.setAttribute("aria-pressed", String(is));
    if (is) words.focus();
    else words.value = "";
    choose2();
  };
  find.addEventListener("click", () => open(words.hidden));
  words.addEventListener("input", choose2);
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open(false);
    find.focus();
  });
  tools.append(find);
  onlySelected(p, (wanted) => {
    drivers = wanted;
    choose2();
  });
  bell(tools, codes, signal);
  follow(model, "category", choose2);
  follow(clock, "time_s", () => list.at(clock.get("time_s"), clock.get("playing")));
  grows(["race_control"], () => {
    all = read();
    choose2();
  });
  alert(p, read);
}
function alert({ clock, tables, signal, follow, guard }, read) {
  const { session, race_control, session_status } = tables;
  const name = SESSION_NAMES[session.text("session")[0] ?? ""] ?? "";
  const event = [session.text("event")[0], name].filter(Boolean).join(", ");
  const passing = new Passing();
  let all = [];
  const pass = () => {
    const isUnseen = document.hidden && clock.get("following");
    const now = isUnseen ? latest(clock) : clock.get("time_s");
    const pace = Math.max(1, clock.get("following") ? clock.get("rate") : clock.get("speed"));
    const due = passing.pass(all, now, clock.get("playing"), pace).filter((one) => isFirst(one.key));
    const gravest = TONES.find((tone) => due.some((one) => one.tone === tone));
    if (!gravest) return;
    const { sound, notify: isWanted } = settings();
    if (sound) chime(gravest);
    if (isWanted) for (const one of due) notify(one, event);
  };
  const learn = () => {
    all = alerts(read(), session_status, settings().favourites);
    pass();
  };
  learn();
  const safely = guard(learn);
  race_control.watch(safely, signal);
  session_status.watch(safely, signal);
  onChoice(safely, signal);
  follow(clock, "time_s", pass);
  follow(clock, "end_s", () => document.hidden && pass());
}
var race_control_default = { render: panel("rc", setup) };
export {
  race_control_default as default
};
