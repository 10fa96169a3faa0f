// src/shared/format.ts
var NONE = "–";
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
var IDENTITY = ["session", "drivers"];
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
  for (const name of IDENTITY) tables[name]?.watch(again, signal);
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
function sort(category, flag, text) {
  const sign2 = FLAGS[flag.toUpperCase()];
  if (sign2) return { category: "flags", sign: sign2 };
  if (category === "SafetyCar" || /\bsafety car\b|\bvsc\b/i.test(text))
    return { category: "safety_car", sign: /virtual|\bvsc\b/i.test(text) ? "vsc" : "safety_car" };
  if (/fastest lap/i.test(text)) return { category: "cars", sign: "best" };
  if (/\bpit\b|stationary/i.test(text) && category === "CarEvent") return { category: "cars", sign: "pit" };
  if (category === "CarEvent") return { category: "cars", sign: "out" };
  return { category: category === "Flag" ? "flags" : "other", sign: "other" };
}
var ACRONYMS = /* @__PURE__ */ new Set(["DRS", "FIA", "SC", "VSC", "CET", "UTC", "GMT"]);
function sentence(text, codes) {
  if (/[a-z]/.test(text)) return text;
  const words = text.replace(
    /[A-Z][A-Z0-9]*/g,
    (word) => codes.has(word) || ACRONYMS.has(word) || /\d/.test(word) ? word : word.toLowerCase()
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
function readMessages(table, codes) {
  const time = table.number("time_s");
  const lap = table.number("lap");
  const [category, flag, driver, message] = ["category", "flag", "driver", "message"].map((name) => table.text(name));
  return Array.from({ length: table.rows }, (_, i) => ({
    time_s: time[i],
    lap: Number.isNaN(lap[i]) ? null : lap[i],
    driver: driver[i],
    text: sentence(message[i] ?? "", codes),
    ...sort(category[i] ?? "", flag[i] ?? "", message[i] ?? "")
  })).sort((a, b) => a.time_s - b.time_s);
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

// src/race_control/index.ts
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
  other: { name: "", glyph: '<path d="M2.5 3h11v8H8l-3.5 3v-3h-2z" fill="none" stroke="currentColor" stroke-width="1.4"/>' }
};
var CHIPS = [
  ["all", "All"],
  ["flags", "Flags"],
  ["safety_car", "SC"],
  ["cars", "Cars"],
  ["other", "Other"]
];
var sign = (kind) => {
  const { name, glyph } = SIGNS[kind];
  return `<span class="f1nb-sign" data-k="${kind}">${icon(glyph, 13)}${name && `<span class="f1nb-sr">${name}</span>`}</span>`;
};
var when = ({ lap, time_s }) => `<span class="f1nb-when">${lap === null || time_s < 0 ? NONE : `L${lap}`}<small>${clockTime(time_s)}</small></span>`;
var said = (m) => `${when(m)}<span class="f1nb-what">${esc(m.text)}</span>`;
function lineHtml({ messages, isFolded }, count) {
  const newest = messages[count - 1];
  if (!isFolded || count === 1) return sign(newest.sign) + said(newest);
  const known = messages.slice(0, count).reverse();
  const drivers = [...new Set(known.flatMap((m) => m.driver ?? []))].join(", ");
  const all = known.map((m) => `<li>${said(m)}</li>`).join("");
  return `${sign("blue")}${when(newest)}<details class="f1nb-what"><summary>${count} blue flags${drivers && `: ${esc(drivers)}`}</summary><ol reversed>${all}</ol></details>`;
}
function setup({ model, clock, tables, tools, body, follow }) {
  const all = readMessages(tables.race_control, new Set(tables.drivers.text("driver").map(String)));
  const list = element("ol", "f1nb-list");
  list.tabIndex = 0;
  list.reversed = true;
  list.setAttribute("aria-label", "Messages, newest first");
  const empty = element("p", "f1nb-quiet");
  body.append(list, empty);
  const chips = element("span", "f1nb-seg");
  chips.setAttribute("role", "group");
  chips.setAttribute("aria-label", "Which messages");
  chips.innerHTML = CHIPS.map(([id, name]) => `<button data-category="${id}">${name}</button>`).join("");
  tools.append(chips);
  chips.addEventListener("click", (event) => {
    const id = event.target.closest("button")?.dataset.category;
    if (!id) return;
    model.set("category", id);
    model.save_changes();
  });
  let lines = [];
  let counts = [];
  let last = Number.NaN;
  function draw() {
    const now = clock.get("time_s");
    const want = saidBy(lines, now);
    const isLive = clock.get("playing") && now >= last && counts.length > 0;
    last = now;
    if (want.lines === counts.length && (!want.lines || counts[want.lines - 1] === want.messages)) return;
    while (counts.length > want.lines) {
      counts.pop();
      list.firstElementChild?.remove();
    }
    const last_full = Math.max(0, counts.length - 1);
    for (let i = last_full; i < want.lines; i++) {
      const count = i === want.lines - 1 ? want.messages : lines[i].messages.length;
      if (i < counts.length) put(list.firstElementChild, lineHtml(lines[i], count));
      else {
        const item = element("li", isLive && want.lines - i <= 2 ? "is-new" : "");
        put(item, lineHtml(lines[i], count));
        list.prepend(item);
      }
      counts[i] = count;
    }
    empty.hidden = counts.length > 0;
    list.hidden = !counts.length;
  }
  function choose() {
    const category = model.get("category");
    for (const chip of chips.querySelectorAll("button"))
      chip.setAttribute("aria-pressed", String(chip.dataset.category === category));
    lines = fold(all.filter((m) => category === "all" || m.category === category));
    counts = [];
    list.replaceChildren();
    empty.textContent = category === "all" ? "No message yet." : "No such message yet.";
    empty.hidden = false;
    list.hidden = true;
    draw();
  }
  follow(model, "category", choose, true);
  follow(clock, "time_s", draw);
}
var race_control_default = { render: panel("rc", setup) };
export {
  race_control_default as default
};
