// src/shared/theme.ts
function parse(color) {
  const c = color.trim();
  if (c.startsWith("#")) {
    const full = c.length === 4 ? [...c.slice(1)].map((x) => x + x).join("") : c.slice(1);
    return [0, 2, 4].map((i) => Number.parseInt(full.slice(i, i + 2), 16));
  }
  const values = (c.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);
  return c.startsWith("color(") ? values.map((v) => Math.round(v * 255)) : values;
}
var css = (c) => `rgb(${c.join(", ")})`;
var mix = (a, b, share) => a.map((v, i) => Math.round(v + (b[i] - v) * share));
function luminance(c) {
  const [r, g, b] = c.map((v) => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}
function readable(color, surface, need = 3) {
  const ground2 = parse(surface);
  const towards = luminance(ground2) < 0.2 ? [255, 255, 255] : [0, 0, 0];
  const from = parse(color);
  let c = from;
  for (let share = 0; share <= 1 && contrast(c, ground2) < need; share += 0.06) c = mix(from, towards, share);
  return css(c);
}
var TOKENS = [
  "ground",
  "surface",
  "ink",
  "ink-2",
  "ink-3",
  "line",
  "edge",
  "accent",
  "best",
  "personal",
  "slower",
  "clear",
  "yellow",
  "sc",
  "vsc",
  "red",
  "soft",
  "medium",
  "hard",
  "intermediate",
  "wet",
  "asphalt",
  "speed-0",
  "speed-1",
  "speed-2",
  "speed-3",
  "speed-4"
];
function tokens(el) {
  const probe = document.createElement("i");
  el.append(probe);
  const out = {};
  for (const name of TOKENS) {
    probe.style.color = `var(--f1nb-${name})`;
    out[name] = css(parse(getComputedStyle(probe).color));
  }
  probe.remove();
  out.font = getComputedStyle(el).fontFamily;
  return out;
}
function onTheme(callback, signal) {
  const observer = new MutationObserver(callback);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
}
var reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// src/shared/canvas.ts
function onDensity(callback, signal) {
  const watch = () => {
    const changed = () => {
      watch();
      callback();
    };
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", changed, { once: true, signal });
  };
  watch();
}
function canvas(host, signal, draw) {
  const element2 = document.createElement("canvas");
  host.append(element2);
  const g = element2.getContext("2d");
  let width = 0;
  let height = 0;
  let ratio = 1;
  let colours;
  const paint = () => {
    if (!width || !height) return;
    colours ??= tokens(host);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);
    draw(g, width, height, colours);
  };
  const resize = () => {
    ({ width, height } = host.getBoundingClientRect());
    ratio = devicePixelRatio || 1;
    element2.width = Math.round(width * ratio);
    element2.height = Math.round(height * ratio);
    element2.style.width = `${width}px`;
    element2.style.height = `${height}px`;
    colours = void 0;
    paint();
  };
  const observer = new ResizeObserver(resize);
  observer.observe(host);
  onDensity(resize, signal);
  signal.addEventListener("abort", () => observer.disconnect());
  onTheme(() => {
    colours = void 0;
    paint();
  }, signal);
  return paint;
}

