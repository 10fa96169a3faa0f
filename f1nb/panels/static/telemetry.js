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
  const place2 = (i) => Number.isNaN(distance[i]) ? project(circuit, x[i], y[i]).distance_m : distance[i];
  circuit.corners = of("corner").map((i) => ({ label: `${number[i]}${letter[i] ?? ""}`, distance_m: place2(i) }));
  circuit.sectorLines = of("sector_line").map(place2);
  circuit.miniSectorEnds = of("mini_sector").map(place2);
  const marshals = of("marshal_sector");
  circuit.marshalSectors = marshals.map((i, k) => ({
    number: number[i],
    from: place2(i),
    to: place2(marshals[(k + 1) % marshals.length])
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
function onLap(circuit, distance_m) {
  return (distance_m % circuit.length_m + circuit.length_m) % circuit.length_m;
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
  const ground = parse(surface);
  const towards = luminance(ground) < 0.2 ? [255, 255, 255] : [0, 0, 0];
  const from = parse(color);
  let c = from;
  for (let share = 0; share <= 1 && contrast(c, ground) < need; share += 0.06) c = mix(from, towards, share);
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
var DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4], [4, 2], [12, 2, 2, 2, 2, 2], [1, 6]];
function lineColor(drivers, selected, index, t) {
  const driver = drivers.get(selected[index]);
  if (!driver) return t["ink-2"];
  const twin = selected.slice(0, index).some((code) => drivers.get(code)?.team === driver.team);
  const color = readable(driver.color, t.surface, 3.2);
  return twin ? css(mix(parse(color), parse(t.ink), 0.45)) : color;
}
function lineSample(index) {
  const dash = DASHES[index % DASHES.length].join(" ");
  return `<svg class="f1nb-key" width="22" height="8" aria-hidden="true"><line x1="0" x2="22" y1="4" y2="4" stroke-width="2.4" stroke="var(--c)" stroke-dasharray="${dash}"/></svg>`;
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
function gap(seconds) {
  if (absent(seconds)) return NONE;
  return (seconds < 0 ? "−" : "+") + lapTime(Math.abs(seconds));
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
var TWO_LETTERS = { HYPERSOFT: "HS", ULTRASOFT: "US", SUPERSOFT: "SS", SUPERHARD: "SH" };
var compoundLetters = (compound) => compound ? TWO_LETTERS[compound] ?? compound[0] : "?";
function tyre(compound, age) {
  const name = compound ?? "unknown";
  const letter = compoundLetters(compound);
  const years = age == null || Number.isNaN(age) ? "" : `<span class="f1nb-age">${age}</span>`;
  return `<span class="f1nb-tyre" data-c="${letter}"><abbr title="${name.toLowerCase()}">${letter}</abbr></span>${years}`;
}
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
    const before2 = identity(name, tables[name]);
    tables[name].watch(() => {
      if (identity(name, tables[name]) !== before2) again();
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

// src/telemetry/traces.ts
var keyOf = ([driver, lap]) => `${driver} ${lap}`;
function readTraces(table) {
  const traces = /* @__PURE__ */ new Map();
  if (!table.rows) return traces;
  const driver = table.text("driver");
  const lap = table.number("lap");
  for (let start = 0, i = 1; i <= table.rows; i++) {
    if (i < table.rows && driver[i] === driver[start] && lap[i] === lap[start]) continue;
    const [from, to] = [start, i];
    const trace = {
      driver: driver[from] ?? "",
      lap: lap[from],
      place: table.number("track_m").subarray(from, to),
      time: table.number("lap_time_s").subarray(from, to),
      column: (name) => table.number(name).subarray(from, to)
    };
    traces.set(keyOf([trace.driver, trace.lap]), trace);
    start = i;
  }
  return traces;
}
function before(rising, value) {
  let lo = 0;
  let hi = rising.length;
  while (hi - lo > 1) {
    const mid = lo + hi >> 1;
    if (rising[mid] <= value) lo = mid;
    else hi = mid;
  }
  return lo;
}
function between(rising, values, at) {
  const i = before(rising, at);
  const width = rising[i + 1] - rising[i];
  const share = i + 1 < rising.length && width > 0 ? Math.min(1, Math.max(0, (at - rising[i]) / width)) : 0;
  return share ? values[i] + (values[i + 1] - values[i]) * share : values[i];
}
var timeAt = (trace, place_m) => between(trace.place, trace.time, place_m);
var placeAt = (trace, time_s) => between(trace.time, trace.place, time_s);
var endOf = (trace) => trace.place[trace.place.length - 1];
function deltaAt(trace, reference, place_m) {
  if (place_m > Math.min(endOf(trace), endOf(reference)) + 0.1) return Number.NaN;
  return timeAt(trace, place_m) - timeAt(reference, place_m);
}
var deltaOf = (trace, reference) => trace.place.map((place_m) => deltaAt(trace, reference, place_m));
function runs(on) {
  const found = [];
  let from = -1;
  for (let i = 0; i <= on.length; i++) {
    const isOn = i < on.length && on[i] === 1;
    if (isOn && from < 0) from = i;
    if (!isOn && from >= 0) {
      found.push([from, Math.min(i, on.length - 1)]);
      from = -1;
    }
  }
  return found;
}
function valueAt(trace, column, place_m, isStep = false) {
  if (place_m > endOf(trace) + 0.1) return Number.NaN;
  const values = trace.column(column);
  return isStep ? values[before(trace.place, place_m)] : between(trace.place, values, place_m);
}

// src/telemetry/car.ts
var LONGEST_GAP_S = 3;
var CarPlaces = class {
  constructor(table, circuit) {
    this.circuit = circuit;
    [this.time, this.x, this.y] = ["time_s", "x_m", "y_m"].map((c) => table.number(c));
    this.places = new Float64Array(table.rows).fill(Number.NaN);
    const driver = table.text("driver");
    for (let i = 0; i < table.rows; i++) {
      const code = driver[i] ?? "";
      const rows = this.rows.get(code);
      if (rows) rows[1] = i + 1;
      else this.rows.set(code, [i, i + 1]);
    }
  }
  circuit;
  rows = /* @__PURE__ */ new Map();
  time;
  x;
  y;
  places;
  /** Metres from the line, or null where nothing is known of the car. */
  at(driver, time_s) {
    const rows = this.rows.get(driver);
    if (!rows) return null;
    const i = rows[0] + before(this.time.subarray(...rows), time_s);
    const first = this.place(i);
    const span = i + 1 < rows[1] ? this.time[i + 1] - this.time[i] : Number.POSITIVE_INFINITY;
    if (Number.isNaN(first) || time_s < this.time[i] || time_s - this.time[i] > LONGEST_GAP_S) return null;
    if (span > LONGEST_GAP_S) return first;
    const { length_m } = this.circuit;
    const way = onLap(this.circuit, this.place(i + 1) - first + length_m / 2) - length_m / 2;
    return onLap(this.circuit, first + way * (time_s - this.time[i]) / span);
  }
  place(i) {
    if (Number.isNaN(this.places[i])) this.places[i] = project(this.circuit, this.x[i], this.y[i]).distance_m;
    return this.places[i];
  }
};

// src/telemetry/view.ts
function within(window, full, least) {
  const width = Math.min(full, Math.max(least, window.to - window.from));
  const middle = (window.from + window.to) / 2;
  const from = Math.min(full - width, Math.max(0, middle - width / 2));
  return { from, to: from + width };
}
function zoomed(window, anchor, factor, full, least) {
  const width = Math.min(full, Math.max(least, (window.to - window.from) * factor));
  const share = (anchor - window.from) / (window.to - window.from);
  return within({ from: anchor - share * width, to: anchor + (1 - share) * width }, full, least);
}
function niceTicks(low, high, most = 4) {
  const raw = (high - low) / most;
  if (!(raw > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((s) => s * power >= raw) ?? 10);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(Number((i * step).toPrecision(6)));
  return ticks;
}
function spread(at, room) {
  const out = [];
  let last = -1;
  at.forEach((x, i) => {
    const gap2 = last < 0 ? Number.POSITIVE_INFINITY : x - out[last];
    if (gap2 >= room) {
      out.push(x);
    } else {
      const before2 = last > 0 ? out.slice(0, last).findLast((v) => v !== null) : null;
      const push = (room - gap2) / 2;
      const isFree = before2 == null || out[last] - push - before2 >= room;
      const next = at[i + 1] ?? Number.POSITIVE_INFINITY;
      if (gap2 < room / 2 || !isFree || next - x - push < room / 2) {
        out.push(null);
        return;
      }
      out[last] = out[last] - push;
      out.push(x + push);
    }
    last = i;
  });
  return out;
}

// src/telemetry/chart.ts
var LEAST_LINE_PX = 8.5;
var SHORT = { speed: "km/h", delta: "Δ s", throttle: "thr", brake: "brk", rpm: "rpm" };
var xOf = (trace, over) => over === "time" ? trace.time : trace.place;
function staircase(x, y) {
  const n = Math.max(0, 2 * x.length - 1);
  return [Float64Array.from({ length: n }, (_, i) => x[i + 1 >> 1]), Float64Array.from({ length: n }, (_, i) => y[i >> 1])];
}
function range(columns, low, high) {
  for (const column of columns) {
    for (const v of column) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  return [low, high];
}
function laidOut(el, signal) {
  return new Promise((resolve) => {
    const observer = new ResizeObserver(() => {
      if (!el.clientWidth) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(el);
    signal.addEventListener("abort", () => observer.disconnect());
  });
}
var Chart = class {
  constructor(figures, bokeh, signal, onDrawn, onError) {
    this.bokeh = bokeh;
    this.signal = signal;
    this.onDrawn = onDrawn;
    this.onError = onError;
    this.rows = figures.map((figure) => {
      const el = element("div", "f1nb-channel");
      el.dataset.channel = figure.channel;
      const name = element("div", "f1nb-name");
      name.append(element("b"), element("span"));
      name.firstElementChild?.append(figure.label);
      name.dataset.short = SHORT[figure.channel] ?? figure.label.toLowerCase();
      const unit = name.lastElementChild;
      unit.textContent = figure.unit;
      const plot = element("div", "f1nb-plot");
      const values = element("div", "f1nb-values");
      el.append(name, plot, values);
      return { figure, el, unit, plot, values, drawn: null, view: null };
    });
    this.el.append(...this.rows.map((row) => row.el));
    this.el.setAttribute("role", "img");
    signal.addEventListener("abort", () => {
      for (const row of this.rows) row.view?.remove();
    });
  }
  bokeh;
  signal;
  onDrawn;
  onError;
  el = element("div", "f1nb-chart");
  rows;
  shown = [];
  lines = [];
  over = "distance";
  window = { from: 0, to: 1 };
  look = null;
  isNarrow = false;
  get channels() {
    return this.shown.map((row) => row.figure.channel);
  }
  /** Show these channels, from top to bottom. A figure is drawn when it first has a place on the page. */
  show(channels) {
    this.shown = channels.map((name) => this.rows.find((row) => row.figure.channel === name)).filter((row) => row !== void 0);
    this.layOut();
  }
  layOut() {
    const isUsed = ({ figure }) => figure.channel !== "drs" || this.lines.some((l) => l.trace.column(figure.column).includes(1));
    const visible = this.shown.filter((row) => this.shown.length === 1 || isUsed(row));
    for (const row of this.rows) row.el.hidden = !visible.includes(row);
    visible.forEach((row, i) => {
      row.el.style.order = String(i);
      row.el.classList.toggle("is-last", i === visible.length - 1);
      row.drawn ??= this.embed(row);
    });
    this.el.style.gridTemplateRows = visible.map(({ figure }) => `minmax(${figure.lanes ? 18 : 14}px, ${figure.share}fr)`).join(" ");
    Promise.all(visible.map((row) => row.drawn)).then(this.onDrawn, this.onError);
  }
  async embed(row) {
    await laidOut(row.plot, this.signal);
    [row.view] = await this.bokeh.embed.embed_item(structuredClone(row.figure.item), row.plot);
    this.restyle(row);
    this.refill(row);
    this.scroll(row);
  }
  fill(lines, over) {
    this.lines = lines;
    this.over = over;
    this.layOut();
    for (const row of this.shown) this.refill(row);
  }
  zoom(window) {
    this.window = window;
    for (const row of this.shown) this.scroll(row);
  }
  theme(look, isNarrow) {
    this.look = look;
    this.isNarrow = isNarrow;
    for (const row of this.rows) this.restyle(row);
  }
  /** What stands at the right of each figure: html by channel, one entry per lap. */
  write(values) {
    for (const { figure, values: cell } of this.shown) {
      const entries = values[figure.channel] ?? [];
      const room = cell.clientHeight / Math.max(1, entries.length);
      put(cell, room < LEAST_LINE_PX ? "" : entries.join(""));
      cell.style.setProperty("--line", `${Math.min(13, room)}px`);
    }
  }
  set(row, name, values) {
    row.view?.model.document.get_model_by_name(name)?.setv(values);
  }
  scroll(row) {
    this.set(row, "x", { start: this.window.from, end: this.window.to });
  }
  restyle(row) {
    if (!this.look) return;
    const { "ink-3": label, ink, surface, font } = this.look;
    const hasRoom = !this.isNarrow || row.figure.share > 18;
    this.set(row, "y-axis", { major_label_text_color: hasRoom ? label : null, major_label_text_font: font });
    if (row.figure.channel === "gear")
      this.set(row, "y-ticks", { ticks: row.plot.clientHeight > 48 ? [2, 4, 6, 8] : [2, 5, 8] });
    this.set(row, "y-grid", { grid_line_color: css(mix(parse(surface), parse(ink), 0.14)) });
  }
  refill(row) {
    this.set(row, "data", { data: row.figure.lanes ? this.lanes(row) : this.curves(row) });
  }
  curves(row) {
    const { channel, column } = row.figure;
    const reference = this.lines[0]?.trace;
    const columns = this.lines.map(({ trace }) => channel === "delta" ? deltaOf(trace, reference) : trace.column(column));
    this.fitY(row, columns);
    const data = { xs: [], ys: [], color: [], dash: [], width: [] };
    for (let i = this.lines.length - 1; i >= 0; i--) {
      const { trace, color, dash } = this.lines[i];
      const [xs, ys] = channel === "gear" ? staircase(xOf(trace, this.over), columns[i]) : [xOf(trace, this.over), columns[i]];
      data.xs.push(xs);
      data.ys.push(ys);
      const isZero = channel === "delta" && i === 0;
      data.color.push(isZero ? this.look?.["ink-3"] ?? color : color);
      data.dash.push(isZero ? [] : dash);
      data.width.push(isZero ? 1 : i ? 1.6 : 1.9);
    }
    return data;
  }
  fitY(row, columns) {
    const { channel } = row.figure;
    if (channel === "speed") {
      const [low, high] = range(columns, 50, 350);
      this.set(row, "y", { start: Math.floor(low / 50) * 50, end: high });
    } else if (channel === "delta") {
      const [low, high] = range(columns, 0, 0.1);
      const pad = (high - low) * 0.08;
      this.set(row, "y", { start: low - pad, end: high + pad });
      this.set(row, "y-ticks", { ticks: niceTicks(low - pad, high + pad, 3) });
      row.unit.textContent = this.lines[0] ? `s to ${this.lines[0].trace.driver}` : row.figure.unit;
    }
  }
  lanes(row) {
    const data = { left: [], right: [], top: [], bottom: [], color: [] };
    const height = 1 / this.lines.length;
    this.lines.forEach(({ trace, color }, i) => {
      const x = xOf(trace, this.over);
      for (const [from, to] of runs(trace.column(row.figure.column))) {
        data.left.push(x[from]);
        data.right.push(x[to]);
        data.top.push(1 - (i + 0.12) * height);
        data.bottom.push(1 - (i + 0.88) * height);
        data.color.push(color);
      }
    });
    return data;
  }
};

// src/telemetry/chips.ts
var WORDS = {
  here: "",
  coming: "loading",
  missing: "no telemetry of this lap",
  absent: "telemetry not in this file"
};
var autoWords = (isAhead2) => isAhead2 ? "best lap" : "best of the stints so far";
function metaText(chips) {
  const auto = chips.filter((chip) => chip.isAuto);
  return auto.length ? autoWords(auto.some((chip) => chip.isAhead)) : "";
}
function choiceText(lap) {
  const tyres = lap.compound ? `, ${compoundLetters(lap.compound)}${lap.age ?? ""}` : "";
  return `lap ${lap.lap}, ${lapTime(lap.time_s)}${tyres}`;
}
function select(chip) {
  const auto = chip.hasAuto ? `<option value=""${chip.isAuto ? " selected" : ""}>${autoWords(chip.isAuto && chip.isAhead)}</option>` : "";
  const options = chip.choices.map((lap) => {
    const isChosen = lap.lap === chip.lap && !chip.isAuto;
    return `<option value="${lap.lap}"${isChosen ? " selected" : ""}>${esc(choiceText(lap))}</option>`;
  });
  return `<select aria-label="Lap of ${esc(chip.driver)}">${auto}${options.join("")}</select>`;
}
function chipHtml(chip) {
  const { driver, lap, row, state } = chip;
  const ahead = chip.isAhead ? '<span class="f1nb-badge" data-k="est" title="This lap had not been driven at the session clock">after the clock</span>' : "";
  const facts = state === "here" ? `<span class="f1nb-fig">${lapTime(row?.time_s)}</span> ${row?.compound ? tyre(row.compound, row.age) : ""}${ahead}` : `<span class="f1nb-q">${WORDS[state]}</span>`;
  return `<span class="f1nb-lapchip" role="listitem" data-driver="${esc(driver)}" data-lap="${esc(lap)}" data-state="${state}" style="--c: ${chip.color}">${lineSample(chip.slot)}<b>${esc(driver)}</b><span class="f1nb-pick">lap ${esc(lap)}${select(chip)}</span>${facts}</span>`;
}

// src/shared/columns.ts
var Table = class {
  rows;
  bytes;
  at = /* @__PURE__ */ new Map();
  numbers = /* @__PURE__ */ new Map();
  texts = /* @__PURE__ */ new Map();
  watchers = /* @__PURE__ */ new Set();
  constructor(bytes) {
    this.bytes = bytes;
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    this.rows = header.rows;
    let offset = 4 + length;
    for (const head of header.columns) {
      this.at.set(head.name, { head, offset });
      offset += header.rows * (head.planes + (head.missing ? 1 : 0));
    }
  }
  has(name) {
    return this.at.has(name);
  }
  isText(name) {
    return this.at.get(name)?.head.values !== void 0;
  }
  /** A column of numbers, or of booleans as 0 and 1. Missing is NaN. */
  number(name) {
    let out = this.numbers.get(name);
    if (!out) {
      const { head, missing, steps } = this.decode(name);
      out = new Float64Array(this.rows);
      const scale = head.scale ?? 1;
      for (let i = 0; i < this.rows; i++) out[i] = missing?.[i] ? Number.NaN : steps[i] / scale;
      this.numbers.set(name, out);
    }
    return out;
  }
  /** A column of texts. Missing is null. */
  text(name) {
    let out = this.texts.get(name);
    if (!out) {
      const { head, missing, steps } = this.decode(name);
      const values = head.values ?? [];
      out = Array.from(steps, (code, i) => missing?.[i] ? null : values[code]);
      this.texts.set(name, out);
    }
    return out;
  }
  /** Be told when it has grown, until the signal aborts. Columns have to be read again. */
  watch(callback, signal) {
    this.watchers.add(callback);
    signal.addEventListener("abort", () => this.watchers.delete(callback));
  }
  /** Keep the first rows and put others behind them. */
  grow(kept, tail) {
    for (const [name, { head }] of this.at) {
      if (head.values) {
        const column = this.text(name);
        column.length = kept;
        for (const text of tail.text(name)) column.push(text);
      } else {
        const column = this.number(name);
        const length = kept + tail.rows;
        const room = column.buffer.byteLength >= 8 * length ? new Float64Array(column.buffer) : new Float64Array(2 * length);
        if (room.buffer !== column.buffer) room.set(column.subarray(0, kept));
        room.set(tail.number(name), kept);
        this.numbers.set(name, room.subarray(0, length));
      }
    }
    this.rows = kept + tail.rows;
    for (const watcher of [...this.watchers]) watcher(kept);
  }
  decode(name) {
    const found = this.at.get(name);
    if (!found) throw new Error(`no column ${name}`);
    const { head } = found;
    let { offset } = found;
    const n = this.rows;
    let missing = null;
    if (head.missing) {
      missing = this.bytes.subarray(offset, offset + n);
      offset += n;
    }
    const steps = new Int32Array(n);
    for (let p = 0; p < head.planes; p++) {
      const plane = this.bytes.subarray(offset + p * n, offset + (p + 1) * n);
      for (let i = 0; i < n; i++) steps[i] |= plane[i] << 8 * p;
    }
    for (let i = 0; i < n; i++) steps[i] = steps[i] >>> 1 ^ -(steps[i] & 1);
    for (let k = 0; k < head.order; k++) for (let i = 1; i < n; i++) steps[i] = steps[i] + steps[i - 1] | 0;
    return { head, missing, steps };
  }
};
async function openTable(data) {
  const packed = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Table(new Uint8Array(await new Response(stream).arrayBuffer()));
}

// src/telemetry/laps.ts
var known = (v) => Number.isNaN(v) ? null : v;
var LapBook = class {
  byKey = /* @__PURE__ */ new Map();
  byDriver = /* @__PURE__ */ new Map();
  /** `table`: driver, lap, end_time_s, lap_time_s, compound, tyre_age_laps. */
  constructor(table) {
    const [driver, compound] = ["driver", "compound"].map((c) => table.text(c));
    const [lap, end, time, age] = ["lap", "end_time_s", "lap_time_s", "tyre_age_laps"].map((c) => table.number(c));
    for (let i = 0; i < table.rows; i++) {
      const code = driver[i] ?? "";
      const row = {
        driver: code,
        lap: lap[i],
        end_s: known(end[i]),
        time_s: known(time[i]),
        compound: compound[i],
        age: known(age[i])
      };
      this.byKey.set(keyOf([code, row.lap]), row);
      this.byDriver.set(code, [...this.byDriver.get(code) ?? [], row]);
    }
  }
  get(ref) {
    return this.byKey.get(keyOf(ref));
  }
  of(driver) {
    return this.byDriver.get(driver) ?? [];
  }
};
var isAhead = (lap, time_s) => lap?.end_s != null && lap.end_s > time_s;
function bestLap(book, driver, has, time_s) {
  const laps = book.of(driver).filter((lap) => has([driver, lap.lap])).sort((a, b) => (a.time_s ?? Number.POSITIVE_INFINITY) - (b.time_s ?? Number.POSITIVE_INFINITY));
  const best = laps.find((lap) => !isAhead(lap, time_s)) ?? laps[0];
  return best ? [driver, best.lap] : null;
}
function chooseLaps(wish, best) {
  const { explicit, picked, drivers } = wish;
  const all = explicit.length ? explicit : [
    ...drivers.flatMap((driver) => {
      const own = picked.filter(([code]) => code === driver);
      return own.length ? own : [best(driver)].filter((lap) => lap !== null);
    }),
    ...picked.filter(([code]) => !drivers.includes(code))
  ];
  return [...new Map(all.map((lap) => [keyOf(lap), lap])).values()];
}
function slots(laps, drivers) {
  const out = new Array(laps.length).fill(-1);
  laps.forEach(([driver], i) => {
    const own = drivers.indexOf(driver);
    if (own >= 0 && own < DASHES.length && !out.includes(own)) out[i] = own;
  });
  let next = 0;
  laps.forEach((_, i) => {
    if (out[i] >= 0) return;
    while (out.includes(next)) next++;
    out[i] = next;
  });
  return out;
}

// src/telemetry/choice.ts
var LapChoice = class {
  constructor(p) {
    this.p = p;
    this.traces = readTraces(p.tables.traces);
    this.book = new LapBook(p.tables.laps);
  }
  p;
  /** every lap whose telemetry is at hand */
  traces;
  /** other laps can be asked for */
  hasKernel = false;
  book;
  asked = /* @__PURE__ */ new Set();
  /** Take in what the kernel has sent beyond the laps of every page. */
  async take() {
    const data = this.p.model.get("_asked");
    if (!data?.byteLength) return;
    for (const [key, trace] of readTraces(await openTable(data))) this.traces.set(key, trace);
  }
  best(driver) {
    return bestLap(this.book, driver, (ref) => this.traces.has(keyOf(ref)), this.p.clock.get("time_s"));
  }
  chips() {
    const { clock, model, selection } = this.p;
    const [explicit, picked, drivers] = [model.get("laps"), selection.get("laps"), selection.get("drivers")];
    const laps = chooseLaps({ explicit, picked, drivers }, (driver) => this.best(driver));
    const samples = slots(laps, drivers);
    return laps.map((ref, i) => {
      const [driver, lap] = ref;
      const hasAuto = !explicit.length && drivers.includes(driver);
      return {
        driver,
        lap,
        row: this.book.get(ref),
        slot: samples[i],
        color: "",
        state: this.state(ref),
        isAhead: isAhead(this.book.get(ref), clock.get("time_s")),
        choices: this.book.of(driver).filter((l) => l.lap === lap || ["here", "coming"].includes(this.state([driver, l.lap]))),
        hasAuto,
        isAuto: hasAuto && !picked.some((pick) => keyOf(pick) === keyOf(ref))
      };
    });
  }
  /** Selected drivers of whom there is no lap to show. */
  unseen(chips) {
    if (this.p.model.get("laps").length) return [];
    return this.p.selection.get("drivers").filter((code) => !chips.some((chip) => chip.driver === code));
  }
  /** Ask the kernel for what is shown but not at hand, once. */
  ask(chips) {
    const refs = chips.filter((chip) => chip.state === "coming").map((chip) => [chip.driver, chip.lap]);
    const fresh = refs.filter((ref) => !this.asked.has(keyOf(ref)));
    for (const ref of fresh) this.asked.add(keyOf(ref));
    if (fresh.length) this.p.model.send({ type: "laps", laps: fresh });
  }
  /** Show `other` in place of a lap; null gives the choice back to the clock. */
  replace(driver, lap, other) {
    const { model, selection } = this.p;
    const isIt = (ref) => keyOf(ref) === keyOf([driver, lap]);
    const next = other === null ? [] : [[driver, other]];
    const replaced = (laps) => laps.flatMap((ref) => isIt(ref) ? next : [ref]);
    if (model.get("laps").length) {
      model.set("laps", replaced(model.get("laps")));
      model.save_changes();
      return;
    }
    const picked = selection.get("laps");
    selection.set("laps", picked.some(isIt) ? replaced(picked) : [...picked, ...next]);
    selection.save_changes();
  }
  state(ref) {
    if (this.traces.has(keyOf(ref))) return "here";
    if (this.p.model.get("_missing").some((lap) => keyOf(lap) === keyOf(ref))) return "missing";
    return this.hasKernel ? "coming" : "absent";
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

// src/telemetry/controls.ts
var SWITCH = '<span class="f1nb-seg" role="group" aria-label="x axis"><button type="button" data-over="distance">Distance</button><button type="button" data-over="time">Time</button></span>';
var CHOOSER = icon(
  '<path d="M1.5 4h13M1.5 8h13M1.5 12h13" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M5 2.4v3.2M11 6.4v3.2M7 10.4v3.2" stroke="currentColor" stroke-width="2"/>'
);
function controls(p, figures) {
  const { model } = p;
  p.tools.innerHTML = SWITCH;
  p.tools.addEventListener("click", (event) => {
    const over = event.target.closest("[data-over]")?.dataset.over;
    if (!over) return;
    model.set("over", over);
    model.save_changes();
  });
  p.follow(
    model,
    "over",
    () => {
      for (const button of p.tools.querySelectorAll("[data-over]"))
        button.setAttribute("aria-pressed", String(button.dataset.over === model.get("over")));
    },
    true
  );
  const reset = element("button", "f1nb-link f1nb-reset", "Whole lap");
  reset.type = "button";
  reset.hidden = true;
  p.tools.prepend(reset);
  const open = element("button", "f1nb-button", CHOOSER);
  open.type = "button";
  open.title = "Channels";
  open.setAttribute("aria-label", "Choose channels");
  const menu = element("div", "f1nb-menu");
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Channels");
  menu.innerHTML = figures.map((f) => `<label><input type="checkbox" value="${f.channel}">${f.label}</label>`).join("");
  const boxes = [...menu.querySelectorAll("input")];
  const fill = () => {
    const on = model.get("channels");
    for (const box of boxes) {
      box.checked = on.includes(box.value);
      box.disabled = box.checked && on.length === 1;
    }
  };
  menu.addEventListener("change", () => {
    model.set(
      "channels",
      boxes.filter((box) => box.checked).map((box) => box.value)
    );
    model.save_changes();
    fill();
  });
  p.tools.append(open, menu);
  popover(open, menu, p.signal, () => {
    fill();
    boxes[0]?.focus();
  });
  return reset;
}

// src/telemetry/cursor.ts
var ROOM_PX = 16;
var Cursor = class {
  /** takes pointer, wheel and keys; as wide as the frames of the figures */
  el = element("div", "f1nb-over");
  axis = element("div", "f1nb-corners");
  /** a line for each corner, through all figures */
  grid = element("div", "f1nb-lines");
  line = element("div", "f1nb-cursor");
  place = element("div", "f1nb-place");
  labels = element("div", "f1nb-numbers");
  constructor(length_m) {
    this.el.tabIndex = 0;
    this.el.setAttribute("role", "slider");
    this.el.setAttribute("aria-label", "Place on the lap");
    this.el.setAttribute("aria-valuemin", "0");
    this.el.setAttribute("aria-valuemax", String(Math.round(length_m)));
    this.el.setAttribute("aria-valuenow", "0");
    this.el.dataset.lmSuppressShortcuts = "true";
    this.el.append(this.line, this.place);
    this.axis.append(element("span", "f1nb-word", "Corner"), this.labels);
    this.axis.setAttribute("aria-hidden", "true");
    this.hide();
  }
  hide() {
    this.line.hidden = this.place.hidden = true;
  }
  /** `place_m` as text, at `x` of the window. */
  move(place_m, x, window) {
    const share = (x - window.from) / (window.to - window.from);
    const isOut = share < 0 || share > 1;
    this.line.hidden = this.place.hidden = isOut;
    if (isOut) return;
    const width = this.el.clientWidth;
    this.line.style.transform = `translateX(${(share * width).toFixed(1)}px)`;
    const text = `${Math.round(place_m)} m`;
    if (this.place.textContent !== text) this.place.textContent = text;
    const half = 23;
    this.place.style.transform = `translateX(${Math.min(width - half, Math.max(half, share * width)).toFixed(1)}px) translateX(-50%)`;
    this.el.setAttribute("aria-valuenow", String(Math.round(place_m)));
  }
  /** The words for the place, for those who do not see it. */
  say(text) {
    this.el.setAttribute("aria-valuetext", text);
  }
  corners(corners, window) {
    const width = this.labels.clientWidth;
    if (!width) return;
    const inside = corners.map((c) => ({ label: c.label, px: (c.x - window.from) / (window.to - window.from) * width })).filter((c) => c.px >= 0 && c.px <= width);
    const places = spread(
      inside.map((c) => c.px),
      ROOM_PX
    );
    const html = inside.map(
      (c, i) => places[i] === null ? "" : `<i style="left: ${places[i]?.toFixed(1)}px">${esc(c.label)}</i>`
    );
    put(this.labels, html.join(""));
    put(this.grid, inside.map((c) => `<i style="left: ${c.px.toFixed(1)}px"></i>`).join(""));
  }
};

// src/telemetry/gestures.ts
var DRAG_PX = 5;
var STEP_M = 10;
function gestures(over, mark, signal, on) {
  const listen = (type, listener) => over.addEventListener(type, listener, { signal, passive: false });
  const shareOf = (clientX) => {
    const { left, width } = over.getBoundingClientRect();
    return width ? Math.min(1, Math.max(0, (clientX - left) / width)) : 0;
  };
  const fingers = /* @__PURE__ */ new Map();
  let dragFrom = null;
  let isBox = false;
  const showBox = (from, to) => {
    mark.hidden = false;
    mark.style.left = `${Math.min(from, to) * 100}%`;
    mark.style.width = `${Math.abs(to - from) * 100}%`;
  };
  const end = () => {
    dragFrom = null;
    isBox = false;
    mark.hidden = true;
  };
  const pinch = (event) => {
    const [a, b] = [...fingers.values()];
    fingers.set(event.pointerId, event.clientX);
    const [c, d] = [...fingers.values()];
    const [was, is] = [Math.abs(b - a), Math.abs(d - c)];
    const middle = shareOf((c + d) / 2);
    if (was > 20 && is > 20) on.zoom(middle, was / is);
    on.pan(shareOf((a + b) / 2) - middle);
  };
  listen("pointerdown", (event) => {
    fingers.set(event.pointerId, event.clientX);
    if (event.pointerType === "mouse" && event.button === 0) {
      dragFrom = event.clientX;
      over.setPointerCapture(event.pointerId);
    } else if (event.pointerType !== "mouse" && fingers.size === 1) on.hover(shareOf(event.clientX));
  });
  listen("pointermove", (event) => {
    if (fingers.size === 2 && fingers.has(event.pointerId)) return pinch(event);
    if (fingers.size > 2) return;
    if (dragFrom !== null) {
      isBox ||= Math.abs(event.clientX - dragFrom) > DRAG_PX;
      if (isBox) showBox(shareOf(dragFrom), shareOf(event.clientX));
    }
    on.hover(shareOf(event.clientX));
  });
  listen("pointerup", (event) => {
    fingers.delete(event.pointerId);
    if (isBox && dragFrom !== null) on.box(shareOf(dragFrom), shareOf(event.clientX));
    end();
  });
  listen("pointercancel", (event) => {
    fingers.delete(event.pointerId);
    end();
  });
  listen("pointerleave", (event) => {
    fingers.delete(event.pointerId);
    if (dragFrom === null) on.hover(null);
  });
  listen("wheel", (event) => {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      return on.pan(event.deltaX / (over.clientWidth || 1));
    }
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== over) return;
    event.preventDefault();
    on.zoom(shareOf(event.clientX), Math.exp(event.deltaY * (event.ctrlKey && Math.abs(event.deltaY) < 30 ? 0.01 : 15e-4)));
  });
  listen("dblclick", () => on.reset());
  listen("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const metres = STEP_M * (event.shiftKey ? 10 : 1);
    const actions = {
      ArrowLeft: () => on.step(-metres),
      ArrowRight: () => on.step(metres),
      Home: () => on.step(Number.NEGATIVE_INFINITY),
      End: () => on.step(Number.POSITIVE_INFINITY),
      "+": () => on.zoom(Number.NaN, 0.7),
      "=": () => on.zoom(Number.NaN, 0.7),
      "-": () => on.zoom(Number.NaN, 1 / 0.7),
      Escape: () => on.reset()
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });
}

// src/telemetry/index.ts
var EVERY_MS = 250;
var HELD_MS = 1500;
var NARROW_PX = 520;
var LEAST = { distance: 100, time: 2 };
async function setup(p) {
  const { model, clock, selection, tables, body, signal } = p;
  const drivers = readDrivers(tables.drivers);
  const circuit = readCircuit(tables.circuit);
  const loading = p.host.getWidget(model.get("_bokeh")).then(({ exports }) => exports.load());
  const figures = model.get("_figures");
  const corners = circuit?.corners ?? [];
  const chips = element("div", "f1nb-chips");
  chips.setAttribute("role", "list");
  chips.setAttribute("aria-label", "Laps");
  const stage = element("div", "f1nb-stage");
  const blank = element("div", "f1nb-nothing");
  body.append(chips, stage, blank);
  const choice = new LapChoice(p);
  let shown = [];
  let lines = [];
  let key = null;
  const refresh = (isForced = false) => {
    const next = choice.chips();
    const facts = next.map((c) => [c.driver, c.lap, c.slot, c.state, c.isAhead, c.isAuto, c.choices.length].join());
    const now = [...facts, ...choice.unseen(next)].join(";");
    if (now === key && !isForced) return;
    key = now;
    shown = next;
    choice.ask(shown);
    draw();
  };
  let isStale = false;
  const draw = () => {
    isStale = !p.root.clientWidth;
    if (isStale) return;
    const look = tokens(p.root);
    const bySlot = [];
    for (const chip of shown) bySlot[chip.slot] = chip.driver;
    for (const chip of shown) chip.color = lineColor(drivers, bySlot, chip.slot, look);
    lines = shown.flatMap((chip) => {
      const trace = choice.traces.get(keyOf([chip.driver, chip.lap]));
      return trace ? [{ trace, color: chip.color, dash: DASHES[chip.slot % DASHES.length] }] : [];
    });
    const unseen = choice.unseen(shown);
    const focused = [...chips.querySelectorAll("select")].indexOf(document.activeElement);
    put(
      chips,
      shown.map(chipHtml).join("") + unseen.map((code) => `<span class="f1nb-q">${esc(code)}: no telemetry</span>`).join("")
    );
    if (focused >= 0) chips.querySelectorAll("select")[focused]?.focus();
    p.meta.textContent = metaText(shown);
    stage.hidden = !lines.length;
    stage.style.setProperty("--laps", String(lines.length));
    put(blank, lines.length ? "" : nothing());
    if (!lines.length) return;
    const names = lines.map(({ trace }) => `${trace.driver} lap ${trace.lap}`).join(", ");
    const over = model.get("over");
    chart?.el.setAttribute("aria-label", `${model.get("channels").join(", ")} over ${over} for ${names}`);
    chart?.theme(look, p.root.clientWidth < NARROW_PX);
    chart?.fill(lines, over);
    scroll();
  };
  const nothing = () => {
    const first = shown[0];
    if (!first)
      return blankHtml({
        kind: "info",
        title: "No lap selected",
        text: "Click a driver in the timing table, or pass laps:",
        code: 'f1nb.Telemetry(race, laps=[("NOR", 41)])'
      });
    const name = `${first.driver} on lap ${first.lap}`;
    if (first.state === "coming")
      return blankHtml({ kind: "info", title: `Loading ${name}`, text: "The kernel reads this lap.", code: "" });
    const other = choice.best(first.driver);
    const button = other ? `<div class="f1nb-actions"><button type="button" class="f1nb-do is-quiet" data-driver="${esc(first.driver)}" data-lap="${esc(first.lap)}" data-other="${other[1]}">Show lap ${other[1]}</button></div>` : "";
    const rest = other ? "other laps of his have telemetry" : "no other lap of his has telemetry at hand";
    const text = first.state === "absent" ? "This file carries the best lap of each stint. Open the session in a notebook to see the others." : `The source has no samples of this lap. Its times are complete; ${rest}.`;
    return blankHtml({ kind: "info", title: `No telemetry for ${name}`, text, code: "" }) + button;
  };
  let chart = null;
  let zoom = null;
  const reference = () => lines[0]?.trace;
  const length_m = circuit?.length_m ?? Math.max(1, ...[...choice.traces.values()].map(endOf));
  const full = () => model.get("over") === "time" ? Math.max(1, ...lines.map(({ trace }) => trace.time[trace.time.length - 1])) : length_m;
  const window = () => zoom ? within(zoom, full(), LEAST[model.get("over")]) : { from: 0, to: full() };
  const xAt = (place_m) => {
    const trace = reference();
    return model.get("over") === "time" && trace ? timeAt(trace, place_m) : place_m;
  };
  const placeOf = (x) => {
    const trace = reference();
    return model.get("over") === "time" && trace ? placeAt(trace, x) : x;
  };
  const cursor = new Cursor(length_m);
  stage.append(cursor.axis, cursor.grid);
  const scroll = () => {
    chart?.zoom(window());
    cursor.corners(
      corners.map((c) => ({ label: c.label, x: xAt(c.distance_m) })),
      window()
    );
    reset.hidden = !zoom;
    point(true);
  };
  const setZoom = (next) => {
    const isAll = next && next.to - next.from >= full() * 0.999;
    zoom = isAll ? null : next;
    scroll();
  };
  let isHovered = false;
  let isOurs2 = false;
  let heldUntil = 0;
  let written = 0;
  let cars = null;
  const setCursor = (place_m) => {
    isOurs2 = true;
    selection.set("cursor_m", Math.min(length_m, Math.max(0, place_m)));
    isOurs2 = false;
  };
  const point = (isDue) => {
    const place_m = selection.get("cursor_m");
    if (place_m === null || !lines.length) {
      cursor.hide();
      return chart?.write({});
    }
    cursor.move(place_m, xAt(place_m), window());
    const now = performance.now();
    if (!isDue && now - written < EVERY_MS) return;
    written = now;
    const channels = chart?.channels ?? [];
    chart?.write(Object.fromEntries(channels.map((name) => [name, values(name, place_m)])));
    const speeds = lines.map(({ trace }) => `${trace.driver} ${number(valueAt(trace, "speed_kmh", place_m))} km/h`);
    cursor.say(`${Math.round(place_m)} m, ${speeds.join(", ")}`);
  };
  const number = (v) => Number.isNaN(v) ? NONE : String(Math.round(v));
  const values = (channel, place_m) => {
    const figure = figures.find((f) => f.channel === channel);
    if (!figure || figure.lanes) return [];
    return lines.map(({ trace, color, dash }, i) => {
      const delta = () => i ? gap(deltaAt(trace, lines[0].trace, place_m)) : "ref";
      const text = channel === "delta" ? delta() : number(valueAt(trace, figure.column, place_m, channel === "gear"));
      const sample = `<svg width="14" height="4" aria-hidden="true"><line x1="0" x2="14" y1="2" y2="2" stroke-width="2.4" stroke="${color}" stroke-dasharray="${dash.map((d) => d * 0.6).join(" ")}"/></svg>`;
      return `<span>${sample}${text}</span>`;
    });
  };
  const followCar = () => {
    const driver = selection.get("drivers")[0] ?? lines[0]?.trace.driver;
    if (!driver || !circuit || !clock.get("playing") || isHovered || performance.now() < heldUntil) return;
    cars ??= new CarPlaces(tables.positions, circuit);
    const place_m = cars.at(driver, clock.get("time_s"));
    if (place_m !== null) setCursor(place_m);
  };
  const mark = element("div", "f1nb-box");
  mark.hidden = true;
  cursor.el.append(mark);
  const at = (share) => window().from + share * (window().to - window().from);
  gestures(cursor.el, mark, signal, {
    hover: (share) => {
      isHovered = share !== null;
      if (share !== null) setCursor(placeOf(at(share)));
    },
    zoom: (share, factor) => {
      const anchor = Number.isNaN(share) ? xAt(selection.get("cursor_m") ?? length_m / 2) : at(share);
      setZoom(zoomed(window(), anchor, factor, full(), LEAST[model.get("over")]));
    },
    pan: (share) => {
      const width = window().to - window().from;
      if (zoom) setZoom(within({ from: window().from + share * width, to: window().to + share * width }, full(), width));
    },
    box: (a, b) => setZoom(within({ from: at(Math.min(a, b)), to: at(Math.max(a, b)) }, full(), LEAST[model.get("over")])),
    reset: () => setZoom(null),
    step: (metres) => setCursor((selection.get("cursor_m") ?? 0) + metres)
  });
  const reset = controls(p, figures);
  reset.addEventListener("click", () => setZoom(null));
  chips.addEventListener("change", (event) => {
    const select2 = event.target;
    const chip = select2.closest("[data-lap]");
    if (chip) choice.replace(chip.dataset.driver ?? "", Number(chip.dataset.lap), select2.value ? Number(select2.value) : null);
  });
  blank.addEventListener("click", (event) => {
    const { driver, lap, other } = event.target.dataset;
    if (driver && other) choice.replace(driver, Number(lap), Number(other));
  });
  let chosen = 0;
  let selectedBefore = selection.get("drivers");
  p.follow(clock, "time_s", () => {
    followCar();
    const now = performance.now();
    if (clock.get("playing") && now - chosen < EVERY_MS) return;
    chosen = now;
    refresh();
  });
  p.follow(selection, "cursor_m", () => {
    if (!isOurs2 && clock.get("playing")) heldUntil = performance.now() + HELD_MS;
    point(!clock.get("playing") || isHovered);
  });
  p.follow(selection, "drivers", () => {
    const gone = selectedBefore.filter((code) => !selection.get("drivers").includes(code));
    selectedBefore = selection.get("drivers");
    const rest = selection.get("laps").filter(([driver]) => !gone.includes(driver));
    if (rest.length < selection.get("laps").length) {
      selection.set("laps", rest);
      selection.save_changes();
    }
    refresh();
  });
  p.follow(selection, "laps", refresh.bind(null, false));
  p.follow(model, "laps", refresh.bind(null, false));
  p.follow(model, "_missing", refresh.bind(null, false));
  p.follow(model, "_asked", () => void choice.take().then(() => refresh()));
  p.follow(model, "over", () => {
    zoom = null;
    refresh(true);
  });
  p.follow(model, "channels", () => {
    chart?.show(model.get("channels"));
    draw();
  });
  p.onTheme(draw);
  const onMessage = (message) => {
    if (message.type !== "pong" || choice.hasKernel) return;
    choice.hasKernel = true;
    refresh();
  };
  model.on("msg:custom", onMessage);
  signal.addEventListener("abort", () => model.off("msg:custom", onMessage));
  const fit = () => {
    if (!p.root.clientWidth) return;
    if (isStale) return draw();
    chart?.theme(tokens(p.root), p.root.clientWidth < NARROW_PX);
    scroll();
  };
  const resized = new ResizeObserver(p.guard(fit));
  resized.observe(p.root);
  resized.observe(stage);
  const seen = new IntersectionObserver(p.guard(fit));
  seen.observe(p.root);
  signal.addEventListener("abort", () => {
    resized.disconnect();
    seen.disconnect();
  });
  await choice.take();
  refresh();
  model.send({ type: "ping" });
  const onDrawn = () => {
    p.root.dataset.ready = "true";
    point(true);
  };
  const onError = (error) => {
    stage.hidden = true;
    const code = error instanceof Error ? error.message : String(error);
    const text = "Reload the page; if it happens again, report the text below.";
    put(blank, blankHtml({ kind: "error", title: "The charts could not be drawn", text, code }));
  };
  loading.then((bokeh) => {
    if (signal.aborted) return;
    chart = new Chart(figures, bokeh, signal, onDrawn, onError);
    stage.append(chart.el, cursor.el);
    chart.show(model.get("channels"));
    draw();
  }, onError);
}
var telemetry_default = { render: panel("tel", setup) };
export {
  telemetry_default as default
};
