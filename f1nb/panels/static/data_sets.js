// src/shared/format.ts
var NONE = "–";
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
var LOOK = {
  error: { glyph: TRIANGLE, name: "Error" },
  warning: { glyph: HALF, name: "Warning" },
  info: { glyph: HALF, name: "Note" }
};
function findingsHtml(findings) {
  const rows = findings.map(
    ({ severity, text }) => `<li data-k="${esc(severity)}">${icon(LOOK[severity].glyph, 13)}<span><b>${LOOK[severity].name}.</b> ${esc(text)}</span></li>`
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

// src/data_sets/index.ts
var GLYPHS2 = {
  available: "✓",
  partial: "◐",
  not_published: "○",
  needs_sign_in: "⊘",
  failed: "✕"
};
var words = (name) => name.replaceAll("_", " ");
function repairsTable(repairs) {
  const [table, column, method, driver, published, used] = ["table", "column", "method", "driver", "published", "used"].map(
    (name) => repairs.text(name)
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
    `<caption class="f1nb-sr">Repairs</caption><thead><tr><th scope="col">Repaired</th><th scope="col" class="f1nb-fig">Values</th><th scope="col">The first: published → used</th><th scope="col">Why, and how</th></tr></thead><tbody>${lines.join("")}</tbody>`
  );
}
function setup(p) {
  const sets = p.tables.data_sets;
  const [name, state, origin, note] = ["table", "state", "origin", "note"].map((column) => sets.text(column));
  const rows = sets.number("rows");
  const lines = Array.from({ length: sets.rows }, (_, i) => {
    const what = state[i] ?? "failed";
    const said = what === "needs_sign_in" ? "needs sign-in" : words(what);
    const label = `<span class="f1nb-state" data-k="${esc(what)}"><i aria-hidden="true">${GLYPHS2[what] ?? ""}</i>${esc(said)}</span>`;
    const size = rows[i] > 0 ? `${rows[i].toLocaleString("en")} row${rows[i] === 1 ? "" : "s"}` : NONE;
    return `<tr><th scope="row">${esc(words(name[i] ?? ""))}</th><td>${label}</td><td>${esc(origin[i] ?? NONE)}</td><td class="f1nb-fig">${size}</td><td>${esc(note[i])}</td></tr>`;
  });
  p.meta.textContent = "what this session has, and where it came from";
  p.body.append(
    element(
      "table",
      "f1nb-sets",
      `<caption class="f1nb-sr">Data sets of this session</caption><thead><tr><th scope="col">Data set</th><th scope="col">State</th><th scope="col">Origin</th><th scope="col" class="f1nb-fig">Size</th><th scope="col">Note</th></tr></thead><tbody>${lines.join("")}</tbody>`
    )
  );
  const findings = readFindings(p.tables.health);
  if (findings.length)
    p.body.append(element("h3", "f1nb-sub", "Found in the data"), element("div", "", findingsHtml(findings)));
  p.grows(["data_sets", "health", "repairs"], p.restart);
  if (p.tables.repairs.rows) p.body.append(element("h3", "f1nb-sub", "Repaired"), repairsTable(p.tables.repairs));
}
var data_sets_default = { render: panel("data_sets", setup) };
export {
  data_sets_default as default
};