// src/shared/circuit.ts
function readCircuit(table) {
  const kind = table.text("kind");
  const letter = table.text("letter");
  const [number, x, y, distance] = ["number", "x_m", "y_m", "distance_m"].map((c) => table.number(c));
  const of = (name) => {
    const rows = [];
    for (let i = 0; i < table.rows; i++) if (kind[i] === name) rows.push(i);
    return rows.sort((a, b) => number[a] - number[b]);
  };
  const pick = (rows, values) => Float64Array.from(rows, (i) => values[i]);
  const outline = of("outline");
  const n = outline.length;
  if (n < 3) return null;
  const pit = of("pit_lane");
  const circuit = outlined(pick(outline, x), pick(outline, y));
  circuit.pitX = pick(pit, x);
  circuit.pitY = pick(pit, y);
  const place = (i) => Number.isNaN(distance[i]) ? project(circuit, x[i], y[i]).distance_m : distance[i];
  circuit.corners = of("corner").map((i) => ({ label: `${number[i]}${letter[i] ?? ""}`, distance_m: place(i) }));
  circuit.sectorLines = of("sector_line").map(place);
  circuit.miniSectorEnds = of("mini_sector").map(place);
  const marshals = of("marshal_sector");
  circuit.marshalSectors = marshals.map((i, k) => ({
    number: number[i],
    from: place(i),
    to: place(marshals[(k + 1) % marshals.length])
  }));
  return circuit;
}
function outlined(x, y) {
  const circuit = {
    x,
    y,
    at: new Float64Array(x.length),
    length_m: 0,
    pitX: new Float64Array(),
    pitY: new Float64Array(),
    corners: [],
    sectorLines: [],
    marshalSectors: [],
    miniSectorEnds: [],
    isSchematic: false
  };
  measure(circuit);
  return circuit;
}
function measure(circuit) {
  const { x, y, at } = circuit;
  circuit.length_m = 0;
  for (let i = 0; i < x.length; i++) {
    const next = (i + 1) % x.length;
    at[i] = circuit.length_m;
    circuit.length_m += Math.hypot(x[next] - x[i], y[next] - y[i]);
  }
}
var LOOP = { straight_m: 1e3, radius_m: 480, points: 400 };
function schematic() {
  const { straight_m, radius_m, points } = LOOP;
  const length_m = 2 * straight_m + 2 * Math.PI * radius_m;
  const x = new Float64Array(points);
  const y = new Float64Array(points);
  const half = straight_m / 2;
  for (let i = 0; i < points; i++) {
    let d = length_m * i / points + half;
    const isUpper = d >= length_m / 2 && d < length_m;
    if (d >= length_m / 2) d -= length_m / 2 * (isUpper ? 1 : 2);
    const turn = (d - straight_m) / radius_m;
    const [px, py] = d < straight_m ? [half - d, -radius_m] : [-half - radius_m * Math.sin(turn), -radius_m * Math.cos(turn)];
    x[i] = isUpper ? -px : px;
    y[i] = isUpper ? -py : py;
  }
  const loop = outlined(x, y);
  loop.isSchematic = true;
  return loop;
}
function setSectors(loop, lines) {
  const ends = [0, ...lines, loop.length_m];
  loop.sectorLines = lines;
  loop.corners = ends.slice(1).map((end, i) => ({ label: `S${i + 1}`, distance_m: (ends[i] + end) / 2 }));
}
function onLap(circuit, distance_m) {
  return (distance_m % circuit.length_m + circuit.length_m) % circuit.length_m;
}
function pointAt(circuit, distance_m) {
  const { x, y, at, length_m } = circuit;
  const n = x.length;
  const place = onLap(circuit, distance_m);
  let i = Math.min(n - 1, Math.floor(place / length_m * n));
  while (i > 0 && at[i] > place) i--;
  while (i < n - 1 && at[i + 1] <= place) i++;
  const next = (i + 1) % n;
  const step = (i === n - 1 ? length_m : at[i + 1]) - at[i];
  const share = step ? (place - at[i]) / step : 0;
  return [x[i] + (x[next] - x[i]) * share, y[i] + (y[next] - y[i]) * share];
}
function project(circuit, px, py, near_m = Number.NaN, reach_m = 300) {
  const { x, y, at, length_m } = circuit;
  const n = x.length;
  const half = length_m / 2;
  let least = Number.POSITIVE_INFINITY;
  const found = { distance_m: 0, offset_m: 0 };
  for (let i = 0; i < n; i++) {
    if (Math.abs(onLap(circuit, at[i] - near_m + half) - half) > reach_m) continue;
    const next = (i + 1) % n;
    const dx = x[next] - x[i];
    const dy = y[next] - y[i];
    const square = dx * dx + dy * dy || 1e-9;
    const share = Math.min(1, Math.max(0, ((px - x[i]) * dx + (py - y[i]) * dy) / square));
    const ax = px - x[i] - share * dx;
    const ay = py - y[i] - share * dy;
    const away = ax * ax + ay * ay;
    if (away >= least) continue;
    least = away;
    found.distance_m = at[i] + share * Math.sqrt(square);
    found.offset_m = Math.sqrt(away) * (dx * ay - dy * ax < 0 ? -1 : 1);
  }
  return found;
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

// src/shared/models.ts
var MAX_SELECTED = 4;
function toggleDriver(selection, driver) {
  const drivers = selection.get("drivers");
  const rest = drivers.filter((d) => d !== driver);
  const next = rest.length < drivers.length ? rest : [...rest.slice(Math.max(0, rest.length - MAX_SELECTED + 1)), driver];
  selection.set("drivers", next);
  selection.save_changes();
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
var COMPOUNDS = ["SOFT", "MEDIUM", "HARD", "INTERMEDIATE", "WET", "HYPERSOFT", "ULTRASOFT", "SUPERSOFT", "SUPERHARD"];
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
      const blank2 = blankNote();
      const onNotes = () => {
        if (Boolean(blankNote()) !== Boolean(blank2)) restart();
      };
      follower(own)(state, "_notes", onNotes);
      if (blank2) {
        body.innerHTML = blankHtml(blank2);
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

// src/shared/timing.ts
var CAR_STATES = ["grid", "running", "pit", "out_lap", "stopped", "retired", "finished", "garage"];
var MARKS = ["slower", "personal", "best"];
var EMPTY = { times: new Float64Array(), values: new Float64Array() };
var Growing = class {
  room = { times: new Float64Array(8), values: new Float64Array(8) };
  rows = [];
  shown = EMPTY;
  get times() {
    return this.view().times;
  }
  get values() {
    return this.view().values;
  }
  push(row, time, value) {
    const n = this.rows.push(row);
    if (n > this.room.times.length) {
      const larger = { times: new Float64Array(2 * n), values: new Float64Array(2 * n) };
      larger.times.set(this.room.times);
      larger.values.set(this.room.values);
      this.room = larger;
    }
    this.room.times[n - 1] = time;
    this.room.values[n - 1] = value;
  }
  /** Forget what stood in rows from this one on. */
  cut(from) {
    while (this.rows.length && this.rows[this.rows.length - 1] >= from) this.rows.pop();
  }
  view() {
    const n = this.rows.length;
    const { times, values } = this.room;
    if (this.shown.times.length !== n || this.shown.times.buffer !== times.buffer)
      this.shown = { times: times.subarray(0, n), values: values.subarray(0, n) };
    return this.shown;
  }
};
var HELD_S = 6;
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
var TimingLog = class {
  drivers;
  series = /* @__PURE__ */ new Map();
  orderTimes;
  /** `table`: time_s, driver, field, value; those of one driver and field in order of time. */
  constructor(table, drivers) {
    this.drivers = [...drivers];
    this.take(table, 0);
  }
  /** Take what is new in the table: its rows from this one on. */
  take(table, from) {
    if (from > 0 || this.series.size)
      for (const fields of this.series.values()) for (const series of fields.values()) series.cut(from);
    const time = table.number("time_s");
    const value = table.number("value");
    const driver = table.text("driver");
    const field = table.text("field");
    for (let i = from; i < table.rows; i++) this.seriesOf(driver[i] ?? "", field[i] ?? "").push(i, time[i], value[i]);
    this.orderTimes = void 0;
  }
  seriesOf(driver, field) {
    let fields = this.series.get(driver);
    if (!fields) {
      fields = /* @__PURE__ */ new Map();
      this.series.set(driver, fields);
    }
    let series = fields.get(field);
    if (!series) {
      series = new Growing();
      fields.set(field, series);
    }
    return series;
  }
  /** Whether a field ever has a value: older data have no sectors or tyres. */
  has(field) {
    return this.drivers.some((d) => this.changes(d, field).values.some((v) => !Number.isNaN(v)));
  }
  /** The value at a moment, and since when. */
  at(driver, field, time) {
    const { times, values } = this.changes(driver, field);
    const i = lastAt(times, time);
    return i < 0 ? { value: null, since: Number.NaN } : { value: Number.isNaN(values[i]) ? null : values[i], since: times[i] };
  }
  /** All changes of one value: for marks on a time line. */
  changes(driver, field) {
    return this.series.get(driver)?.get(field) ?? EMPTY;
  }
  /** How often the order of the cars had changed by then: it differs, so the order may. */
  orderAt(time) {
    this.orderTimes ??= Float64Array.from(
      this.drivers.flatMap((d) => [...this.changes(d, "position").times, ...this.changes(d, "state").times])
    ).sort();
    return lastAt(this.orderTimes, time);
  }
  /** Places gained (or lost, below zero) since a moment; 0 where either is unknown. */
  moved(driver, since, time) {
    const [then, now] = [this.at(driver, "position", since).value, this.at(driver, "position", time).value];
    return then == null || now == null ? 0 : then - now;
  }
  /** The lap that is being driven: the highest of all cars. */
  lap(time) {
    return this.drivers.reduce((lap, d) => Math.max(lap, this.at(d, "lap", time).value ?? 0), 0);
  }
  row(driver, time) {
    const value = (field) => this.at(driver, field, time).value;
    const lapSince = this.at(driver, "lap", time).since;
    const marked = (field) => {
      const { value: time_s, since } = this.at(driver, `${field}_time_s`, time);
      const mark = value(`${field}_mark`);
      return { time_s, mark: mark == null ? null : MARKS[mark], isCurrent: since > lapSince || time - since < HELD_S };
    };
    const state = this.at(driver, "state", time);
    const name = CAR_STATES[state.value ?? 0];
    const compound = value("compound");
    return {
      driver,
      position: value("position"),
      lap: value("lap"),
      gap_s: value("gap_s"),
      gap_laps: value("gap_laps") ?? 0,
      isGapStale: false,
      interval_s: value("interval_s"),
      interval_laps: value("interval_laps") ?? 0,
      last: marked("last_lap"),
      best: marked("best_lap"),
      sectors: [marked("sector_1"), marked("sector_2"), marked("sector_3")],
      compound: compound == null ? null : COMPOUNDS[compound],
      tyre_age_laps: value("tyre_age_laps"),
      stops: value("stops") ?? 0,
      state: name,
      state_since_s: state.since,
      isOut: name === "retired" || name === "stopped"
    };
  }
  /**
   * Every car in running order. In a race those that are out come last, the latest of them first; elsewhere a car that
   * stops keeps the place that its best lap gave it.
   */
  rows(time, isRace = true) {
    const last = (r) => isRace && r.isOut;
    const rows = this.drivers.map((d) => this.row(d, time)).sort(
      (a, b) => Number(last(a)) - Number(last(b)) || (last(a) ? b.state_since_s - a.state_since_s : (a.position ?? 99) - (b.position ?? 99)) || a.driver.localeCompare(b.driver)
    );
    if (isRace) this.markStale(rows, time);
    return rows;
  }
  /** A gap is as old as the car's last crossing of a line: where gaps fall down the order, the older one is no longer true. */
  markStale(rows, time) {
    const driving = rows.filter((r) => (r.state === "running" || r.state === "out_lap") && r.gap_s != null && r.gap_laps === 0).map((row) => ({ row, gap_s: row.gap_s, since: this.at(row.driver, "gap_s", time).since }));
    driving.forEach((ahead, i) => {
      for (const behind of driving.slice(i + 1)) {
        if (behind.gap_s >= ahead.gap_s) continue;
        (behind.since < ahead.since ? behind : ahead).row.isGapStale = true;
      }
    });
  }
};

// src/track_map/cars.ts
var GAP_S = 3;
var Path = class {
  constructor(times, x, y) {
    this.times = times;
    this.x = x;
    this.y = y;
  }
  times;
  x;
  y;
  i = 0;
  at(time, out) {
    const { times, x, y } = this;
    const last = times.length - 1;
    if (last < 0 || time < times[0] - GAP_S) return false;
    let { i } = this;
    if (!(times[i] <= time && (i === last || time < times[i + 1]))) {
      i = i < last && times[i + 1] <= time && (i + 1 === last || time < times[i + 2]) ? i + 1 : Math.max(0, lastAt(times, time));
      this.i = i;
    }
    const step = i < last ? times[i + 1] - times[i] : Number.POSITIVE_INFINITY;
    if (time <= times[i] || step > GAP_S) {
      out.x = x[i];
      out.y = y[i];
      out.stale_s = time - times[i] > GAP_S ? time - times[i] : 0;
      return true;
    }
    const u = (time - times[i]) / step;
    out.x = hermite(x[i], x[i + 1], this.slope(x, i) * step, this.slope(x, i + 1) * step, u);
    out.y = hermite(y[i], y[i + 1], this.slope(y, i) * step, this.slope(y, i + 1) * step, u);
    out.stale_s = 0;
    return true;
  }
  along(time, circuit) {
    const place = { x: 0, y: 0, stale_s: 0 };
    return this.at(time, place) ? project(circuit, place.x, place.y).distance_m : Number.NaN;
  }
  /** Speed at a sample, from its neighbours; one-sided beside a hole. */
  slope(v, i) {
    const t = this.times;
    const a = i > 0 && t[i] - t[i - 1] <= GAP_S ? i - 1 : i;
    const b = i < t.length - 1 && t[i + 1] - t[i] <= GAP_S ? i + 1 : i;
    return b > a ? (v[b] - v[a]) / (t[b] - t[a]) : 0;
  }
};
function hermite(a, b, slopeA, slopeB, u) {
  const v = 1 - u;
  return a * v * v * (1 + 2 * u) + b * u * u * (3 - 2 * u) + slopeA * u * v * v - slopeB * u * u * v;
}
function readPaths(table) {
  const driver = table.text("driver");
  const [time, x, y] = ["time_s", "x_m", "y_m"].map((c) => table.number(c));
  const rows = /* @__PURE__ */ new Map();
  for (let i = 0; i < table.rows; i++) {
    const code = driver[i];
    if (!code || Number.isNaN(x[i] + y[i])) continue;
    const own = rows.get(code);
    if (own) own.push(i);
    else rows.set(code, [i]);
  }
  const pick = (own, values) => Float64Array.from(own, (i) => values[i]);
  return new Map([...rows].map(([code, own]) => [code, new Path(pick(own, time), pick(own, x), pick(own, y))]));
}

// src/track_map/driven.ts
var STEP_S = 0.25;
var CLOSED_M = 100;
var LEAST_M = 1e3;
function drivenCircuit(laps, paths) {
  const driver = laps.text("driver");
  const [start, end, lap_time] = ["start_time_s", "end_time_s", "lap_time_s"].map((c) => laps.number(c));
  const whole = [...start.keys()].filter((i) => lap_time[i] > 0 && end[i] > start[i]);
  for (const i of whole.sort((a, b) => lap_time[a] - lap_time[b])) {
    const path = paths.get(driver[i] ?? "");
    const circuit = path && along(path, start[i], end[i]);
    if (circuit) return circuit;
  }
  return null;
}
function along(path, from_s, to_s) {
  const { times } = path;
  const first = times.findIndex((t) => t > from_s);
  if (first < 1 || times[times.length - 1] < to_s) return null;
  for (let i = first; times[i - 1] < to_s; i++) if (times[i] - times[i - 1] > GAP_S) return null;
  const place = { x: 0, y: 0, stale_s: 0 };
  const steps = Math.ceil((to_s - from_s) / STEP_S);
  const x = new Float64Array(steps);
  const y = new Float64Array(steps);
  for (let i = 0; i < steps; i++) {
    path.at(from_s + (to_s - from_s) * i / steps, place);
    x[i] = place.x;
    y[i] = place.y;
  }
  path.at(to_s, place);
  const circuit = outlined(x, y);
  return Math.hypot(place.x - x[0], place.y - y[0]) < CLOSED_M && circuit.length_m > LEAST_M ? circuit : null;
}

// src/track_map/mini_sectors.ts
var LAP_S = 90;
var SHORTEST_S = 0.2;
var POSSIBLE = 0.4;
var WORTH_MEASURING = 1.25;
var Passages = class {
  times = new Float64Array();
  /** of the lap, from 0 */
  ends = [];
  all = [];
  /** A mini-sector is reported again when its mark changes, also that of a lap ago: what cannot have been driven is left out. */
  add(time, end, count) {
    const last = this.ends.length - 1;
    if (last >= 0) {
      const ahead = (end - this.ends[last] + count) % count;
      if (ahead === 0 || ahead > 2 && time - this.all[last] < POSSIBLE * ahead * LAP_S / count) return;
    }
    this.all.push(time);
    this.ends.push(end);
  }
  /** Forget what came at this time or later. */
  cut(time) {
    while (this.all.length && this.all[this.all.length - 1] >= time) {
      this.all.pop();
      this.ends.pop();
    }
  }
  close() {
    if (this.times.length !== this.all.length || this.times.at(-1) !== this.all.at(-1))
      this.times = Float64Array.from(this.all);
  }
};
var MiniSectors = class {
  /** `table`: time_s, driver, sector, mini_sector, mark. */
  constructor(table, log, circuit) {
    this.table = table;
    this.log = log;
    this.inSector = countsOf(table);
    this.kind = this.inSector.every((n) => n > 0) ? "mini-sectors" : "sectors";
    if (this.kind === "sectors") this.inSector = [1, 1, 1];
    this.count = this.inSector.reduce((a, b) => a + b, 0);
    this.circuit = circuit ?? schematic();
    this.take(0);
  }
  table;
  log;
  kind;
  /** how many there are on a lap */
  count;
  cars = /* @__PURE__ */ new Map();
  /** the one given, or a loop that stands for it */
  circuit;
  /** metres from the start line at which each begins, and the length of the lap */
  ends = new Float64Array();
  /** time that a fast car takes for each of them */
  typical = new Float64Array();
  /** how many of them each of the three sectors has */
  inSector;
  measuredOf = 0;
  /** Whether the table has come to have another number of mini-sectors. */
  isOutgrown() {
    const counts = countsOf(this.table);
    return counts.every((n) => n > 0) && counts.some((n, i) => n !== this.inSector[i]);
  }
  /** Take the rows from this one on. True: the places of the ends have moved. */
  take(from) {
    if (this.kind === "sectors") this.readSectors();
    else this.readTable(from);
    for (const car of this.cars.values()) car.close();
    const known = [...this.cars.values()].reduce((n, car) => n + car.ends.length, 0);
    if (this.measuredOf && known < WORTH_MEASURING * this.measuredOf) return false;
    this.measuredOf = known;
    this.typical = typicalTimes(this.cars.values(), this.count);
    this.ends = this.placed();
    return true;
  }
  readTable(from) {
    const { table, inSector } = this;
    const [driver, mark] = [table.text("driver"), table.text("mark")];
    const [time, sector, number] = ["time_s", "sector", "mini_sector"].map((c) => table.number(c));
    const before = [0, inSector[0], inSector[0] + inSector[1]];
    let first = from;
    while (first > 0 && time[first - 1] >= time[from]) first--;
    if (first > 0) for (const car of this.cars.values()) car.cut(time[first]);
    else this.cars.clear();
    const rows = Array.from({ length: table.rows - first }, (_, k) => first + k).filter((i) => mark[i] !== "none");
    const end = (i) => before[sector[i] - 1] + number[i] - 1;
    rows.sort((a, b) => time[a] - time[b] || end(a) - end(b));
    for (const i of rows) this.of(driver[i] ?? "").add(time[i], end(i), this.count);
  }
  readSectors() {
    this.cars.clear();
    for (const driver of this.log.drivers) {
      const reports = [0, 1, 2].flatMap((end) => {
        const { times, values } = this.log.changes(driver, `sector_${end + 1}_time_s`);
        return Array.from(times, (time, i) => ({ time, end, isSet: !Number.isNaN(values[i]) })).filter((r) => r.isSet);
      });
      reports.sort((a, b) => a.time - b.time || a.end - b.end);
      for (const { time, end } of reports) this.of(driver).add(time, end, this.count);
    }
  }
  of(driver) {
    let own = this.cars.get(driver);
    if (!own) {
      own = new Passages();
      this.cars.set(driver, own);
    }
    return own;
  }
  /** Where each begins: as published, else by time, inside the timing sectors where it is known where these end. */
  placed() {
    const { circuit, count, inSector } = this;
    const { length_m, miniSectorEnds, sectorLines } = circuit;
    if (miniSectorEnds.length === count) return Float64Array.from([0, ...miniSectorEnds.slice(0, -1), length_m]);
    const by = new Float64Array(count + 1);
    for (let k = 0; k < count; k++) by[k + 1] = by[k] + this.typical[k];
    const out = by.map((time) => time / by[count] * length_m);
    const firsts = [0, inSector[0], inSector[0] + inSector[1], count];
    if (circuit.isSchematic) setSectors(circuit, [out[firsts[1]], out[firsts[2]]]);
    else if (sectorLines.length === 2) {
      const lines = [0, ...sectorLines, length_m];
      for (let sector = 0; sector < 3; sector++) {
        const [a, b] = [firsts[sector], firsts[sector + 1]];
        const stretch = (lines[sector + 1] - lines[sector]) / (by[b] - by[a]);
        for (let k = a; k < b; k++) out[k] = lines[sector] + (by[k] - by[a]) * stretch;
      }
    }
    return out;
  }
};
function countsOf(table) {
  const [sector, number] = ["sector", "mini_sector"].map((c) => table.number(c));
  const counts = [0, 0, 0];
  for (let i = 0; i < table.rows; i++) counts[sector[i] - 1] = Math.max(counts[sector[i] - 1], number[i]);
  return counts;
}
function typicalTimes(cars, count) {
  const times = Array.from({ length: count }, () => []);
  for (const { times: at, ends } of cars) {
    for (let i = 1; i < at.length; i++) {
      const took = at[i] - at[i - 1];
      if (took >= SHORTEST_S && ends[i] === (ends[i - 1] + 1) % count) times[ends[i]].push(took);
    }
  }
  return Float64Array.from(
    times,
    (all) => all.length ? all.sort((a, b) => a - b)[Math.floor(all.length / 4)] : LAP_S / count
  );
}

// src/track_map/trail.ts
var PACE_OF = 3;
var SLOWEST = 3;
var FASTEST = 0.7;
var EASE_S = 0.6;
var SLOWS_FROM = 0.85;
var LOST_S = 20;
var LATE_REPORT_S = 5;
var NOTHING = new Passages();
var MiniSectorTrail = class {
  constructor(sectors, driver) {
    this.sectors = sectors;
    this.driver = driver;
  }
  sectors;
  driver;
  i = -1;
  since_s = Number.NaN;
  end = -1;
  expected_s = 1;
  late_m = 0;
  at(time, out) {
    const along_m = this.along(time);
    if (Number.isNaN(along_m)) return false;
    [out.x, out.y] = pointAt(this.sectors.circuit, along_m);
    const late_s = time - this.since_s - this.expected_s;
    out.stale_s = late_s > LOST_S ? late_s : 0;
    return true;
  }
  /** Metres from the start line; NaN before the car was seen. */
  along(time) {
    return this.find(time) ? this.place(time) : Number.NaN;
  }
  /** By what was found last. */
  place(time) {
    const since = Math.max(0, time - this.since_s);
    const target = this.target(this.end, since / this.expected_s);
    return onLap(this.sectors.circuit, target - this.late_m * Math.exp(-since / EASE_S));
  }
  get own() {
    return this.sectors.cars.get(this.driver) ?? NOTHING;
  }
  /** Where a car is that has come to an end and has driven this share of the expected time since. */
  target(end, share) {
    const { ends, count } = this.sectors;
    const next = (end + 1) % count;
    return ends[next] + (ends[next + 1] - ends[next]) * eased(share);
  }
  /** Set what is known of the car at a moment. */
  find(time) {
    const { times } = this.own;
    let { i } = this;
    if (!(i >= 0 && times[i] <= time && !(times[i + 1] <= time))) i = lastAt(times, time);
    if (i !== this.i && i !== this.i + 1) {
      this.end = -1;
      for (let k = Math.max(0, i - PACE_OF); k < i; k++) this.come(times[k], k);
    }
    this.i = i;
    return this.come(time, i);
  }
  /** Take what is known at a moment when passage `i` is the last one. */
  come(time, i) {
    const { times, ends } = this.own;
    const { count, log, circuit } = this.sectors;
    const lap = log.at(this.driver, "lap", time);
    const isLate = ends[i] >= count / 2;
    const isMissing = lap.value != null && !(lap.since <= times[i]);
    const isAtLine = isMissing ? lap.value <= 1 || isLate && ends[i] < count - 1 : isLate && times[i] - lap.since < LATE_REPORT_S;
    if (i < 0 && !isAtLine) return false;
    const since_s = isAtLine ? lap.since : times[i];
    const end = isAtLine ? count - 1 : ends[i];
    if (end === this.end && since_s === this.since_s) return true;
    const before = this.end < 0 ? Number.NaN : this.place(since_s);
    this.end = end;
    this.since_s = since_s;
    this.expected_s = this.expected(i, end);
    const missing = onLap(circuit, this.target(end, 0) - before);
    this.late_m = missing < circuit.length_m / 3 ? missing : 0;
    return true;
  }
  /** How long the mini-sector after this end will take, at the pace that the car had when it came to passage `i`. */
  expected(i, end) {
    const { times, ends } = this.own;
    const { count, typical } = this.sectors;
    let took = 0;
    let usual = 0;
    for (let k = i; k > Math.max(0, i - PACE_OF); k--) {
      const step = times[k] - times[k - 1];
      if (ends[k] !== (ends[k - 1] + 1) % count || step > SLOWEST * typical[ends[k]]) continue;
      took += step;
      usual += typical[ends[k]];
    }
    return typical[(end + 1) % count] * (usual ? Math.max(FASTEST, took / usual) : 1);
  }
};
function eased(share) {
  const left = 1 - SLOWS_FROM;
  return share <= SLOWS_FROM ? share : 1 - left * Math.exp(-(share - SLOWS_FROM) / left);
}

// src/track_map/field.ts
var Field = class {
  constructor(tables, log) {
    this.tables = tables;
    this.log = log;
    const known = readCircuit(tables.circuit);
    this.paths = readPaths(tables.positions);
    this.sectors = this.paths.size ? null : new MiniSectors(tables.mini_sectors, log, known);
    this.isDriven = !known && !this.sectors;
    this.circuit = this.sectors ? this.sectors.circuit : known ?? drivenCircuit(tables.laps, this.paths);
  }
  tables;
  log;
  /** null: neither shape nor loop, only positions of less than a lap */
  circuit;
  /** the shape is the way of a car, because no source has one */
  isDriven;
  sectors;
  paths;
  /** Nothing says where any car is. */
  get isEmpty() {
    return !this.paths.size && !this.sectors?.cars.size;
  }
  /** Take what is new, by the first row of each table that is. True: the road has to be drawn anew. */
  take(from) {
    if (!this.sectors) {
      if (from.positions != null) this.paths = readPaths(this.tables.positions);
      return false;
    }
    const isNew = from.mini_sectors != null || this.sectors.kind === "sectors" && from.timing != null;
    return isNew && this.sectors.take(from.mini_sectors ?? 0);
  }
  /** There is something better to go by, or of another shape: start over. */
  isOutgrown(from) {
    if (from.circuit != null) return true;
    if (this.sectors) return this.tables.positions.rows > 0 || this.sectors.isOutgrown();
    return !this.circuit && from.laps != null && drivenCircuit(this.tables.laps, this.paths) !== null;
  }
  /** The way of one car, of its own: whoever looks at it does so in order of time. */
  trail(driver) {
    return this.sectors ? new MiniSectorTrail(this.sectors, driver) : this.paths.get(driver);
  }
  trails() {
    if (!this.sectors) return this.paths;
    return new Map(this.log.drivers.map((driver) => [driver, this.trail(driver)]));
  }
};

// src/track_map/flags.ts
var NO_FLAGS = /* @__PURE__ */ new Map();
var FLAGS = { YELLOW: "yellow", "DOUBLE YELLOW": "double" };
var ENDS_ALL = ["GREEN", "CLEAR", "CHEQUERED"];
var FEWEST = 15;
var FlagLog = class {
  times;
  states;
  /** the highest sector that was ever named */
  highest;
  /** `table`: time_s, flag, scope, sector. */
  constructor(table) {
    const [time, sector] = ["time_s", "sector"].map((c) => table.number(c));
    const [flag, scope] = ["flag", "scope"].map((c) => table.text(c));
    const times = [];
    this.states = [];
    let highest = 0;
    let now = NO_FLAGS;
    for (let i = 0; i < table.rows; i++) {
      const isSector = scope[i] === "Sector" && sector[i] > 0;
      let next = now;
      if (isSector) {
        highest = Math.max(highest, sector[i]);
        const changed = new Map(now);
        const shown = FLAGS[flag[i] ?? ""];
        if (shown) changed.set(sector[i], shown);
        else changed.delete(sector[i]);
        next = changed;
      } else if (scope[i] === "Track" && ENDS_ALL.includes(flag[i] ?? "")) next = NO_FLAGS;
      if (next === now) continue;
      now = next;
      times.push(time[i]);
      this.states.push(now);
    }
    this.times = Float64Array.from(times);
    this.highest = highest;
  }
  at(time_s) {
    return this.states[lastAt(this.times, time_s)] ?? NO_FLAGS;
  }
};
function stretchOf(circuit, sector, highest) {
  const known = circuit.marshalSectors.find((s) => s.number === sector);
  if (known || !circuit.isSchematic) return known ?? null;
  const step = circuit.length_m / Math.max(FEWEST, highest);
  return { number: sector, from: (sector - 1) * step, to: sector * step };
}
function flagWords(flags) {
  const of = (kind) => [...flags].filter(([, f]) => f === kind).map(([sector]) => sector).sort((a, b) => a - b);
  const words = (name, sectors) => sectors.length ? `${name}, sector${sectors.length > 1 ? "s" : ""} ${sectors.join(", ")}` : "";
  return [words("Double yellow", of("double")), words("Yellow", of("yellow"))].filter(Boolean).join("; ");
}

// src/track_map/lap.ts
var CHANNELS = {
  speed: { column: "speed_kmh", unit: "km/h", isStep: false, range: null, levels: 32 },
  throttle: { column: "throttle_pct", unit: "% throttle", isStep: false, range: [0, 100], levels: 16 },
  brake: { column: "is_braking", unit: "", isStep: true, range: [0, 1], levels: 2 },
  gear: { column: "gear", unit: "gear", isStep: true, range: [1, 8], levels: 8 }
};
function readLaps(table, book) {
  const ends = /* @__PURE__ */ new Map();
  const [whose, which, end] = [book.text("driver"), book.number("lap"), book.number("end_time_s")];
  for (let i = 0; i < book.rows; i++) if (!Number.isNaN(end[i])) ends.set(`${whose[i]} ${which[i]}`, end[i]);
  const driver = table.text("driver");
  const [lap, time] = ["lap", "lap_time_s"].map((c) => table.number(c));
  const laps = [];
  for (let from = 0, i = 1; i <= table.rows; i++) {
    if (i < table.rows && driver[i] === driver[from] && lap[i] === lap[from]) continue;
    const end_s = ends.get(`${driver[from]} ${lap[from]}`) ?? null;
    laps.push({ driver: driver[from] ?? "", lap: lap[from], lap_time_s: time[i - 1], end_s, from, to: i });
    from = i;
  }
  return laps;
}
var isAhead = (lap, time_s) => lap.end_s != null && lap.end_s > time_s;
function chooseLap(laps, selected, drivers, time_s) {
  const fastest = (some) => some.reduce((a, b) => a && a.lap_time_s <= b.lap_time_s ? a : b, null);
  const best = (some) => fastest(some.filter((l) => !isAhead(l, time_s))) ?? fastest(some);
  for (const [driver, lap] of selected) {
    const found = laps.find((l) => l.driver === driver && l.lap === lap);
    if (found) return found;
  }
  return (drivers.length ? best(laps.filter((l) => l.driver === drivers[0])) : null) ?? best(laps);
}
function alongCircuit(circuit, table, lap, channel) {
  const { column, isStep } = CHANNELS[channel];
  const place = table.number("track_m");
  const value = table.number(column);
  const out = new Float64Array(circuit.x.length).fill(Number.NaN);
  let i = lap.from;
  for (let k = 0; k < out.length; k++) {
    const at = circuit.at[k];
    while (i + 1 < lap.to - 1 && place[i + 1] <= at) i++;
    const next = Math.min(i + 1, lap.to - 1);
    const step = place[next] - place[i];
    const share = isStep || step <= 0 ? 0 : Math.min(1, Math.max(0, (at - place[i]) / step));
    out[k] = value[i] + (value[next] - value[i]) * share;
  }
  return out;
}
function toLevels(values, channel) {
  const { range, levels } = CHANNELS[channel];
  const known = values.filter((v) => !Number.isNaN(v));
  const [low, high] = range ?? [
    known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    known.reduce((a, b) => Math.max(a, b), 0)
  ];
  const level = Int8Array.from(
    values,
    (v) => Number.isNaN(v) ? -1 : Math.max(0, Math.min(levels - 1, Math.round((v - low) / (high - low || 1) * (levels - 1))))
  );
  return { level, count: levels, low, high };
}
function levelColor(t, level, count) {
  const stops = [t["speed-0"], t["speed-1"], t["speed-2"], t["speed-3"], t["speed-4"]];
  const at = level / Math.max(1, count - 1) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  return css(mix(parse(stops[i]), parse(stops[i + 1]), at - i));
}

// src/track_map/legend.ts
function levelCss(level, count) {
  const at = level / Math.max(1, count - 1) * 4;
  const i = Math.min(3, Math.floor(at));
  const share = Math.round((at - i) * 100);
  return `color-mix(in srgb, var(--f1nb-speed-${i + 1}) ${share}%, var(--f1nb-speed-${i}))`;
}
function legendHtml(channel, levels, lap, isAhead2) {
  const whose = `${esc(lap.driver)}, lap ${lap.lap}, ${lapTime(lap.lap_time_s)}${isAhead2 ? ", after the clock" : ""}`;
  const swatch = (level, text) => `<i class="f1nb-map-swatch" style="background:${levelCss(level, levels.count)}"></i><span>${text}</span>`;
  const [low, high] = [levels.low, levels.high].map((v) => Math.round(v));
  const scale = channel === "brake" ? swatch(0, "off the brake") + swatch(1, "braking") : channel === "gear" ? Array.from({ length: levels.count }, (_, i) => swatch(i, String(low + i))).join("") : `<span>${low}</span><i class="f1nb-ramp"></i><span>${high}</span>`;
  return `${scale}<span>${CHANNELS[channel].unit}</span><span class="f1nb-map-lap">${whose}</span>`;
}

// src/track_map/progress.ts
var EARLY = { share: 0.1, within_s: 15 };
var LATE = { share: 0.03, after_s: 60 };
var STEPS = 18;
var Progress = class {
  constructor(circuit, trails, log) {
    this.circuit = circuit;
    this.trails = trails;
    this.log = log;
  }
  circuit;
  trails;
  log;
  /** In laps: 12.25 is a quarter into lap 13. NaN where it is not known. */
  at(driver, time) {
    const lap = this.log.at(driver, "lap", time);
    if (lap.value == null) return Number.NaN;
    const share = (this.trails.get(driver)?.along(time, this.circuit) ?? Number.NaN) / this.circuit.length_m;
    const since = time - lap.since;
    if (share > 1 - EARLY.share && since < EARLY.within_s) return lap.value + share - 2;
    if (share < LATE.share && since > LATE.after_s && this.isOnTrack(driver, time)) return lap.value + share;
    return lap.value + share - 1;
  }
  isOnTrack(driver, time) {
    return CAR_STATES[this.log.at(driver, "state", time).value ?? 0] === "running";
  }
  /** When a car had come so far, between two moments. */
  when(driver, laps, from, to) {
    let [a, b] = [from, to];
    for (let i = 0; i < STEPS; i++) {
      const middle = (a + b) / 2;
      if (this.at(driver, middle) < laps) a = middle;
      else b = middle;
    }
    return (a + b) / 2;
  }
};

// src/track_map/pit_exit.ts
var USUAL = { loss_s: 22, spread_s: 5 };
var OWN_STOPS = 3;
var LEAST_SPREAD_S = 1;
var SIGMA = 1.4826;
var SLOW = ["safety_car", "vsc", "vsc_ending"];
var SLOW_SHARE = 0.8;
var SLOW_SPREAD_S = 4;
var REACH_S = 120;
var median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
function lossAt(table, time, status) {
  const known = Array.from(table.number("loss_s")).filter((_, i) => table.number("time_s")[i] <= time);
  const isOwn = known.length >= OWN_STOPS;
  const clear_s = isOwn ? median(known) : USUAL.loss_s;
  const spread_s = isOwn ? Math.max(LEAST_SPREAD_S, SIGMA * median(known.map((v) => Math.abs(v - clear_s)))) : USUAL.spread_s;
  const by = isOwn ? `the median of ${known.length} stops so far` : "usual; this race has not shown its own yet";
  if (!SLOW.includes(status)) return { loss_s: clear_s, spread_s, by };
  return {
    loss_s: SLOW_SHARE * clear_s,
    spread_s: spread_s + SLOW_SPREAD_S,
    by: `80 % of one on a clear track (${clear_s.toFixed(1)} s, ${by}) while the others are slow`
  };
}
var GONE = ["retired", "stopped", "finished"];
var RACING = ["running", "out_lap"];
function pitExit(progress, log, driver, time, loss) {
  const stateOf = (d) => stateAt(log, d, time);
  if (!RACING.includes(stateOf(driver))) return null;
  const then = time - loss.loss_s;
  const [laps, early, late] = [then, then + loss.spread_s, then - loss.spread_s].map((t) => progress.at(driver, t));
  const others = log.drivers.filter((d) => d !== driver && !GONE.includes(stateOf(d))).map((d) => ({ driver: d, laps: progress.at(d, time) })).filter((o) => !Number.isNaN(o.laps)).sort((a, b) => b.laps - a.laps);
  if (Number.isNaN(laps + early + late)) return null;
  const placeOf = (at) => 1 + others.filter((o) => o.laps > at).length;
  const position = placeOf(laps);
  const ahead = others[position - 2];
  const behind = others[position - 1];
  return {
    driver,
    position,
    best: placeOf(early),
    worst: placeOf(late),
    // how long ago the car ahead was where he comes out; how long ago he was, with the stop, where the car behind is
    ahead: ahead ? { driver: ahead.driver, gap_s: time - progress.when(ahead.driver, laps, time - REACH_S, time) } : null,
    behind: behind ? { driver: behind.driver, gap_s: then - progress.when(driver, behind.laps, then - REACH_S, then) } : null
  };
}
function pitExitHtml(exit, loss) {
  const gap = (n, sign) => n.gap_s > REACH_S - 1 ? esc(n.driver) : `${esc(n.driver)} (${sign}${n.gap_s.toFixed(1)} s)`;
  const range = exit.best === exit.worst ? "" : ` (P${exit.best} to P${exit.worst})`;
  const ahead = exit.ahead ? `, behind ${gap(exit.ahead, "+")}` : "";
  const behind = exit.behind ? `, ahead of ${gap(exit.behind, "−")}` : "";
  const cost = `A stop costs ${loss.loss_s.toFixed(1)} s: ${loss.by}.`;
  return `<b>${esc(exit.driver)} would come out P${exit.position}</b>${range}${ahead}${behind}, ±${loss.spread_s.toFixed(1)} s. <span title="${esc(cost)}">${esc(cost)}</span>`;
}
var PitExits = class {
  constructor(circuit, field, log, losses) {
    this.circuit = circuit;
    this.field = field;
    this.log = log;
    this.losses = losses;
  }
  circuit;
  field;
  log;
  losses;
  driver = null;
  trails = [];
  // for the middle and both ends of where he can come out
  paths = null;
  // those that the trails are of: a session that goes on has longer ones
  loss = { ...USUAL, by: "" };
  ghost(driver, time) {
    if (!driver || !RACING.includes(stateAt(this.log, driver, time))) return null;
    if (driver !== this.driver || this.paths !== this.field.paths) {
      this.driver = driver;
      this.paths = this.field.paths;
      this.trails = [0, 1, 2].flatMap(() => this.field.trail(driver) ?? []);
    }
    const { loss_s, spread_s } = this.loss;
    const [at, from, to] = this.trails.map(
      (trail, i) => trail.along(time - loss_s + [0, -spread_s, spread_s][i], this.circuit)
    );
    return at + from + to > 0 ? { driver, at, from, to } : null;
  }
  html(driver, time, status) {
    this.loss = lossAt(this.losses, time, status);
    if (!driver) return "Select or follow a car to see where it would come out of the pits.";
    const exit = pitExit(new Progress(this.circuit, this.field.trails(), this.log), this.log, driver, time, this.loss);
    if (exit) return pitExitHtml(exit, this.loss);
    const isOut = RACING.includes(stateAt(this.log, driver, time));
    return `${esc(driver)} ${isOut ? "has not been on the track for as long as a stop takes" : "is not on the track"}.`;
  }
};
var stateAt = (log, driver, time) => CAR_STATES[log.at(driver, "state", time).value ?? 0];

// src/track_map/labels.ts
var CELL = 2;
var Obstacles = class {
  boxes = new Float64Array(4 * 128);
  count = 0;
  road = new Uint8Array();
  columns = 0;
  rows = 0;
  width = 0;
  height = 0;
  /** Start over, without boxes and road. */
  resize(width, height) {
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / CELL);
    this.rows = Math.ceil(height / CELL);
    const cells = this.columns * this.rows;
    if (this.road.length === cells) this.road.fill(0);
    else this.road = new Uint8Array(cells);
    this.count = 0;
  }
  /** Forget the boxes from this one on; `mark()` says how many there are. */
  reset(count) {
    this.count = count;
  }
  mark() {
    return this.count;
  }
  add(left, top, right, bottom) {
    if (4 * this.count === this.boxes.length) {
      const more = new Float64Array(2 * this.boxes.length);
      more.set(this.boxes);
      this.boxes = more;
    }
    this.boxes.set([left, top, right, bottom], 4 * this.count++);
  }
  /** A piece of road of this half width around a point. */
  addRoad(x, y, half) {
    const c0 = Math.max(0, Math.floor((x - half) / CELL));
    const c1 = Math.min(this.columns - 1, Math.floor((x + half) / CELL));
    const r0 = Math.max(0, Math.floor((y - half) / CELL));
    const r1 = Math.min(this.rows - 1, Math.floor((y + half) / CELL));
    for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) this.road[r * this.columns + c] = 1;
  }
  /** Inside the panel and on no box. */
  isFree(left, top, right, bottom) {
    if (left < 2 || top < 2 || right > this.width - 2 || bottom > this.height - 2) return false;
    const b = this.boxes;
    for (let i = 0; i < 4 * this.count; i += 4) {
      if (left < b[i + 2] && b[i] < right && top < b[i + 3] && b[i + 1] < bottom) return false;
    }
    return true;
  }
  isOffRoad(left, top, right, bottom) {
    const c1 = Math.min(this.columns - 1, Math.floor(right / CELL));
    const r1 = Math.min(this.rows - 1, Math.floor(bottom / CELL));
    for (let r = Math.max(0, Math.floor(top / CELL)); r <= r1; r++) {
      for (let c = Math.max(0, Math.floor(left / CELL)); c <= c1; c++) if (this.road[r * this.columns + c]) return false;
    }
    return true;
  }
};
var DISTANCES = [15, 24, 34, 46];
var D = Math.SQRT1_2;
var DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [D, -D],
  [D, D],
  [-D, -D],
  [-D, D]
];
var PLACES = DISTANCES.length * DIRECTIONS.length;
var Labels = class {
  slots = /* @__PURE__ */ new Map();
  /** Find a place and occupy it. False: there is none. A label keeps its place while that is free, so that it does not jump. */
  place(label, obstacles) {
    const before = this.slots.get(label.key) ?? -1;
    let slot = before >= 0 && this.fits(label, before, obstacles, true) ? before : this.first(label, obstacles, true);
    if (slot < 0) slot = this.first(label, obstacles, false);
    this.slots.set(label.key, slot);
    if (slot < 0) return false;
    this.move(label, slot);
    const w = label.width / 2 + 2;
    const h = label.height / 2 + 1;
    obstacles.add(label.textX - w, label.textY - h, label.textX + w, label.textY + h);
    return true;
  }
  first(label, obstacles, offRoad) {
    for (let slot = 0; slot < PLACES; slot++) if (this.fits(label, slot, obstacles, offRoad)) return slot;
    return -1;
  }
  move(label, slot) {
    const [out, across] = DIRECTIONS[slot % DIRECTIONS.length];
    label.distance = DISTANCES[Math.floor(slot / DIRECTIONS.length)];
    const ux = label.nx * out - label.ny * across;
    const uy = label.ny * out + label.nx * across;
    label.textX = label.x + ux * (label.distance + label.width / 2 * Math.abs(ux));
    label.textY = label.y + uy * label.distance;
  }
  fits(label, slot, obstacles, offRoad) {
    this.move(label, slot);
    const [x, y] = [label.textX, label.textY];
    const w = label.width / 2 + 2;
    const h = label.height / 2 + 1;
    if (!obstacles.isFree(x - w, y - h, x + w, y + h)) return false;
    return !offRoad || obstacles.isOffRoad(x - w, y - h, x + w, y + h);
  }
};

