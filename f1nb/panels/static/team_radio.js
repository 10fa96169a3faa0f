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

// src/team_radio/calls.ts
var HOST = "livetiming.formula1.com";
function official(address) {
  if (!address || !URL.canParse(address)) return null;
  const url = new URL(address);
  const isPlain = !url.port && !url.username && !url.password;
  return url.protocol === "https:" && url.hostname === HOST && isPlain ? url.href : null;
}
function readCalls(table) {
  const time = table.number("time_s");
  const [driver, address, transcript] = ["driver", "url", "transcript"].map((name) => table.text(name));
  return Array.from({ length: table.rows }, (_, i) => {
    const url = official(address[i]);
    return {
      key: `${time[i]} ${driver[i]} ${address[i]}`,
      time_s: time[i],
      driver: driver[i],
      url,
      said: url ? "" : address[i] ?? "",
      transcript: transcript[i] ?? ""
    };
  }).sort((a, b) => a.time_s - b.time_s);
}

// src/team_radio/index.ts
var PLAY = icon('<path d="M4.5 2.5v11l9-5.5z" fill="currentColor"/>');
var REFUSED = "The host does not give it out: it needs a sign-in, is gone, or there is no network.";
function sourceHtml({ url, said }, who) {
  if (!url)
    return `<small class="f1nb-lab">${said ? `not at the official host: ${esc(said)}` : "no recording published"}</small>`;
  if (isStandalone())
    return `<a class="f1nb-link" href="${esc(url)}" target="_blank" rel="noopener noreferrer">Open the recording</a>`;
  return `<button type="button" class="f1nb-button f1nb-listen" aria-label="Play ${esc(who)}">${PLAY}</button>`;
}
function itemOf(call, driver) {
  const who = call.driver ?? "Unknown car";
  const item = element("li");
  item.dataset.key = call.key;
  item.style.setProperty("--c", driver?.color ?? "#808890");
  const text = call.transcript ? `<p>${esc(call.transcript)}</p>` : "";
  item.innerHTML = `<i class="f1nb-team"></i><b title="${esc(driver?.name ?? "")}">${esc(who)}</b><span class="f1nb-lab">${clockTime(call.time_s)}</span><span class="f1nb-source">${sourceHtml(call, `${who} at ${clockTime(call.time_s)}`)}</span>${text}`;
  return item;
}
function player(list, byKey, signal) {
  const audio = element("audio");
  audio.controls = true;
  audio.preload = "none";
  const trouble = element("p", "f1nb-refused", REFUSED);
  trouble.setAttribute("role", "alert");
  audio.addEventListener("error", () => audio.parentElement && audio.replaceWith(trouble));
  list.addEventListener("click", (event) => {
    const item = event.target.closest(".f1nb-listen")?.closest("li");
    const url = item && byKey(item.dataset.key ?? "")?.url;
    if (!url) return;
    trouble.remove();
    item.append(audio);
    audio.src = url;
    audio.play().catch(() => {
    });
  });
  signal.addEventListener("abort", () => {
    audio.pause();
    audio.removeAttribute("src");
  });
}
function setup(p) {
  const { clock, tables, body, signal, follow, grows } = p;
  const drivers = readDrivers(tables.drivers);
  let all = readCalls(tables.radio);
  let wanted = null;
  let calls = all;
  const list = element("ol", "f1nb-calls");
  list.reversed = true;
  list.tabIndex = 0;
  list.setAttribute("aria-label", "Radio messages, newest first");
  const empty = element("p", "f1nb-quiet");
  const unseen = new Unseen(list);
  body.append(unseen.button, list, empty);
  player(list, (key) => all.find((call) => call.key === key), signal);
  const items = /* @__PURE__ */ new Map();
  let shown = 0;
  let last = Number.NaN;
  function draw() {
    const now = clock.get("time_s");
    const isWatched = clock.get("playing") && now >= last;
    last = now;
    const said = calls.findLastIndex((call) => call.time_s <= now) + 1;
    if (!isWatched) unseen.clear();
    if (said === shown) return;
    while (shown > said) {
      list.firstElementChild?.remove();
      shown--;
    }
    if (isWatched) unseen.add(said - shown);
    for (; shown < said; shown++) {
      const call = calls[shown];
      const item = items.get(call.key) ?? itemOf(call, drivers.get(call.driver ?? ""));
      items.set(call.key, item);
      list.prepend(item);
    }
    list.hidden = !shown;
    empty.hidden = shown > 0;
  }
  function choose() {
    const drivers2 = wanted;
    calls = drivers2 ? all.filter((call) => call.driver !== null && drivers2.includes(call.driver)) : all;
    const keep = calls.findIndex((call, i) => i >= shown || list.children[shown - 1 - i] !== items.get(call.key));
    const same = keep < 0 ? Math.min(shown, calls.length) : Math.min(keep, shown);
    while (shown > same) {
      list.firstElementChild?.remove();
      shown--;
    }
    empty.textContent = wanted ? "No message of selected drivers yet." : "No message yet.";
    list.hidden = !shown;
    empty.hidden = shown > 0;
    draw();
  }
  onlySelected(p, (chosen) => {
    wanted = chosen;
    choose();
  });
  follow(clock, "time_s", draw);
  grows(["radio"], () => {
    all = readCalls(tables.radio);
    choose();
  });
}
var team_radio_default = { render: panel("radio", setup) };
export {
  team_radio_default as default
};
