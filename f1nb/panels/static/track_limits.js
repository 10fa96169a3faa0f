// src/shared/theme.ts
function onTheme(callback, signal) {
  const observer = new MutationObserver(callback);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
}

// src/shared/drivers.ts
function readDrivers(table) {
  const [code, name, team, number, color] = ["driver", "full_name", "team", "number", "team_color"].map((c) => table.text(c));
  const grid = table.number("grid_position");
  const drivers = Array.from({ length: table.rows }, (_, i) => ({
    code: code[i] ?? "",
    name: name[i] ?? code[i] ?? "",
    team: team[i] ?? "",
    number: number[i] ?? "",
    color: color[i] ?? "#808890",
    grid: Number.isNaN(grid[i]) ? null : grid[i]
  }));
  return new Map(drivers.map((d) => [d.code, d]));
}

// src/shared/format.ts
var NONE = "–";
var absent = (v) => v == null || Number.isNaN(v);
function lapTime(seconds) {
  if (absent(seconds)) return NONE;
  const ms = Math.round(seconds * 1e3);
  const rest = (ms % 6e4 / 1e3).toFixed(3);
  return ms < 6e4 ? rest : `${Math.floor(ms / 6e4)}:${rest.padStart(6, "0")}`;
}
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
  for (const name of Object.keys(IDENTITY).filter((known2) => known2 in tables)) {
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
          const known2 = from;
          from = {};
          callback(known2);
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

// src/track_limits/limits.ts
var known = (v) => Number.isNaN(v) ? null : v;
function readEntries(table) {
  const [time, count, turn, lap, lapTime2] = ["time_s", "count", "turn", "lap", "lap_time_s"].map((name) => table.number(name));
  const [driver, kind, penalty] = ["driver", "kind", "penalty"].map((name) => table.text(name));
  return Array.from({ length: table.rows }, (_, i) => ({
    time_s: time[i],
    driver: driver[i] ?? "",
    kind: kind[i],
    count: count[i],
    turn: known(turn[i]),
    lap: known(lap[i]),
    lap_time_s: known(lapTime2[i]),
    penalty: penalty[i]
  }));
}
function tallies(entries, time_s) {
  const by = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    if (entry.time_s > time_s) break;
    const { driver, kind, count, penalty } = entry;
    const tally = by.get(driver) ?? { driver, count, isWarned: false, penalties: [], entries: [] };
    tally.count = count;
    tally.isWarned ||= kind === "black_and_white";
    if (kind === "penalty") tally.penalties.push(penalty ?? "penalty");
    tally.entries.unshift(entry);
    by.set(driver, tally);
  }
  return [...by.values()].sort((a, b) => b.count - a.count || b.entries[0].time_s - a.entries[0].time_s);
}

// src/track_limits/index.ts
var FLAG = icon(
  '<path d="M2 3h12v10H2z" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M2 3h12L2 13z" fill="currentColor"/>',
  13
);
var WORDS = {
  deleted: "",
  reinstated: "given back",
  black_and_white: "black and white flag",
  penalty: "penalty"
};
var SHOWN_PIPS = 5;
var place = ({ turn, lap }, words = ["turn ", "lap "]) => [turn !== null && words[0] + turn, lap !== null && words[1] + lap].filter(Boolean).join(", ");
function entryHtml(entry) {
  const what = entry.kind === "penalty" ? `${WORDS.penalty} ${entry.penalty ?? ""}` : WORDS[entry.kind];
  const words = [place(entry), entry.lap_time_s !== null && lapTime(entry.lap_time_s), what].filter(Boolean).join(" · ");
  return `<li><span class="f1nb-lab">${clockTime(entry.time_s)}</span><span>${esc(words)}</span></li>`;
}
var pips = (count) => `<span class="f1nb-pips" aria-hidden="true">${"<i></i>".repeat(Math.min(count, SHOWN_PIPS))}</span>`;
function summaryHtml(tally, name, isRace) {
  const { driver, count, isWarned, penalties, entries } = tally;
  const flag = isWarned ? `<span class="f1nb-badge" title="Black and white flag">${FLAG}<span class="f1nb-sr">Black and white flag</span></span>` : "";
  const given = penalties.map((p) => `<span class="f1nb-badge" data-k="warn" title="Penalty">${esc(p)}</span>`).join("");
  const next = isRace && isWarned ? '<span class="f1nb-next">next: penalty</span>' : "";
  const latest = entries.find((entry) => entry.kind === "deleted");
  const where = latest ? `<span class="f1nb-where">${place(latest, ["T", "L"]) || clockTime(latest.time_s)}</span>` : "";
  return `<i class="f1nb-team"></i><b title="${esc(name)}">${esc(driver)}</b><span class="f1nb-times">${count}<span class="f1nb-sr"> times</span></span>${isRace ? pips(count) : ""}<span class="f1nb-signs">${flag}${given}${next}</span>${where}`;
}
function setup({ model, clock, selection, tables, meta, body, follow, grows }) {
  const drivers = readDrivers(tables.drivers);
  const isRace = ["R", "S"].includes(tables.session.text("session")[0] ?? "");
  let entries = readEntries(tables.track_limits);
  const list = element("ol", "f1nb-tallies");
  const isKnown = !model.get("_notes").some((note) => note.kind === "derived");
  const none = isKnown ? "No lap time has been deleted for track limits yet." : "Not known: what race control wrote is not published.";
  const empty = element("p", "f1nb-quiet", none);
  body.append(list, empty);
  const rows = /* @__PURE__ */ new Map();
  function rowOf(driver) {
    let row = rows.get(driver);
    if (!row) {
      const el = element("li", "", "<details><summary></summary><ol></ol></details>");
      const summary = el.querySelector("summary");
      el.style.setProperty("--c", drivers.get(driver)?.color ?? "#808890");
      row = { el, summary, list: el.querySelector("ol") };
      rows.set(driver, row);
    }
    return row;
  }
  let shown = Number.NaN;
  function draw() {
    const now = clock.get("time_s");
    const said = entries.findLastIndex((entry) => entry.time_s <= now) + 1;
    if (said === shown) return;
    shown = said;
    const all = tallies(entries, now);
    const order = all.map((tally) => {
      const row = rowOf(tally.driver);
      put(row.summary, summaryHtml(tally, drivers.get(tally.driver)?.name ?? "", isRace));
      put(row.list, tally.entries.map(entryHtml).join(""));
      return row.el;
    });
    if (order.some((el, i) => list.children[i] !== el) || list.children.length !== order.length) list.replaceChildren(...order);
    const total = all.reduce((sum, tally) => sum + tally.count, 0);
    meta.textContent = total ? `${total} in all` : "";
    list.hidden = !order.length;
    empty.hidden = order.length > 0;
  }
  const mark = () => {
    for (const [driver, { el }] of rows) el.classList.toggle("is-selected", selection.get("drivers").includes(driver));
  };
  const both = () => {
    draw();
    mark();
  };
  follow(clock, "time_s", both, true);
  follow(selection, "drivers", mark);
  grows(["track_limits"], () => {
    entries = readEntries(tables.track_limits);
    shown = Number.NaN;
    both();
  });
}
var track_limits_default = { render: panel("limits", setup) };
export {
  track_limits_default as default
};