// src/track_map/marks.ts
function disc(g, x, y, radius, color) {
  g.beginPath();
  g.arc(x, y, radius, 0, 2 * Math.PI);
  g.fillStyle = color;
  g.fill();
}
function cross(g, x, y, half, color, width) {
  g.beginPath();
  g.moveTo(x - half, y - half);
  g.lineTo(x + half, y + half);
  g.moveTo(x + half, y - half);
  g.lineTo(x - half, y + half);
  g.lineCap = "round";
  g.lineWidth = width;
  g.strokeStyle = color;
  g.stroke();
}
function ghostDot(g, x, y, color, surface) {
  disc(g, x, y, 8.5, surface);
  g.beginPath();
  g.arc(x, y, 6.5, 0, 2 * Math.PI);
  g.setLineDash([3.2, 2.2]);
  g.lineWidth = 2.4;
  g.strokeStyle = color;
  g.stroke();
  g.setLineDash([]);
}

// src/track_map/view.ts
var screenX = (v, x, y) => v.ox + v.k * (x * v.cos - y * v.sin);
var screenY = (v, x, y) => v.oy - v.k * (x * v.sin + y * v.cos);
function ground(v, px, py) {
  const a = (px - v.ox) / v.k;
  const b = (v.oy - py) / v.k;
  return [a * v.cos + b * v.sin, b * v.cos - a * v.sin];
}
function fitted(x, y, turn_deg, box) {
  const turn = turn_deg * Math.PI / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  let [x0, x1, y0, y1] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY
  ];
  for (let i = 0; i < x.length; i++) {
    const a = x[i] * cos - y[i] * sin;
    const b = x[i] * sin + y[i] * cos;
    x0 = Math.min(x0, a);
    x1 = Math.max(x1, a);
    y0 = Math.min(y0, b);
    y1 = Math.max(y1, b);
  }
  const k = Math.max(1e-3, Math.min(box.width / Math.max(x1 - x0, 1), box.height / Math.max(y1 - y0, 1)));
  const ox = box.left + box.width / 2 - k * (x0 + x1) / 2;
  const oy = box.top + box.height / 2 + k * (y0 + y1) / 2;
  return { k, cos, sin, ox, oy };
}
var WORTH_TURNING = 1.2;
function overview(x, y, rotation_deg, box) {
  const upright = fitted(x, y, rotation_deg || 0, box);
  if (rotation_deg) return upright;
  const turned = fitted(x, y, 90, box);
  return turned.k > upright.k * WORTH_TURNING ? turned : upright;
}
function centred(v, k, x, y, box) {
  const mx = box.left + box.width / 2;
  const my = box.top + box.height / 2;
  return { ...v, k, ox: mx - k * (x * v.cos - y * v.sin), oy: my + k * (x * v.sin + y * v.cos) };
}
function between(a, b, share) {
  const mix2 = (p, q) => p + (q - p) * share;
  return { ...b, k: mix2(a.k, b.k), ox: mix2(a.ox, b.ox), oy: mix2(a.oy, b.oy) };
}

// src/track_map/road.ts
var HALO = {
  yellow: "yellow",
  safety_car: "sc",
  vsc: "vsc",
  vsc_ending: "vsc",
  red: "red"
};
var AWAY = [11, 15, 19, -11, 24, -15, -19];
var Road = class {
  constructor(circuit) {
    this.circuit = circuit;
    const { x, y, pitX, pitY } = circuit;
    for (let i = 0; i < x.length; i++) this.outline.lineTo(x[i], y[i]);
    this.outline.closePath();
    for (let i = 0; i < pitX.length; i++) this.pitLane.lineTo(pitX[i], pitY[i]);
  }
  circuit;
  outline = new Path2D();
  pitLane = new Path2D();
  bands = [];
  /** Colour the circuit: one path for each level, so that a frame is a few strokes and not one for each point. */
  color(levels) {
    this.bands = [];
    if (!levels) return;
    const { x, y } = this.circuit;
    const n = x.length;
    this.bands = Array.from({ length: levels.count }, () => new Path2D());
    for (let i = 0; i < n; i++) {
      const band = this.bands[levels.level[i]];
      if (!band) continue;
      if (levels.level[(i + n - 1) % n] !== levels.level[i] || i === 0) band.moveTo(x[i], y[i]);
      const next = (i + 1) % n;
      const reach = levels.level[next] === levels.level[i] ? 1 : 1.15;
      band.lineTo(x[i] + (x[next] - x[i]) * reach, y[i] + (y[next] - y[i]) * reach);
    }
  }
  /** Draw it. `width`: of the asphalt, in pixels. `flagged`: stretches under yellow flags. */
  draw(g, v, width, status, flagged, t) {
    const stroke = (path, pixels, color) => {
      g.lineWidth = pixels / v.k;
      g.strokeStyle = color;
      g.stroke(path);
    };
    g.save();
    g.transform(v.k * v.cos, -v.k * v.sin, -v.k * v.sin, -v.k * v.cos, v.ox, v.oy);
    g.lineJoin = "round";
    g.lineCap = "round";
    const halo = HALO[status];
    if (halo && !(status === "yellow" && flagged.length)) {
      if (status.startsWith("vsc")) g.setLineDash([10 / v.k, 12 / v.k]);
      stroke(this.outline, width + 8, t[halo]);
      g.setLineDash([]);
    }
    g.lineCap = "butt";
    for (const [stretch, flag] of flagged) {
      const path = this.path(stretch);
      if (flag === "double") {
        stroke(path, width + 17, t.yellow);
        stroke(path, width + 12, t.surface);
      }
      stroke(path, width + 9, t.yellow);
    }
    g.lineCap = "round";
    stroke(this.outline, width + 3.5, t.surface);
    stroke(this.outline, width, t.asphalt);
    stroke(this.pitLane, 1.5, t.edge);
    g.lineCap = "butt";
    this.bands.forEach((band, level) => {
      stroke(band, width - 2, levelColor(t, level, this.bands.length));
    });
    g.restore();
    if (this.circuit.isSchematic) this.arrows(g, v, width, t["ink-3"]);
    for (const line of this.circuit.sectorLines) this.tick(g, v, line, width / 2 + 3, t["ink-3"], 2);
    this.tick(g, v, 0, width + 3, t.ink, 3.5);
  }
  /** A stretch of the road as a broad line that lets what is below shine through. */
  drawStretch(g, v, stretch, width, color) {
    g.save();
    g.transform(v.k * v.cos, -v.k * v.sin, -v.k * v.sin, -v.k * v.cos, v.ox, v.oy);
    g.globalAlpha = 0.45;
    g.lineWidth = width / v.k;
    g.strokeStyle = color;
    g.stroke(this.path(stretch));
    g.restore();
  }
  path({ from, to }) {
    const path = new Path2D();
    const length = onLap(this.circuit, to - from);
    const steps = Math.max(1, Math.ceil(length / 10));
    for (let i = 0; i <= steps; i++) path.lineTo(...pointAt(this.circuit, from + length * i / steps));
    return path;
  }
  /** Which way the cars go around: a circuit is known by its shape, a loop is not. */
  arrows(g, v, width, color) {
    g.lineWidth = 1.5;
    g.strokeStyle = color;
    for (let share = 0.04; share < 1; share += 0.12) {
      const [[ax, ay], [bx, by]] = [-8, 8].map((d) => this.screen(v, share * this.circuit.length_m + d));
      const length = Math.hypot(bx - ax, by - ay) || 1;
      const [ux, uy] = [(bx - ax) / length, (by - ay) / length];
      const half = width * 0.38;
      g.beginPath();
      g.moveTo(ax - (ux + uy) * half, ay - (uy - ux) * half);
      g.lineTo(ax, ay);
      g.lineTo(ax - (ux - uy) * half, ay - (uy + ux) * half);
      g.stroke();
    }
  }
  /** Place the numbers of the corners: inside the bend where there is room, as codes of cars stand outside. */
  numbers(v, width, obstacles) {
    const placed = [];
    for (const { label, distance_m } of this.circuit.corners) {
      const [[ax, ay], [bx, by], [x, y]] = [-20, 20, 0].map((d) => this.screen(v, distance_m + d));
      const chord = Math.hypot(bx - ax, by - ay) || 1;
      const nx = -(by - ay) / chord;
      const ny = (bx - ax) / chord;
      const inside = nx * ((ax + bx) / 2 - x) + ny * ((ay + by) / 2 - y) < 0 ? -1 : 1;
      const box = (away2) => {
        const off = inside * (away2 + Math.sign(away2) * width / 2);
        const [px, py] = [x + nx * off, y + ny * off];
        return [px - 6, py - 6, px + 6, py + 6];
      };
      const isFree = (away2) => obstacles.isFree(...box(away2));
      const away = AWAY.find((d) => isFree(d) && obstacles.isOffRoad(...box(d))) ?? AWAY.find(isFree);
      if (away == null) continue;
      const [left, top, right, bottom] = box(away);
      obstacles.add(left, top, right, bottom);
      placed.push({ label, x: (left + right) / 2, y: (top + bottom) / 2 });
    }
    return placed;
  }
  screen(v, distance_m) {
    const [x, y] = pointAt(this.circuit, distance_m);
    return [screenX(v, x, y), screenY(v, x, y)];
  }
  tick(g, v, distance_m, half, color, pixels) {
    const [[ax, ay], [bx, by], [x, y]] = [-4, 4, 0].map((d) => this.screen(v, distance_m + d));
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const [ux, uy] = [(by - ay) / length * half, -(bx - ax) / length * half];
    g.beginPath();
    g.moveTo(x - ux, y - uy);
    g.lineTo(x + ux, y + uy);
    g.strokeStyle = color;
    g.lineWidth = pixels;
    g.stroke();
  }
};

// src/track_map/scene.ts
var MOVE_MS = 420;
var FOLLOWED_M = 450;
var STOPPED_SHOWN_S = 120;
var STALE_SHOWN_S = { finished: 20, garage: 5, pit: 120 };
var Scene = class {
  constructor(circuit, rotation_deg, drivers, log) {
    this.circuit = circuit;
    this.rotation_deg = rotation_deg;
    this.drivers = drivers;
    this.log = log;
    this.road = circuit && new Road(circuit);
    if (!circuit) return;
    this.boundsX = [...circuit.x, ...circuit.pitX];
    this.boundsY = [...circuit.y, ...circuit.pitY];
  }
  circuit;
  rotation_deg;
  drivers;
  log;
  cars = [];
  /** the view of the last frame */
  view = null;
  covered = [];
  /** cars in the pits are said in words, not drawn: where they stand there is not known */
  hidesPits = false;
  road;
  boundsX = [];
  boundsY = [];
  labels = new Labels();
  obstacles = new Obstacles();
  fixedBoxes = 0;
  layer = document.createElement("canvas");
  layerKey = "";
  colors = /* @__PURE__ */ new Map();
  widths = /* @__PURE__ */ new Map();
  tokens;
  version = 0;
  whole = null;
  statesAt = Number.NaN;
  flagged = [];
  followed = null;
  moveFrom = null;
  moveStart = 0;
  /** Take where the cars are from these; a driver who is new in it gets a dot. */
  place(trails) {
    this.forget();
    for (const [code, trail] of trails) {
      const known = this.cars.find((c) => c.key === code);
      if (known) known.trail = trail;
      else this.cars.push(newCar(code, this.drivers.get(code), trail));
    }
  }
  /** Show these points, too: without a circuit the view is as large as the ways that cars took. */
  extend(x, y) {
    this.boundsX = this.boundsX.concat(Array.from(x));
    this.boundsY = this.boundsY.concat(Array.from(y));
    this.whole = null;
  }
  /** What the cars do has changed: look it up again. */
  forget() {
    this.statesAt = Number.NaN;
  }
  /** Keep codes clear of these pixels. True: they were others before. */
  cover(boxes) {
    if (JSON.stringify(boxes) === JSON.stringify(this.covered)) return false;
    this.covered = boxes;
    this.version++;
    return true;
  }
  /** The circuit has changed: draw the road anew. */
  renew() {
    this.version++;
  }
  /** Colour the circuit by these levels; null: plain. */
  color(levels) {
    this.road?.color(levels);
    this.version++;
  }
  /** Running order of the cars that are shown. */
  order() {
    return this.cars.filter((c) => c.isShown && !isStopped(c)).sort((a, b) => a.position - b.position).map((c) => c.key);
  }
  /** Cars in the pit lane and in their garages, in order of their places. */
  inPits() {
    return this.cars.filter(isInPits).sort((a, b) => a.position - b.position);
  }
  /** The car under a pixel. */
  hit(x, y, reach) {
    let found = null;
    let least = reach;
    for (const car of this.cars) {
      const away = Math.hypot(car.x - x, car.y - y);
      if (!car.isInView || away > least) continue;
      least = away;
      found = car;
    }
    return found;
  }
  /** Draw. True: the view is still on its way, so another frame is due. */
  draw(g, width, height, t, frame) {
    if (t !== this.tokens) {
      this.tokens = t;
      this.colors.clear();
      this.widths.clear();
      this.version++;
    }
    this.locate(frame);
    if (frame.flagged !== this.flagged) {
      this.flagged = frame.flagged;
      this.version++;
    }
    const asphalt = Math.min(8.5, Math.max(5, width / 62));
    const box = frameBox(width, height);
    const key = `${width} ${height}`;
    if (this.whole?.key !== key) this.whole = { key, view: overview(this.boundsX, this.boundsY, this.rotation_deg, box) };
    const moving = this.look(frame, box);
    const view = this.view ?? this.whole.view;
    const isWhole = view === this.whole.view;
    const roadWidth = isWhole ? asphalt : Math.max(asphalt, 12 * view.k);
    if (this.road) {
      if (isWhole) this.drawLayer(g, this.road, view, roadWidth, width, height, t, frame.status);
      else this.drawRoad(g, this.road, view, roadWidth, width, height, t, frame.status);
    } else {
      this.obstacles.resize(width, height);
    }
    for (const car of this.cars) {
      car.x = screenX(view, car.place.x, car.place.y);
      car.y = screenY(view, car.place.x, car.place.y);
      car.isInView = car.isShown && car.x > 0 && car.y > 0 && car.x < width && car.y < height;
    }
    const { ghost } = frame;
    if (ghost) this.road?.drawStretch(g, view, ghost, roadWidth + 5, this.colorOf(ghost.driver, t));
    this.drawCars(g, t);
    if (ghost) this.drawGhost(g, view, ghost, t);
    this.drawLabels(g, view, width, height, t);
    if (frame.cursor_m != null && this.circuit) this.drawCursor(g, view, frame.cursor_m, t);
    return moving;
  }
  /** Where every car is, and what it does. */
  locate(frame) {
    const { time_s } = frame;
    const isDue = !(Math.abs(time_s - this.statesAt) < 0.2);
    if (isDue) this.statesAt = time_s;
    for (const car of this.cars) {
      if (isDue) {
        const state = this.log.at(car.key, "state", time_s);
        car.state = CAR_STATES[state.value ?? 1];
        car.state_since_s = state.since;
        car.position = this.log.at(car.key, "position", time_s).value ?? 99;
      }
      car.isSelected = frame.selected.includes(car.key);
      car.isShown = car.trail.at(time_s, car.place) && !(this.hidesPits && isInPits(car)) && car.place.stale_s <= (STALE_SHOWN_S[car.state] ?? Number.POSITIVE_INFINITY) && car.state !== "retired" && !(isStopped(car) && time_s - car.state_since_s > STOPPED_SHOWN_S);
      if (this.circuit) car.near = nearest(this.circuit, car.place.x, car.place.y, car.near);
    }
    this.cars.sort((a, b) => Number(b.isSelected) - Number(a.isSelected) || a.position - b.position);
  }
  /** Set the view: the whole circuit, or a car in the middle; on the way from one to the other for a moment. */
  look(frame, box) {
    const whole = this.whole.view;
    const car = frame.follow ? this.cars.find((c) => c.key === frame.follow && c.isShown) : void 0;
    const k = Math.max(2 * whole.k, Math.min(box.width, box.height) / FOLLOWED_M);
    const target = car ? centred(whole, k, car.place.x, car.place.y, box) : whole;
    const followed = car?.key ?? null;
    if (followed !== this.followed) {
      this.moveFrom = reducedMotion() ? null : this.view;
      this.moveStart = performance.now();
      this.followed = followed;
    }
    const share = (performance.now() - this.moveStart) / MOVE_MS;
    if (!this.moveFrom || share >= 1) {
      this.moveFrom = null;
      this.view = target;
      return false;
    }
    this.view = between(this.moveFrom, target, 1 - (1 - share) ** 3);
    return true;
  }
  /** The road as a picture, drawn again only when something of it changes. */
  drawLayer(g, road, view, roadWidth, width, height, t, status) {
    const ratio = devicePixelRatio || 1;
    const key = `${width} ${height} ${ratio} ${status} ${this.version}`;
    if (this.layerKey !== key) {
      this.layerKey = key;
      this.layer.width = Math.round(width * ratio);
      this.layer.height = Math.round(height * ratio);
      const q = this.layer.getContext("2d");
      q.scale(ratio, ratio);
      this.drawRoad(q, road, view, roadWidth, width, height, t, status);
    }
    this.obstacles.reset(this.fixedBoxes);
    g.drawImage(this.layer, 0, 0, width, height);
  }
  drawRoad(g, road, view, roadWidth, width, height, t, status) {
    road.draw(g, view, roadWidth, status, this.flagged, t);
    this.obstacles.resize(width, height);
    const { x, y } = this.circuit;
    for (let i = 0; i < x.length; i++) {
      this.obstacles.addRoad(screenX(view, x[i], y[i]), screenY(view, x[i], y[i]), roadWidth / 2 + 1);
    }
    g.font = `600 10px ${t.font}`;
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.fillStyle = t["ink-3"];
    for (const n of road.numbers(view, roadWidth, this.obstacles)) g.fillText(n.label, n.x, n.y);
    for (const { left, top, width: w, height: h } of this.covered) this.obstacles.add(left, top, left + w, top + h);
    this.fixedBoxes = this.obstacles.mark();
    if (view !== this.whole?.view) this.layerKey = "";
  }
  drawCars(g, t) {
    for (let i = this.cars.length - 1; i >= 0; i--) {
      const car = this.cars[i];
      if (!car.isInView) continue;
      const { x, y } = car;
      const radius = car.isSelected ? 6.5 : 5;
      const color = this.colorOf(car.key, t);
      g.globalAlpha = car.place.stale_s > 0 && !isStopped(car) ? 0.45 : 1;
      if (isStopped(car)) {
        cross(g, x, y, radius - 0.5, t.surface, 5.5);
        cross(g, x, y, radius - 0.5, car.isSelected ? t.ink : color, 2.6);
      } else {
        disc(g, x, y, radius + 1.6, car.isSelected ? t.ink : t.surface);
        disc(g, x, y, radius, color);
        if (car.state === "pit" || car.state === "garage") disc(g, x, y, radius - 2.4, t.surface);
      }
      this.obstacles.add(x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1);
    }
    g.globalAlpha = 1;
  }
  /** Where the car would come out: a ring in its colour. */
  drawGhost(g, view, ghost, t) {
    const [px, py] = pointAt(this.circuit, ghost.at);
    const [x, y] = [screenX(view, px, py), screenY(view, px, py)];
    ghostDot(g, x, y, this.colorOf(ghost.driver, t), t.surface);
    this.obstacles.add(x - 9, y - 9, x + 9, y + 9);
    const text = `${ghost.driver} out`;
    g.font = `700 11px ${t.font}`;
    const half = g.measureText(text).width / 2 + 2;
    const spots = [-20, 20].map((dy) => [x, y + dy]).concat([-1, 1].map((side) => [x + side * (half + 12), y]));
    const [tx, ty] = spots.find(([a, b]) => this.obstacles.isFree(a - half, b - 7, a + half, b + 7)) ?? spots[0];
    this.obstacles.add(tx - half, ty - 7, tx + half, ty + 7);
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.lineJoin = "round";
    g.lineWidth = 3.5;
    g.strokeStyle = t.surface;
    g.strokeText(text, tx, ty + 0.5);
    g.fillStyle = t.ink;
    g.fillText(text, tx, ty + 0.5);
  }
  colorOf(key, t) {
    let color = this.colors.get(key);
    if (!color) {
      color = readable(this.drivers.get(key)?.color ?? "#808890", t.surface, 2.4);
      this.colors.set(key, color);
    }
    return color;
  }
  drawLabels(g, view, width, height, t) {
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.lineJoin = "round";
    for (const car of this.cars) {
      if (!car.isInView || car.state === "garage" && !car.isSelected) continue;
      const size = car.isSelected ? 12 : width > 380 ? 10.5 : 10;
      g.font = `${car.isSelected ? 700 : 500} ${size}px ${t.font}`;
      const key = `${size} ${car.key}`;
      let textWidth = this.widths.get(key);
      if (textWidth == null) {
        textWidth = g.measureText(car.key).width;
        this.widths.set(key, textWidth);
      }
      car.width = textWidth;
      car.height = car.isSelected ? 13 : 11;
      if (this.circuit) outward(car, this.circuit, view, width, height);
      if (!this.labels.place(car, this.obstacles)) continue;
      if (car.distance > 20) this.drawLeader(g, car, t);
      g.lineWidth = 3.5;
      g.strokeStyle = t.surface;
      g.strokeText(car.key, car.textX, car.textY + 0.5);
      g.fillStyle = car.isSelected ? t.ink : isStopped(car) || car.place.stale_s > 0 ? t["ink-3"] : t["ink-2"];
      g.fillText(car.key, car.textX, car.textY + 0.5);
    }
  }
  /** A line from the car to a code that stands far from it. */
  drawLeader(g, car, t) {
    const x = Math.min(car.textX + car.width / 2, Math.max(car.textX - car.width / 2, car.x));
    const y = Math.min(car.textY + car.height / 2, Math.max(car.textY - car.height / 2, car.y));
    const length = Math.hypot(x - car.x, y - car.y) || 1;
    g.beginPath();
    g.moveTo(car.x + (x - car.x) / length * 7, car.y + (y - car.y) / length * 7);
    g.lineTo(x, y);
    g.strokeStyle = t["ink-3"];
    g.lineWidth = 0.75;
    g.stroke();
  }
  drawCursor(g, view, cursor_m, t) {
    const [px, py] = pointAt(this.circuit, cursor_m);
    const [x, y] = [screenX(view, px, py), screenY(view, px, py)];
    g.strokeStyle = t.accent;
    g.lineWidth = 2;
    g.beginPath();
    g.arc(x, y, 9, 0, 2 * Math.PI);
    for (const [ux, uy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1]
    ]) {
      g.moveTo(x + 5 * ux, y + 5 * uy);
      g.lineTo(x + 13 * ux, y + 13 * uy);
    }
    g.stroke();
  }
};
var isStopped = (car) => car.state === "stopped";
var isInPits = (car) => car.state === "pit" || car.state === "garage";
function newCar(key, driver, trail) {
  return {
    key,
    driver: driver ?? { code: key, name: key, team: "", number: "", color: "#808890", grid: null },
    trail,
    place: { x: 0, y: 0, stale_s: 0 },
    state: "running",
    state_since_s: 0,
    position: 99,
    isSelected: false,
    isShown: false,
    isInView: false,
    near: 0,
    x: 0,
    y: 0,
    nx: 0,
    ny: -1,
    width: 0,
    height: 0,
    textX: 0,
    textY: 0,
    distance: 0
  };
}
function frameBox(width, height) {
  const margin = width < 420 ? 26 : 38;
  const bottom = Math.max(margin, 34);
  return { left: margin, top: margin, width: Math.max(1, width - 2 * margin), height: Math.max(1, height - margin - bottom) };
}
function nearest(circuit, x, y, last) {
  const n = circuit.x.length;
  const away = (i) => (circuit.x[i] - x) ** 2 + (circuit.y[i] - y) ** 2;
  let best = last;
  let least = away(last);
  const reach = least < 100 ** 2 ? 30 : Math.ceil(n / 2);
  for (let d = -reach; d <= reach; d++) {
    const i = ((last + d) % n + n) % n;
    const a = away(i);
    if (a >= least) continue;
    least = a;
    best = i;
  }
  return best;
}
function outward(car, circuit, view, width, height) {
  const n = circuit.x.length;
  const [a, b] = [(car.near + n - 3) % n, (car.near + 3) % n];
  const dx = circuit.x[b] - circuit.x[a];
  const dy = circuit.y[b] - circuit.y[a];
  const length = Math.hypot(dx, dy) || 1;
  const c = (dx * view.cos - dy * view.sin) / length;
  const s = (dx * view.sin + dy * view.cos) / length;
  const side = -s * (car.x - width / 2) - c * (car.y - height / 2) < 0 ? -1 : 1;
  car.nx = -s * side;
  car.ny = -c * side;
}

// src/track_map/tools.ts
var COLORS = [
  ["plain", "Plain"],
  ["speed", "Speed"],
  ["throttle", "Throttle"],
  ["brake", "Brake"],
  ["gear", "Gear"]
];
function controls(p, codes, choices) {
  const { model } = p;
  const options = COLORS.map(([value, text]) => `<option value="${value}">${text}</option>`).join("");
  const buttons = COLORS.map(([value, text]) => `<button type="button" data-color="${value}">${text}</button>`).join("");
  const cars = codes.map((code) => `<option>${esc(code)}</option>`).join("");
  const exit = `<span class="f1nb-seg"><button type="button" class="f1nb-map-exit" title="Where the selected or followed car would come out of the pits">Pit exit</button></span>`;
  p.tools.innerHTML = `${choices.colors ? `<span class="f1nb-seg f1nb-map-colors" role="group" aria-label="Colour of the circuit">${buttons}</span>
         <select class="f1nb-map-select f1nb-map-colors-narrow" aria-label="Colour of the circuit">${options}</select>` : ""}${choices.pitExit ? exit : ""}<select class="f1nb-map-select f1nb-map-follow" aria-label="Follow a car"><option value="">All cars</option>${cars}</select>`;
  const set = (trait, value) => {
    model.set(trait, value);
    model.save_changes();
  };
  const color = p.tools.querySelector(".f1nb-map-colors-narrow");
  const follow = p.tools.querySelector(".f1nb-map-follow");
  const all = [...p.tools.querySelectorAll("[data-color]")];
  for (const b of all) b.addEventListener("click", () => set("color_by", b.dataset.color));
  color?.addEventListener("change", () => set("color_by", color.value));
  follow.addEventListener("change", () => set("follow", follow.value || null));
  p.follow(
    model,
    "color_by",
    () => {
      const by = model.get("color_by");
      for (const b of all) b.setAttribute("aria-pressed", String(b.dataset.color === by));
      if (color) color.value = by;
    },
    true
  );
  p.follow(
    model,
    "follow",
    () => {
      follow.value = model.get("follow") ?? "";
      follow.toggleAttribute("data-on", !!model.get("follow"));
    },
    true
  );
  const button = p.tools.querySelector(".f1nb-map-exit");
  if (!button) return;
  button.addEventListener("click", () => set("pit_exit", !model.get("pit_exit")));
  p.follow(model, "pit_exit", () => button.setAttribute("aria-pressed", String(model.get("pit_exit"))), true);
}

// src/track_map/words.ts
function stateHtml(status, flags) {
  const sectors = flagWords(flags);
  if (status === "clear" && !sectors) return "";
  const shown = status === "clear" || status === "yellow" && sectors ? "yellow" : status;
  const words = shown === "yellow" && sectors ? sectors : [STATUS[shown].name, sectors.toLowerCase()].filter(Boolean).join("; ");
  return `<span class="f1nb-map-flag" data-s="${shown}">${icon(STATUS[shown].glyph, 13)}</span><span>${esc(words)}</span>`;
}
function pitsHtml(cars, isRace) {
  if (!cars.length) return "";
  const buttons = cars.map((car) => {
    const where = car.state === "pit" ? "in the pit lane" : "in the garage";
    return `<button type="button" data-driver="${esc(car.key)}" aria-pressed="${car.isSelected}" title="${esc(car.driver.name)}, ${where}"><i style="--c:${esc(car.driver.color)}"></i>${esc(car.key)}</button>`;
  });
  return `<span class="f1nb-lab">${isRace ? "In the pits" : "Pits and garages"}</span>${buttons.join("")}`;
}
var SCHEMATIC = "Schematic: this circuit’s shape is not known";

// src/track_map/index.ts
var SPOKEN_EVERY_MS = 3e3;
var CHOSEN_EVERY_MS = 1e3;
var SAID_EVERY_MS = 500;
var REACH = { mouse: 14, touch: 24 };
var GROWING = ["positions", "mini_sectors", "timing", "circuit", "status", "race_control", "laps", "traces", "pit_losses"];
function setup(p) {
  const { model, clock, selection, tables } = p;
  const drivers = readDrivers(tables.drivers);
  const { session } = tables;
  const isRace = ["R", "S"].includes(session.text("session")[0] ?? "");
  const log = new TimingLog(tables.timing, drivers.keys());
  const field = new Field(tables, log);
  const { circuit } = field;
  if (field.isEmpty) {
    blank(p, log);
    return;
  }
  let status = readStatus(tables.status);
  let flags = new FlagLog(tables.race_control);
  const readColored = () => tables.traces && circuit && !circuit.isSchematic ? readLaps(tables.traces, tables.laps) : [];
  let laps = readColored();
  const scene = new Scene(circuit, session.number("circuit_rotation_deg")[0] || 0, drivers, log);
  scene.place(field.trails());
  scene.hidesPits = field.sectors != null;
  if (!circuit) for (const path of field.paths.values()) scene.extend(path.x, path.y);
  const exits = isRace && circuit ? new PitExits(circuit, field, log, tables.pit_losses) : null;
  const place = session.text("circuit")[0] ?? session.text("location")[0];
  const km = circuit && !circuit.isSchematic && `${(circuit.length_m / 1e3).toFixed(2)} km`;
  p.meta.textContent = [place, field.isDriven ? circuit && "shape as driven" : km].filter(Boolean).join(", ");
  const stage = element("div", "f1nb-map-stage");
  const host = element("div", "f1nb-canvas");
  host.setAttribute("role", "img");
  host.tabIndex = -1;
  const state = element("div", "f1nb-map-state");
  const corner = element("div", circuit?.isSchematic ? "f1nb-map-middle" : "f1nb-map-corner");
  const pits = element("div", "f1nb-map-pits");
  const legend = element("div", "f1nb-map-legend");
  const exit = element("p", "f1nb-map-out");
  exit.hidden = true;
  const notice = element("p", "", circuit?.isSchematic ? SCHEMATIC : "");
  corner.append(pits, circuit?.isSchematic ? notice : legend);
  stage.append(host, state, corner);
  p.body.append(stage, exit);
  const of = (time_s) => ({
    status: statusAt(status, time_s).status,
    flags: flags.at(time_s)
  });
  let shown;
  let flagged = [];
  const stretches = (now) => {
    if (now !== shown && circuit) {
      flagged = [...now].flatMap(([sector, flag]) => {
        const stretch = stretchOf(circuit, sector, flags.highest);
        return stretch ? [[stretch, flag]] : [];
      });
    }
    shown = now;
    return flagged;
  };
  const chosen = () => model.get("follow") ?? selection.get("drivers")[0] ?? null;
  const paint = canvas(host, p.signal, (g, width, height, t) => {
    const time_s = clock.get("time_s");
    const now = of(time_s);
    const isMoving = scene.draw(g, width, height, t, {
      time_s,
      status: now.status,
      flagged: stretches(now.flags),
      selected: selection.get("drivers"),
      follow: model.get("follow"),
      cursor_m: circuit?.isSchematic ? null : selection.get("cursor_m"),
      ghost: exits && model.get("pit_exit") ? exits.ghost(chosen(), time_s) : null
    });
    if (said < 0) say();
    if (isMoving) later();
  });
  let due = 0;
  const onFrame = p.guard(() => {
    due = 0;
    paint();
  });
  const later = () => {
    due ||= requestAnimationFrame(onFrame);
  };
  p.signal.addEventListener("abort", () => cancelAnimationFrame(due));
  let said = Number.NEGATIVE_INFINITY;
  let spoken = Number.NEGATIVE_INFINITY;
  let spokenState = "";
  const say = () => {
    said = performance.now();
    const time_s = clock.get("time_s");
    const now = of(time_s);
    put(state, stateHtml(now.status, now.flags));
    if (scene.hidesPits) put(pits, pitsHtml(scene.inPits(), isRace));
    const isAsked = exits != null && model.get("pit_exit");
    exit.hidden = !isAsked;
    if (isAsked) put(exit, exits.html(chosen(), time_s, now.status));
    if (scene.cover(boxesOf([state, pits, legend, notice], host))) later();
    const inWords = state.textContent || (status.length ? STATUS.clear.name : "");
    if (inWords === spokenState && said - spoken < SPOKEN_EVERY_MS) return;
    spoken = said;
    spokenState = inWords;
    const first = scene.order().slice(0, 3);
    const lead = first.length ? ` ${first.join(", ")} lead.` : "";
    const by = field.sectors ? `, cars placed by ${field.sectors.kind}` : "";
    host.setAttribute("aria-label", `Track map${by}.${lead}${inWords && ` ${inWords}.`}`);
  };
  const sayNow = () => {
    paint();
    say();
  };
  let colored = "";
  let chose = Number.NEGATIVE_INFINITY;
  const recolor = () => {
    chose = performance.now();
    const by = model.get("color_by");
    const time_s = clock.get("time_s");
    const lap = by === "plain" ? null : chooseLap(laps, selection.get("laps"), selection.get("drivers"), time_s);
    const isLater = lap != null && isAhead(lap, time_s);
    const key = lap ? `${by} ${lap.driver} ${lap.lap} ${isLater}` : "plain";
    if (key === colored) return;
    colored = key;
    if (!lap || !circuit) {
      put(legend, "");
      scene.color(null);
    } else {
      const channel = by;
      const levels = toLevels(alongCircuit(circuit, tables.traces, lap, channel), channel);
      put(legend, legendHtml(channel, levels, lap, isLater));
      scene.color(levels);
    }
    later();
  };
  controls(p, [...drivers.keys()].sort(), { colors: laps.length > 0, pitExit: exits != null });
  recolor();
  p.follow(clock, "time_s", () => {
    const isPlaying = clock.get("playing");
    const now = performance.now();
    if (!isPlaying || now - chose >= CHOSEN_EVERY_MS) recolor();
    paint();
    if (!isPlaying || now - said >= SAID_EVERY_MS) say();
  });
  p.follow(selection, "cursor_m", later);
  const onColor = () => {
    recolor();
    sayNow();
  };
  p.follow(selection, "drivers", onColor);
  p.follow(selection, "laps", onColor);
  p.follow(model, "color_by", onColor);
  p.follow(model, "follow", sayNow);
  p.follow(model, "pit_exit", sayNow);
  p.grows(GROWING, (from) => {
    if (from.timing != null) log.take(tables.timing, from.timing);
    if (field.isOutgrown(from)) {
      p.restart();
      return;
    }
    if (field.take(from)) scene.renew();
    if (from.positions != null) {
      scene.place(field.trails());
      if (!circuit) for (const path of field.paths.values()) scene.extend(path.x, path.y);
    }
    if (from.status != null) status = readStatus(tables.status);
    if (from.race_control != null) flags = new FlagLog(tables.race_control);
    if (from.laps != null || from.traces != null) {
      const hadLaps = laps.length > 0;
      laps = readColored();
      if (laps.length > 0 !== hadLaps) p.restart();
    }
    scene.forget();
    later();
  });
  pointer(p, scene, host, field);
  pits.addEventListener("click", (e) => {
    const driver = e.target.closest("[data-driver]")?.dataset.driver;
    if (driver) toggleDriver(selection, driver);
  });
}
function boxesOf(elements, host) {
  const origin = host.getBoundingClientRect();
  return elements.map((e) => e.getBoundingClientRect()).filter((box) => box.width > 0 && box.height > 0).map(({ left, top, width, height }) => ({ left: left - origin.left, top: top - origin.top, width, height }));
}
function blank(p, log) {
  const isLive = p.clock.get("live");
  const title = isLive ? "Waiting for the first cars" : "No cars";
  const text = isLive ? "They appear here with their first position or mini-sector." : "This session has neither positions nor sectors to place them by.";
  p.blank({ kind: "info", title, text, code: "" });
  p.grows(["positions", "mini_sectors", "timing"], (from) => {
    if (from.timing != null) log.take(p.tables.timing, from.timing);
    if (!new Field(p.tables, log).isEmpty) p.restart();
  });
}
function pointer(p, scene, host, { circuit }) {
  const { model, selection } = p;
  const point = (e) => {
    const box = host.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  };
  let isMine = false;
  const cursor = (place_m) => {
    if (place_m == null && !isMine) return;
    isMine = place_m != null;
    selection.set("cursor_m", place_m);
  };
  const on = { signal: p.signal };
  host.addEventListener(
    "pointermove",
    (e) => {
      if (e.pointerType === "touch" || !scene.view) return;
      const [x, y] = point(e);
      host.style.cursor = scene.hit(x, y, REACH.mouse) ? "pointer" : "";
      if (!circuit || circuit.isSchematic) return;
      const { distance_m, offset_m } = project(circuit, ...ground(scene.view, x, y));
      cursor(Math.abs(offset_m) * scene.view.k <= REACH.mouse ? distance_m : null);
    },
    on
  );
  host.addEventListener("pointerleave", () => cursor(null), on);
  host.addEventListener(
    "click",
    (e) => {
      const isTouch = e.pointerType === "touch";
      const car = scene.hit(...point(e), isTouch ? REACH.touch : REACH.mouse);
      if (car) toggleDriver(selection, car.key);
    },
    on
  );
  p.root.addEventListener(
    "keydown",
    (e) => {
      if (e.key !== "Escape" || !model.get("follow")) return;
      e.stopPropagation();
      model.set("follow", null);
      model.save_changes();
    },
    on
  );
}
var track_map_default = { render: panel("map", setup) };
export {
  track_map_default as default
};
