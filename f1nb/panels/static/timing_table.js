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
var reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

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
function lapTime(seconds2) {
  if (absent(seconds2)) return NONE;
  const ms = Math.round(seconds2 * 1e3);
  const rest = (ms % 6e4 / 1e3).toFixed(3);
  return ms < 6e4 ? rest : `${Math.floor(ms / 6e4)}:${rest.padStart(6, "0")}`;
}
function gap(seconds2) {
  if (absent(seconds2)) return NONE;
  return (seconds2 < 0 ? "−" : "+") + lapTime(Math.abs(seconds2));
}
var lapsDown = (laps) => `+${laps} lap${laps === 1 ? "" : "s"}`;
function ago(seconds2) {
  const s = Math.max(0, Math.floor(seconds2));
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
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
  const state2 = model;
  const [clock, selection, tables] = await Promise.all([
    host.getModel(state2.get("clock")),
    host.getModel(state2.get("selection")),
    readTables(host, state2.get("_tables"))
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
  const state2 = model;
  if (!state2.get("_owns_clock")) return;
  const foot = element("footer", "f1nb-own-clock");
  el.append(foot);
  await (await host.getWidget(state2.get("clock"))).render({ el: foot, signal });
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
    const state2 = model;
    follow(
      state2,
      "title",
      () => {
        title.textContent = state2.get("title");
        root.setAttribute("aria-label", state2.get("title"));
      },
      true
    );
    follow(
      state2,
      "height",
      () => {
        const height = state2.get("height");
        root.style.height = height ? `${height}px` : "";
      },
      true
    );
    follow(state2, "_error", () => trouble.fromPython(state2.get("_error")), true);
    const blankNote = () => state2.get("_notes").find((n) => n.blank && n.kind !== "derived");
    follow(
      state2,
      "_notes",
      () => {
        const all = state2.get("_notes");
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
      for (const part2 of parts) part2.remove();
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
      follower(own)(state2, "_notes", onNotes);
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
    const marked2 = (field) => {
      const { value: time_s, since } = this.at(driver, `${field}_time_s`, time);
      const mark2 = value(`${field}_mark`);
      return { time_s, mark: mark2 == null ? null : MARKS[mark2], isCurrent: since > lapSince || time - since < HELD_S };
    };
    const state2 = this.at(driver, "state", time);
    const name = CAR_STATES[state2.value ?? 0];
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
      last: marked2("last_lap"),
      best: marked2("best_lap"),
      sectors: [marked2("sector_1"), marked2("sector_2"), marked2("sector_3")],
      compound: compound == null ? null : COMPOUNDS[compound],
      tyre_age_laps: value("tyre_age_laps"),
      stops: value("stops") ?? 0,
      state: name,
      state_since_s: state2.since,
      isOut: name === "retired" || name === "stopped"
    };
  }
  /**
   * Every car in running order. In a race those that are out come last, the latest of them first; elsewhere a car that
   * stops keeps the place that its best lap gave it.
   */
  rows(time, isRace = true) {
    const last2 = (r) => isRace && r.isOut;
    const rows = this.drivers.map((d) => this.row(d, time)).sort(
      (a, b) => Number(last2(a)) - Number(last2(b)) || (last2(a) ? b.state_since_s - a.state_since_s : (a.position ?? 99) - (b.position ?? 99)) || a.driver.localeCompare(b.driver)
    );
    if (isRace) this.markStale(rows, time);
    return rows;
  }
  /** A gap is as old as the car's last crossing of a line: where gaps fall down the order, the older one is no longer true. */
  markStale(rows, time) {
    const driving = rows.filter((r) => (r.state === "running" || r.state === "out_lap") && r.gap_s != null && r.gap_laps === 0).map((row) => ({ row, gap_s: row.gap_s, since: this.at(row.driver, "gap_s", time).since }));
    driving.forEach((ahead, i) => {
      for (const behind2 of driving.slice(i + 1)) {
        if (behind2.gap_s >= ahead.gap_s) continue;
        (behind2.since < ahead.since ? behind2 : ahead).row.isGapStale = true;
      }
    });
  }
};

// src/timing_table/columns.ts
var kindOf = (session) => session === "R" || session === "S" ? "race" : session === "Q" || session === "SQ" ? "qualifying" : "practice";
var FIXED = [
  { name: "position", head: "Pos", title: "Position", fields: [], ch: 0, px: 36 },
  { name: "driver", head: "Driver", title: "Driver", fields: [], ch: 4.5, px: 54 }
];
var RACE = ["race"];
var QUALIFYING = ["qualifying"];
var speed = (trap2, head, title) => ({
  name: `speed_${trap2}`,
  head,
  title: `${title}, km/h`,
  fields: [`speed_${trap2}_kmh`],
  ch: 3,
  px: 23
});
var sector = (n) => ({
  name: `sector_${n}`,
  head: `S${n}`,
  title: `Sector ${n}`,
  fields: [`sector_${n}_time_s`],
  ch: 5.5,
  px: 19
});
var part = (n) => ({
  name: `q${n}`,
  head: `Q${n}`,
  title: `Best lap of part ${n}`,
  fields: [`q${n}_time_s`],
  only: QUALIFYING,
  ch: 7,
  px: 21
});
var COLUMNS = [
  { name: "gained", head: "+/−", title: "Places gained since the start", fields: ["position"], only: RACE, ch: 2, px: 24 },
  { name: "lap", head: "Lap", title: "Lap", fields: ["lap"], ch: 2, px: 22 },
  { name: "gap", head: "Gap", title: "Gap to the leader, seconds", fields: ["gap_s", "gap_laps"], ch: 8, px: 10 },
  {
    name: "interval",
    head: "Int",
    title: "Interval to the car ahead, seconds",
    help: "▸ it gets smaller",
    fields: ["interval_s", "interval_laps"],
    only: RACE,
    ch: 6.8,
    px: 10
  },
  {
    name: "compare",
    head: "vs",
    title: "Difference to another car",
    help: "and what is gained or lost a lap; choose the car here or with the key c, by default it is the first that is selected",
    fields: ["gap_s", "best_lap_time_s"],
    ch: 12,
    px: 24
  },
  {
    name: "cutoff",
    head: "To cut",
    title: "Margin to the cut",
    help: "what a car in the drop zone has to find, or how much faster one that goes on is than the first that does not",
    fields: ["q1_time_s"],
    only: QUALIFYING,
    ch: 7,
    px: 12
  },
  part(1),
  part(2),
  part(3),
  { name: "last", head: "Last", title: "Last lap time", fields: ["last_lap_time_s"], ch: 7, px: 21 },
  { name: "best", head: "Best", title: "Best lap time", fields: ["best_lap_time_s"], ch: 7, px: 21 },
  { name: "ideal", head: "Ideal", title: "Best sectors put together", fields: ["sector_1_time_s"], ch: 7, px: 21 },
  sector(1),
  sector(2),
  sector(3),
  {
    name: "mini_sectors",
    head: "Mini-sectors",
    title: "Mini-sectors of this lap",
    help: "high: best of the session; middle: own best; low: slower",
    fields: [],
    table: "mini_sectors",
    ch: 0,
    px: 118
  },
  speed("i1", "I1", "Speed trap of sector 1"),
  speed("i2", "I2", "Speed trap of sector 2"),
  speed("fl", "FL", "Speed at the line"),
  speed("st", "Trap", "Speed trap on the straight"),
  {
    name: "tyre",
    head: "Tyre",
    title: "Compound and age in laps",
    help: "u: used when fitted",
    fields: ["compound"],
    ch: 3,
    px: 30
  },
  { name: "stints", head: "Before", title: "Sets of tyres before this one", fields: [], table: "stints", ch: 0, px: 72 },
  { name: "stops", head: "Stops", title: "Pit stops", fields: ["stops"], only: RACE, ch: 0, px: 36 },
  {
    name: "pit_lane",
    head: "Lane",
    title: "Seconds in the pit lane, the latest time",
    fields: ["last_pit_lane_s"],
    only: RACE,
    ch: 4,
    px: 14
  },
  {
    name: "stewards",
    head: "Stewards",
    title: "What the stewards say",
    help: "incidents noted or under investigation, warnings and penalties",
    fields: [],
    table: "stewards",
    ch: 0,
    px: 62
  },
  { name: "state", head: "State", title: "Hot lap, out lap, pit lane, retired", fields: ["state"], ch: 7, px: 18 }
];
var ALL_NAMES = COLUMNS.map((c) => c.name);
var FIRST_TO_GO = [
  ["ideal"],
  ["speed_i1", "speed_i2", "speed_fl"],
  ["speed_st"],
  ["mini_sectors"],
  ["lap"],
  ["pit_lane"],
  ["stints"],
  ["gained"],
  ["stewards"]
];
var SECTORS = ["sector_1", "sector_2", "sector_3"];
var NOT_NARROW = ["best", "stops"];
var LAST_TO_GO = ["last", "tyre", "q1", "q2", "q3", "cutoff"];
var SPARED_PX = 24;
var widthOf = (names, ch) => [...FIXED, ...COLUMNS.filter((c) => names.includes(c.name))].reduce((width, c) => width + c.ch * ch + c.px, 0);
function fitting(wanted, width, ch, which) {
  let columns = ALL_NAMES.filter((name) => wanted.includes(name));
  let spared = 0;
  const fits = () => widthOf(columns, ch) - spared <= width;
  const without = (names) => columns.filter((name) => !names.includes(name));
  const parts = columns.filter((name) => /^q\d$/.test(name));
  const next = [...parts.slice(0, -1).map((name) => [name]), ...parts.length ? [["last"]] : [], SECTORS, ["compare"]];
  for (const names of [...FIRST_TO_GO, ...next]) if (!fits()) columns = without(names);
  const isNarrow = !fits();
  if (isNarrow) {
    spared = SPARED_PX;
    columns = without(NOT_NARROW);
  }
  const hasSwitch = !fits() && columns.includes("gap") && columns.includes("interval");
  if (hasSwitch) columns = without([which === "gap" ? "interval" : "gap"]);
  for (const name of LAST_TO_GO) if (!fits()) columns = without([name]);
  return { columns, hasSwitch, isNarrow };
}
function available(log, kind, hasGrid, tables) {
  return COLUMNS.filter((c) => {
    if (c.only && !c.only.includes(kind)) return false;
    if (c.name === "gained" && !hasGrid) return false;
    return c.table ? tables.includes(c.table) : c.fields.some((field) => log.has(field));
  }).map((c) => c.name);
}
var hasSense = (name, part2) => name === "cutoff" ? part2 < 3 : !/^q\d$/.test(name) || Number(name[1]) <= part2;
var inOrder = (names) => ALL_NAMES.filter((name) => names.includes(name));

// src/timing_table/compare.ts
var LAPS = 5;
var AT_LEAST = 3;
function onTheRoad(row, other, rows) {
  const laps = row.gap_laps - other.gap_laps;
  if (laps) return { time_s: null, laps };
  const [own, others] = [gapOf(row), gapOf(other)];
  if (own != null && others != null && !row.gap_laps) return { time_s: own - others, laps: 0 };
  const [i, k] = [rows.indexOf(row), rows.indexOf(other)];
  const between = rows.slice(Math.min(i, k) + 1, Math.max(i, k) + 1);
  const isKnown = between.every((car) => car.interval_s != null && !car.interval_laps);
  const sum = between.reduce((s, car) => s + (car.interval_s ?? 0), 0);
  return { time_s: isKnown ? Math.sign(i - k) * sum : null, laps: 0 };
}
var gapOf = (row) => row.position === 1 ? 0 : row.gap_s;
function byTime(own_s, other_s) {
  return { time_s: own_s == null || other_s == null ? null : own_s - other_s, laps: 0 };
}
function trend(log, driver, other, time_s, laps = LAPS) {
  const { times } = log.changes(driver, "lap");
  const end = lastAt(times, time_s);
  const differences = [];
  for (let i = Math.max(0, end - laps); i <= end; i++) differences.push(differenceAt(log, driver, other, times[i]));
  const steps = [];
  for (let i = 1; i < differences.length; i++) {
    const [before, now] = [differences[i - 1], differences[i]];
    if (before != null && now != null) steps.push(now - before);
  }
  if (steps.length < Math.min(AT_LEAST, laps)) return null;
  steps.sort((a, b) => a - b);
  const middle = steps.length >> 1;
  return steps.length % 2 ? steps[middle] : (steps[middle - 1] + steps[middle]) / 2;
}
function differenceAt(log, driver, other, time_s) {
  const gap2 = (d) => {
    if (log.at(d, "gap_laps", time_s).value) return null;
    return log.at(d, "position", time_s).value === 1 ? 0 : log.at(d, "gap_s", time_s).value;
  };
  const [own, others] = [gap2(driver), gap2(other)];
  return own == null || others == null ? null : own - others;
}
var CATCHING_S = -0.1;
function isCatching(log, row, ahead, time_s) {
  if (!ahead || row.state !== "running" || ahead.state !== "running" || row.interval_laps) return false;
  const said = log.at(row.driver, "is_catching", time_s).value;
  if (said != null) return said === 1;
  const rate = trend(log, row.driver, ahead.driver, time_s, AT_LEAST);
  return rate != null && rate <= CATCHING_S;
}

// src/timing_table/deleted.ts
var TOLD_S = 20;
var SAME_S = 15e-4;
var DeletedLaps = class {
  byDriver = /* @__PURE__ */ new Map();
  constructor(table) {
    const number = (name) => table.number(name);
    const [start, end, time, from, until] = ["start_time_s", "end_time_s", "lap_time_s", "deleted_at_s", "reinstated_at_s"].map(
      number
    );
    const [driver, reason2] = [table.text("driver"), table.text("deleted_reason")];
    for (let i = 0; i < table.rows; i++) {
      const own = this.byDriver.get(driver[i] ?? "") ?? [];
      this.byDriver.set(driver[i] ?? "", own);
      own.push({
        start_s: start[i],
        end_s: end[i],
        lap_time_s: time[i],
        from_s: from[i],
        until_s: Number.isNaN(until[i]) ? Number.POSITIVE_INFINITY : until[i],
        reason: reason2[i] ?? "no reason given"
      });
    }
  }
  /** The laps of a driver that do not count at a moment. */
  at(driver, time_s) {
    return (this.byDriver.get(driver) ?? []).filter((lap) => lap.from_s <= time_s && time_s < lap.until_s);
  }
};
function reasonOf(laps, time_s, since_s) {
  const isIt = (lap) => Math.abs(lap.lap_time_s - (time_s ?? Number.NaN)) < SAME_S && since_s >= lap.end_s - 1 && since_s < lap.end_s + TOLD_S;
  return laps.find(isIt)?.reason ?? null;
}
var isOfDeleted = (laps, since_s) => laps.some((lap) => lap.start_s < since_s && since_s <= lap.end_s + 1);

// src/timing_table/mini_sectors.ts
var MiniSectors = class {
  /** how many each sector has */
  counts = [0, 0, 0];
  rowsOf = /* @__PURE__ */ new Map();
  time = new Float64Array();
  mark = [];
  constructor(table) {
    this.take(table, 0);
  }
  /** Take what is new in the table: its rows from this one on. */
  take(table, from) {
    for (const sectors of this.rowsOf.values())
      for (const rows of sectors.flat()) while (rows.length && rows[rows.length - 1] >= from) rows.pop();
    this.time = table.number("time_s");
    this.mark = table.text("mark");
    const driver = table.text("driver");
    const [sector3, place2] = [table.number("sector"), table.number("mini_sector")];
    for (let i = from; i < table.rows; i++) {
      let sectors = this.rowsOf.get(driver[i] ?? "");
      if (!sectors) {
        sectors = [[], [], []];
        this.rowsOf.set(driver[i] ?? "", sectors);
      }
      const places = sectors[sector3[i] - 1];
      while (places.length < place2[i]) places.push([]);
      places[place2[i] - 1].push(i);
      this.counts[sector3[i] - 1] = Math.max(this.counts[sector3[i] - 1], place2[i]);
    }
  }
  /** The three sectors of a car at a moment. */
  at(driver, time_s) {
    const sectors = this.rowsOf.get(driver) ?? [];
    return this.counts.map((n, s) => Array.from({ length: n }, (_, place2) => this.pace(sectors[s]?.[place2] ?? [], time_s)));
  }
  pace(rows, time_s) {
    let lo = -1;
    let hi = rows.length;
    while (hi - lo > 1) {
      const mid = lo + hi >> 1;
      if (this.time[rows[mid]] <= time_s) lo = mid;
      else hi = mid;
    }
    return lo < 0 ? "none" : this.mark[rows[lo]] ?? "none";
  }
};

// src/timing_table/records.ts
var SECTORS2 = ["sector_1_time_s", "sector_2_time_s", "sector_3_time_s"];
var SPEEDS = ["speed_i1_kmh", "speed_i2_kmh", "speed_fl_kmh", "speed_st_kmh"];
var Records = class {
  own = /* @__PURE__ */ new Map();
  overall = /* @__PURE__ */ new Map();
  constructor(log, deleted, time_s) {
    for (const driver of log.drivers) {
      const laps = deleted.at(driver, time_s);
      const values = /* @__PURE__ */ new Map();
      this.own.set(driver, values);
      for (const field of [...SECTORS2, ...SPEEDS]) {
        const { times, values: all } = log.changes(driver, field);
        const isSector = field.startsWith("sector");
        let best2 = Number.NaN;
        for (let i = 0; i < times.length && times[i] <= time_s; i++) {
          const isBetter = isSector ? !(all[i] >= best2) : !(all[i] <= best2);
          if (isBetter && !Number.isNaN(all[i]) && !(isSector && isOfDeleted(laps, times[i]))) best2 = all[i];
        }
        if (Number.isNaN(best2)) continue;
        values.set(field, best2);
        const first = this.overall.get(field);
        if (!first || (isSector ? best2 < first.value : best2 > first.value)) this.overall.set(field, { value: best2, driver });
      }
    }
  }
  of(driver, field) {
    return this.own.get(driver)?.get(field) ?? null;
  }
  best(field) {
    return this.overall.get(field) ?? null;
  }
  /** The best sectors of a driver put together; of all without one. */
  ideal(driver) {
    const parts = SECTORS2.map((field) => driver ? this.of(driver, field) : this.best(field)?.value);
    return parts.every((s) => s != null) ? parts.reduce((sum, s) => sum + s, 0) : null;
  }
};

// src/timing_table/qualifying.ts
var AT_PACE = 1.07;
var TOLD_S2 = 3;
var OUT_LAP = CAR_STATES.indexOf("out_lap");
var partField = (part2) => `q${part2}_time_s`;
function partAt(status, log, time_s) {
  const names = status.text("status");
  const end = lastAt(status.number("time_s"), time_s);
  let part2 = 0;
  for (let i = 0; i <= end; i++) if (names[i] === "started" && names[i - 1] !== "aborted") part2++;
  if (part2 || status.rows) return Math.min(3, Math.max(1, part2));
  if (!log.has(partField(1))) return 0;
  const hasTimes = (n) => log.drivers.some((d) => log.at(d, partField(n), time_s).value != null);
  return hasTimes(3) ? 3 : hasTimes(2) ? 2 : 1;
}
var cutOf = (part2, cuts) => part2 < 3 ? cuts[part2 - 1] : null;
var partTimes = (log, driver, time_s) => [1, 2, 3].map((part2) => log.at(driver, partField(part2), time_s).value);
function knockedOutIn(row, log, part2, cuts, time_s) {
  const place2 = row.position ?? Number.POSITIVE_INFINITY;
  const isSaid = log.at(row.driver, "is_knocked_out", time_s).value === 1;
  if (place2 > cuts[0] && (part2 > 1 || isSaid)) return 1;
  return place2 > cuts[1] && (part2 > 2 || isSaid) ? 2 : null;
}
function cutoff(place2, own_s, cut, times) {
  const isSafe = place2 != null && place2 <= cut;
  const other_s = (isSafe ? times[cut] : times[cut - 1]) ?? null;
  if (own_s == null) return { margin_s: null, target_s: isSafe ? null : other_s };
  return { margin_s: other_s == null ? null : other_s - own_s, target_s: null };
}
function leftAt(log, driver, time_s) {
  const { times, values } = log.changes(driver, "state");
  for (let i = lastAt(times, time_s); i >= 0; i--) if (values[i] === OUT_LAP) return times[i];
  return Number.NEGATIVE_INFINITY;
}
function isOnOutLap(log, row, time_s) {
  if (row.state === "out_lap") return true;
  return row.state === "running" && leftAt(log, row.driver, time_s) >= log.at(row.driver, "lap", time_s).since - 1;
}
function wasOnOutLap(log, driver, since_s) {
  const { times } = log.changes(driver, "lap");
  const before = lastAt(times, since_s) - 1;
  return before >= 0 && leftAt(log, driver, since_s) >= times[before] - 1;
}
function hotLap(log, row, records, time_s) {
  if (row.state !== "running" || isOnOutLap(log, row, time_s)) return null;
  const since_s = log.at(row.driver, "lap", time_s).since;
  if (Number.isNaN(since_s)) return null;
  let limit_s = TOLD_S2;
  let done = 0;
  for (const field of SECTORS2) {
    const best_s = records.best(field)?.value;
    const { value, since } = log.at(row.driver, field, time_s);
    if (best_s == null) return done;
    if (value == null || since <= since_s) {
      limit_s += AT_PACE * best_s;
      break;
    }
    if (value > AT_PACE * best_s) return null;
    limit_s += value;
    done++;
  }
  if (time_s - since_s > limit_s) return null;
  if (done) return done;
  const ideal_s = records.ideal();
  const wasAtPace = row.last.time_s != null && ideal_s != null && row.last.time_s <= AT_PACE * ideal_s;
  return wasAtPace && !wasOnOutLap(log, row.driver, since_s) ? null : 0;
}

// src/timing_table/stewards.ts
var KINDS = ["penalty", "investigation", "after_session", "noted", "warning"];
var Stewards = class {
  all = /* @__PURE__ */ new Map();
  constructor(table) {
    const [from, until] = [table.number("time_s"), table.number("until_s")];
    const [driver, kind, penalty, text] = ["driver", "kind", "penalty", "text"].map((c) => table.text(c));
    for (let i = 0; i < table.rows; i++) {
      const own = this.all.get(driver[i] ?? "") ?? [];
      this.all.set(driver[i] ?? "", own);
      const until_s = Number.isNaN(until[i]) ? Number.POSITIVE_INFINITY : until[i];
      own.push({ from_s: from[i], until_s, matter: { kind: kind[i] ?? "", penalty: penalty[i], text: text[i] ?? "" } });
    }
  }
  /** What stands at a moment, the gravest first and of those the latest. */
  at(driver, time_s) {
    const standing = (this.all.get(driver) ?? []).filter((m) => m.from_s <= time_s && time_s < m.until_s);
    const rank = (m) => KINDS.indexOf(m.kind);
    return standing.map(({ matter }) => matter).filter((m) => rank(m) >= 0).reverse().sort((a, b) => rank(a) - rank(b));
  }
};

// src/timing_table/stints.ts
var Stints = class {
  rowsOf = /* @__PURE__ */ new Map();
  compound;
  fresh;
  time;
  lap;
  age;
  constructor(table) {
    this.compound = table.text("compound");
    [this.fresh, this.time, this.lap, this.age] = ["fresh_tyre", "time_s", "lap", "age_laps"].map((c) => table.number(c));
    table.text("driver").forEach((driver, i) => {
      const own = this.rowsOf.get(driver ?? "") ?? [];
      own.push(i);
      this.rowsOf.set(driver ?? "", own);
    });
  }
  /** Those of a car until a moment, the one that is on last: how many laps that has is in the change log. */
  at(driver, time_s) {
    const rows = (this.rowsOf.get(driver) ?? []).filter((row) => this.time[row] <= time_s);
    return rows.map((row, i) => ({
      compound: this.compound[row],
      isFresh: Number.isNaN(this.fresh[row]) ? null : this.fresh[row] === 1,
      before: this.age[row] || 0,
      laps: i + 1 < rows.length ? this.lap[rows[i + 1]] - this.lap[row] : null
    }));
  }
};

// src/timing_table/board.ts
var READ = ["timing", "status", "session_status", "mini_sectors", "stints", "deleted_laps", "stewards"];
var Board = class {
  kind;
  log;
  tables;
  drivers;
  cuts;
  minis;
  statuses = [];
  deleted;
  stints;
  stewards;
  constructor(tables, drivers) {
    this.tables = tables;
    this.drivers = drivers;
    this.kind = kindOf(tables.session.text("session")[0]);
    this.cuts = [tables.session.number("q2_cars")[0], tables.session.number("q3_cars")[0]];
    this.log = new TimingLog(tables.timing, drivers.keys());
    this.minis = new MiniSectors(tables.mini_sectors);
    this.readSmall();
  }
  /** Take what is new: the first row that differs of each table that has grown. */
  take(from) {
    if ("timing" in from) this.log.take(this.tables.timing, from.timing);
    if ("mini_sectors" in from) this.minis.take(this.tables.mini_sectors, from.mini_sectors);
    this.readSmall();
  }
  readSmall() {
    this.statuses = readStatus(this.tables.status);
    this.deleted = new DeletedLaps(this.tables.deleted_laps);
    this.stints = new Stints(this.tables.stints);
    this.stewards = new Stewards(this.tables.stewards);
  }
  get isRace() {
    return this.kind === "race";
  }
  /** The columns that these data can fill. */
  columns() {
    const hasGrid = [...this.drivers.values()].some((d) => d.grid != null);
    const filled = Object.keys(this.tables).filter((name) => this.tables[name].rows > 0);
    return available(this.log, this.kind, hasGrid, filled);
  }
  partAt(time_s) {
    return this.kind === "qualifying" ? partAt(this.tables.session_status, this.log, time_s) : 0;
  }
  /** Every car in order. `since_s`: arrows show who has changed place since then; `other`: with whom to compare. */
  at(time_s, since_s, other) {
    const { log, isRace, kind } = this;
    const rows = log.rows(time_s, isRace);
    const records = new Records(log, this.deleted, time_s);
    const part2 = this.partAt(time_s);
    const cut = part2 ? cutOf(part2, this.cuts) : null;
    const parts = new Map(rows.map((row) => [row.driver, part2 ? partTimes(log, row.driver, time_s) : []]));
    const bestOfParts = [0, 1, 2].map((n) => least([...parts.values()].map((times) => times[n] ?? null)));
    const timesByPlace = rows.map((row) => parts.get(row.driver)?.[part2 - 1] ?? null);
    const fastest_s = least(rows.map((row) => row.best.time_s));
    const fastest = rows.filter((row) => row.best.time_s != null && row.best.time_s === fastest_s).sort((a, b) => Number(b.best.mark === "best") - Number(a.best.mark === "best"))[0];
    const compared = rows.find((row) => row.driver === other);
    const moment = {
      time_s,
      status: statusAt(this.statuses, time_s).status,
      kind,
      isRace,
      part: part2,
      cut,
      records,
      best_s: least([fastest_s, ...bestOfParts]),
      other: compared?.driver ?? null,
      bestOfParts
    };
    const cars = rows.map((row, i) => {
      const { driver } = row;
      const laps = this.deleted.at(driver, time_s);
      const whyNot = (field) => {
        const { value, since } = laps.length ? log.at(driver, field, time_s) : { value: null, since: Number.NaN };
        return reasonOf(laps, value, since);
      };
      const own = parts.get(driver) ?? [];
      const outIn = part2 ? knockedOutIn(row, log, part2, this.cuts, time_s) : null;
      const isIn = cut != null && row.position != null && row.position <= cut;
      const fate = outIn ? "out" : cut == null ? null : isIn ? "safe" : "drop";
      return {
        ...row,
        grid: this.drivers.get(driver)?.grid ?? null,
        moved: isRace ? log.moved(driver, since_s, time_s) : 0,
        isCatching: moment.status === "clear" && isRace && isCatching(log, row, rows[i - 1], time_s),
        isFastest: row === fastest,
        lastDeleted: whyNot("last_lap_time_s"),
        bestDeleted: whyNot("best_lap_time_s"),
        speeds: SPEEDS.map((field) => log.at(driver, field, time_s).value),
        miniSectors: this.minis.at(driver, time_s),
        stints: this.stints.at(driver, time_s),
        pitLane_s: log.at(driver, "last_pit_lane_s", time_s).value,
        matters: this.stewards.at(driver, time_s),
        comparison: compared && compared !== row ? this.compare(row, compared, rows, parts, time_s) : null,
        parts: own,
        partsDeleted: own.map((_, n) => whyNot(`q${n + 1}_time_s`)),
        fate,
        outIn,
        cutoff: cut == null || outIn ? null : cutoff(row.position, own[part2 - 1], cut, timesByPlace),
        isOnOutLap: !isRace && isOnOutLap(log, row, time_s),
        hot: part2 ? hotLap(log, row, records, time_s) : null
      };
    });
    return { moment, cars };
  }
  compare(row, other, rows, parts, time_s) {
    if (this.isRace) {
      if (row.isOut || other.isOut) return null;
      return { difference: onTheRoad(row, other, rows), trend: trend(this.log, row.driver, other.driver, time_s) };
    }
    const [own, others] = [parts.get(row.driver) ?? [], parts.get(other.driver) ?? []];
    const n = own.findLastIndex((time, i) => time != null && others[i] != null);
    const difference = n < 0 ? byTime(row.best.time_s, other.best.time_s) : byTime(own[n], others[n]);
    return { difference, trend: null };
  }
};
function least(values) {
  const known = values.filter((v) => v != null);
  return known.length ? Math.min(...known) : null;
}

// src/timing_table/cells.ts
var none = `<span class="f1nb-none">${NONE}</span>`;
var seconds = (s) => s.toFixed(3);
var MEANINGS = { best: "best of the session", personal: "personal best", slower: "no improvement" };
var figure = (text, mark2, title) => `<span class="f1nb-t"${mark2 ? ` data-k="${mark2}"` : ""}${title ? ` title="${esc(title)}"` : ""}>${text}</span>`;
function marked({ time_s, mark: mark2 }, write, title = "") {
  if (time_s == null) return none;
  return figure(write(time_s), mark2, [mark2 && MEANINGS[mark2], title].filter(Boolean).join("; "));
}
var struck = (time_s, reason2) => `<s class="f1nb-deleted" title="${esc(`deleted: ${reason2.toLowerCase()}`)}">${lapTime(time_s)}</s>`;
var arrow = (places) => places ? `<span class="f1nb-mv" data-k="${places > 0 ? "up" : "down"}">${places > 0 ? "▴" : "▾"}</span>` : "";
function gained(car) {
  if (car.position == null || car.grid == null) return none;
  const places = car.grid - car.position;
  return `${arrow(places)}${Math.abs(places)}`;
}
function behind(laps, time_s, isFirst, first) {
  if (isFirst) return first;
  if (laps > 0) return lapsDown(laps);
  return time_s == null ? none : gap(time_s);
}
var aged = (row, html) => row.isGapStale ? `<span class="f1nb-stale" title="measured before the gaps around it">${html}</span>` : html;
function leader(row, { isRace }) {
  if (isRace) return '<span class="f1nb-lead">Leader</span>';
  return row.best.time_s == null ? none : '<span class="f1nb-lead">Fastest</span>';
}
var isClose = (row, { status, isRace }) => isRace && !row.isGapStale && status === "clear" && row.state === "running" && row.interval_laps === 0 && (row.interval_s ?? 2) <= 1;
function interval(car, moment) {
  const text = behind(car.interval_laps, car.interval_s, car.position === 1, "");
  if (car.position === 1) return text;
  const closing = car.isCatching ? '<span class="f1nb-closing" title="catching the car ahead">▸</span>' : "";
  return closing + (isClose(car, moment) ? `<span class="f1nb-close" title="within a second">${text}</span>` : text);
}
function compare(car, { other, isRace }) {
  const button = (html, title) => `<button type="button" class="f1nb-vs" tabindex="-1" title="${esc(title)}">${html}</button>`;
  if (car.driver === other) return button(`<b>${esc(car.driver)}</b>`, "the others are compared with this car");
  const offer = `compare the others with ${car.driver} (key c)`;
  const found = car.comparison;
  const { time_s, laps } = found?.difference ?? { time_s: null, laps: 0 };
  if (!found || time_s == null && !laps) return button(none, offer);
  const text = laps ? `${laps < 0 ? "−" : "+"}${lapsDown(Math.abs(laps)).slice(1)}` : gap(time_s);
  const rate = found.trend;
  if (rate == null || laps) return button(isRace ? `${text}<span class="f1nb-trend"></span>` : text, offer);
  const size = Math.abs(rate).toFixed(Math.abs(rate) < 10 ? 2 : 0);
  if (size === "0.00") return button(`${text}<span class="f1nb-trend">=</span>`, `as fast as ${other}; ${offer}`);
  const gains = rate < 0;
  const words = `${gains ? "gains" : "loses"} ${Math.abs(rate).toFixed(3)} s a lap ${gains ? "on" : "to"} ${other}`;
  const sign = `<span class="f1nb-trend" data-k="${gains ? "up" : "down"}">${gains ? "▴" : "▾"}${size}</span>`;
  return button(`${text}${sign}`, `${words}; ${offer}`);
}
function toCut(car) {
  if (!car.cutoff) return "";
  const { margin_s, target_s } = car.cutoff;
  if (target_s != null) return `<span class="f1nb-need" title="the time to beat">${lapTime(target_s)}</span>`;
  if (margin_s == null) return none;
  return car.fate === "drop" ? `<span class="f1nb-need" title="has to find so much to go on">${gap(margin_s)}</span>` : `<span title="faster than the first that does not go on">${gap(margin_s)}</span>`;
}
function partTime(car, n, { bestOfParts }) {
  const time_s = car.parts[n - 1];
  if (time_s == null) return car.outIn != null && car.outIn < n ? "" : none;
  const reason2 = car.partsDeleted[n - 1];
  if (reason2) return struck(time_s, reason2);
  const mark2 = time_s === bestOfParts[n - 1] ? "best" : null;
  return figure(lapTime(time_s), mark2, mark2 ? `best of part ${n}` : "");
}
var WAITED = 2;
function last(car, { isRace, best_s }) {
  const { time_s } = car.last;
  if (time_s != null && car.lastDeleted) return struck(time_s, car.lastDeleted);
  const hasWaited = !isRace && time_s != null && best_s != null && time_s > WAITED * best_s;
  return hasWaited ? none : marked(car.last, lapTime);
}
function best(car) {
  if (car.best.time_s == null) return none;
  if (car.bestDeleted) return struck(car.best.time_s, car.bestDeleted);
  return marked({ ...car.best, mark: car.isFastest ? "best" : null }, lapTime);
}
function ideal(car, { records }) {
  const time_s = records.ideal(car.driver);
  if (time_s == null) return none;
  const lost = car.best.time_s == null ? "" : `${(car.best.time_s - time_s).toFixed(3)} s better than the best lap`;
  return figure(lapTime(time_s), time_s <= (records.ideal() ?? 0) ? "best" : null, lost);
}
function sector2(car, n, { records }) {
  const field = SECTORS2[n];
  const [own, all] = [records.of(car.driver, field), records.best(field)];
  const title = [own && `own best ${seconds(own)}`, all && `best of all ${seconds(all.value)} by ${all.driver}`];
  return marked(car.sectors[n], seconds, title.filter(Boolean).join("; "));
}
var NAMES = { slower: "slower", personal: "own best", best: "best of all", pit_lane: "pit lane", stopped: "stopped" };
var HEIGHTS = { none: 2, slower: 6, personal: 10, best: 14, pit_lane: 4, stopped: 14 };
var STEP = 4;
var BETWEEN = 3;
function miniSectors(car) {
  const paths = /* @__PURE__ */ new Map();
  const counts = /* @__PURE__ */ new Map();
  let x = 0;
  for (const places of car.miniSectors) {
    for (const pace of places) {
      counts.set(pace, (counts.get(pace) ?? 0) + 1);
      const height = HEIGHTS[pace];
      paths.set(pace, `${paths.get(pace) ?? ""}M${x} ${14 - height}h3v${height}h-3z`);
      x += STEP;
    }
    x += BETWEEN;
  }
  const words = Object.entries(NAMES).flatMap(([pace, name]) => {
    const n = counts.get(pace);
    return n ? `${n} ${name}` : [];
  });
  const label = `Mini-sectors of this lap: ${words.join(", ") || "none"}`;
  const html = [...paths].map(([pace, d]) => `<path data-k="${pace}" d="${d}"/>`).join("");
  return `<svg class="f1nb-minis" viewBox="0 0 ${x - BETWEEN} 14" preserveAspectRatio="none" role="img" aria-label="${label}">${html}</svg>`;
}
function trap(car, n, { records }) {
  const value = car.speeds[n];
  if (value == null) return none;
  const [own, all] = [records.of(car.driver, SPEEDS[n]), records.best(SPEEDS[n])];
  const mark2 = value === all?.value ? "best" : value === own ? "personal" : null;
  const title = [own && `own best ${own}`, all && `fastest of all ${all.value} by ${all.driver}`].filter(Boolean).join("; ");
  return figure(String(value), mark2, title);
}
var history = ({ compound, isFresh, before, laps }) => [compound?.toLowerCase() ?? "tyre unknown", laps != null && `${laps} laps`, isFresh === false && `used, ${before} before`].filter(Boolean).join(", ");
function tyres(car) {
  if (!car.compound) return none;
  const isUsed = car.stints.at(-1)?.isFresh === false;
  const title = isUsed ? ` title="${esc(history({ ...car.stints.at(-1), laps: null }))}"` : "";
  const sign = isUsed ? '<span class="f1nb-used">u</span>' : "";
  return `<span${title}>${tyre(car.compound, car.tyre_age_laps)}${sign}</span>`;
}
var RINGS = 4;
function stints(car) {
  const before = car.stints.slice(0, -1);
  if (!before.length) return "";
  const rings = before.slice(-RINGS).map((stint) => {
    const letters = compoundLetters(stint.compound);
    return `<span class="f1nb-tyre is-small" data-c="${letters}"><abbr title="${esc(history(stint))}">${letters}</abbr></span>`;
  });
  return `<span class="f1nb-rings" title="${esc(before.map(history).join("; "))}">${rings.join("")}</span>`;
}
var chip = (kind, text, title = "") => `<span class="f1nb-chip" data-k="${kind}"${title ? ` title="${esc(title)}"` : ""}>${text}</span>`;
function signOf({ kind, penalty }) {
  switch (kind) {
    case "penalty":
      return ["penalty", penalty && /^\d+ s$/.test(penalty) ? `+${penalty}` : SHORT[penalty ?? ""] || "PENALTY"];
    case "warning":
      return ["warning", "B/W"];
    case "noted":
      return ["noted", "NOTED"];
    default:
      return ["investigation", kind === "after_session" ? "LATER" : "INV."];
  }
}
var SHORT = { "drive through": "DRIVE T.", "stop and go": "STOP GO", disqualified: "DSQ" };
function stewards({ matters }) {
  if (!matters.length) return "";
  const [look, text] = signOf(matters[0]);
  const more = matters.length > 1 ? `<small>+${matters.length - 1}</small>` : "";
  return chip(look, `${esc(text)}${more}`, matters.map((m) => m.text).join("\n"));
}
function state(car, { time_s }) {
  if (car.outIn != null && (car.state === "garage" || car.state === "grid")) return chip("out", `OUT Q${car.outIn}`);
  if (car.hot != null) return chip("hot", `HOT S${Math.min(3, car.hot + 1)}`, "on a lap at pace");
  if (car.isOnOutLap) return chip("outlap", "OUT LAP");
  switch (car.state) {
    case "pit":
      return chip("pit", `PIT ${ago(time_s - car.state_since_s)}`);
    case "out_lap":
      return chip("outlap", "OUT LAP");
    case "stopped":
      return chip("stopped", "STOPPED");
    case "retired":
      return chip("out", car.lap == null ? "OUT" : `OUT L${car.lap}`);
    case "finished":
      return chip("out", "FINISH");
    case "garage":
      return chip("out", "GARAGE");
    case "grid":
      return chip("out", "GRID");
    case "running":
      return "";
  }
}
var WRITE = {
  gained,
  lap: ({ lap }) => lap == null ? none : String(lap),
  gap: (car, moment) => aged(car, behind(car.gap_laps, car.gap_s, car.position === 1, leader(car, moment))),
  interval: (car, moment) => aged(car, interval(car, moment)),
  compare,
  cutoff: toCut,
  q1: (car, moment) => partTime(car, 1, moment),
  q2: (car, moment) => partTime(car, 2, moment),
  q3: (car, moment) => partTime(car, 3, moment),
  last,
  best,
  ideal,
  sector_1: (car, moment) => sector2(car, 0, moment),
  sector_2: (car, moment) => sector2(car, 1, moment),
  sector_3: (car, moment) => sector2(car, 2, moment),
  mini_sectors: miniSectors,
  speed_i1: (car, moment) => trap(car, 0, moment),
  speed_i2: (car, moment) => trap(car, 1, moment),
  speed_fl: (car, moment) => trap(car, 2, moment),
  speed_st: (car, moment) => trap(car, 3, moment),
  tyre: tyres,
  stints,
  stops: ({ stops }) => String(stops),
  pit_lane: ({ pitLane_s }) => pitLane_s == null ? none : pitLane_s.toFixed(1),
  stewards,
  state
};
var OF_RUNNING = /* @__PURE__ */ new Set([
  ...["gained", "gap", "interval", "compare", "last", "sector_1", "sector_2", "sector_3", "mini_sectors"],
  ...["speed_i1", "speed_i2", "speed_fl", "speed_st"]
]);
var OF_PART = /* @__PURE__ */ new Set(["gap", "cutoff", "last", "sector_1", "sector_2", "sector_3", "mini_sectors"]);
function cells(car, moment, columns) {
  const isGone = moment.isRace && car.isOut;
  const html = {
    position: isGone || car.position == null ? none : `${arrow(car.moved)}${car.position}`
  };
  const isEmpty = (name) => isGone && OF_RUNNING.has(name) || car.fate === "out" && OF_PART.has(name);
  for (const name of columns) html[name] = isEmpty(name) ? "" : WRITE[name](car, moment);
  const hasRoom = html.state === "" || car.state === "finished";
  if (html.state != null && hasRoom && !columns.includes("stewards")) html.state = stewards(car) || html.state;
  return html;
}
function bests(cars, { records, part: part2, bestOfParts }, columns) {
  const by = (value, driver, title) => `<span title="${esc(title)}">${value}<small>${esc(driver)}</small></span>`;
  const html = {};
  bestOfParts.forEach((time_s, n) => {
    const holder = cars.find((car) => time_s != null && car.parts[n] === time_s);
    if (holder) html[`q${n + 1}`] = by(lapTime(time_s), holder.driver, `best of part ${n + 1}, by ${holder.driver}`);
  });
  const fastest = part2 ? void 0 : cars.find((car) => car.isFastest);
  if (fastest)
    html[columns.includes("best") ? "best" : "last"] = by(
      lapTime(fastest.best.time_s),
      fastest.driver,
      `fastest lap, by ${fastest.driver}`
    );
  SECTORS2.forEach((field, n) => {
    const found = records.best(field);
    if (found) html[`sector_${n + 1}`] = by(seconds(found.value), found.driver, `best sector ${n + 1}, by ${found.driver}`);
  });
  SPEEDS.forEach((field) => {
    const found = records.best(field);
    if (found) html[field.replace("_kmh", "")] = by(String(found.value), found.driver, `fastest, by ${found.driver}`);
  });
  const ideal_s = records.ideal();
  if (ideal_s != null) html.ideal = by(lapTime(ideal_s), "all", "the best sectors of all put together");
  return html;
}
function summary(rows, isRace) {
  const count = (test, words) => {
    const n = rows.filter(test).length;
    return n ? `${n} ${words}` : "";
  };
  const isDriving = ({ state: s }) => s === "running" || s === "out_lap" || isRace && (s === "pit" || s === "garage");
  return [
    count(({ state: s }) => s === "grid", "on the grid"),
    count(isDriving, isRace ? "running" : "on track"),
    count(({ state: s }) => s === "finished", "finished"),
    count(({ state: s }) => s === "pit", "in the pit lane"),
    count(({ state: s }) => s === "garage", "in the garage"),
    count((row) => row.isOut, "out")
  ].filter(Boolean).join(", ");
}

// src/timing_table/layouts.ts
var TIMES = ["last", "best", "sector_1", "sector_2", "sector_3"];
var SPEEDS2 = ["speed_i1", "speed_i2", "speed_fl", "speed_st"];
var LAYOUTS = {
  race: inOrder([
    "gained",
    "gap",
    "interval",
    ...TIMES,
    "mini_sectors",
    "tyre",
    "stints",
    "stops",
    "pit_lane",
    "stewards",
    "state"
  ]),
  qualifying: inOrder(["gap", "cutoff", "q1", "q2", "q3", ...TIMES, "mini_sectors", "tyre", "stewards", "state"]).filter(
    (name) => name !== "best"
  ),
  practice: inOrder(["lap", "gap", ...TIMES, "mini_sectors", "speed_st", "tyre", "stints", "state"])
};
var PRESETS = [
  ["Race", LAYOUTS.race],
  ["Qualifying", LAYOUTS.qualifying],
  ["Practice", LAYOUTS.practice],
  ["Sectors", inOrder([...TIMES, "ideal", "mini_sectors", ...SPEEDS2, "tyre", "state"])],
  ["Everything", COLUMNS.map((c) => c.name)]
];
var keyOf = (kind, given) => `f1nb:timing-columns:${kind}:${given?.join() ?? ""}`;
function remembered(kind, given) {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(kind, given)) ?? "null");
    return Array.isArray(kept) ? inOrder(kept) : null;
  } catch {
    return null;
  }
}
function remember(kind, given, chosen) {
  try {
    localStorage.setItem(keyOf(kind, given), JSON.stringify(chosen));
  } catch {
    return;
  }
}

// src/timing_table/choice.ts
var givenTo = /* @__PURE__ */ new WeakMap();
var ColumnChoice = class {
  model;
  kind;
  chosen;
  constructor(model, kind) {
    this.model = model;
    this.kind = kind;
    if (!givenTo.has(model)) givenTo.set(model, model.get("columns"));
    this.chosen = remembered(kind, this.given);
  }
  get given() {
    return givenTo.get(this.model) ?? null;
  }
  get wanted() {
    return this.chosen ?? this.given ?? LAYOUTS[this.kind];
  }
  /** The viewer chooses; the kernel hears of it. */
  choose(names) {
    this.chosen = names;
    remember(this.kind, this.given, names);
    this.model.set("columns", names);
    this.model.save_changes();
  }
  /** The trait has changed: unless the viewer has changed it, it is an author's word, which holds. */
  hear() {
    const columns = this.model.get("columns");
    if (columns?.join() === this.chosen?.join()) return;
    givenTo.set(this.model, columns);
    this.chosen = null;
  }
};

// src/shared/popover.ts
var MARGIN = 8;
function place(button, size, screen) {
  const aligned = button.right - size.width >= MARGIN ? button.right - size.width : button.left;
  const left = Math.max(MARGIN, Math.min(aligned, screen.width - size.width - MARGIN));
  const below = button.bottom + 4;
  const fits = below + size.height + MARGIN <= screen.height;
  const top2 = fits ? below : Math.max(MARGIN, button.top - 4 - size.height);
  return { left, top: top2 };
}
function popover(button, content, signal, onOpen) {
  content.popover = "auto";
  content.classList.add("f1nb-popover");
  button.popoverTargetElement = content;
  button.setAttribute("aria-expanded", "false");
  const put2 = () => {
    const screen = { width: document.documentElement.clientWidth, height: innerHeight };
    const { left, top: top2 } = place(button.getBoundingClientRect(), content.getBoundingClientRect(), screen);
    content.style.left = `${left}px`;
    content.style.top = `${top2}px`;
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

// src/timing_table/chooser.ts
var GLYPH = icon('<path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" fill="none" stroke="currentColor" stroke-width="1.4"/>');
function chooser(tools, { known, shown, wanted, choose }, signal) {
  const button = element("button", "f1nb-button f1nb-choose", GLYPH);
  button.type = "button";
  button.title = "Columns";
  button.setAttribute("aria-label", "Choose columns");
  const menu = element("div", "f1nb-columns");
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Columns");
  tools.append(button, menu);
  const presets = PRESETS.map(([name]) => `<button type="button" aria-pressed="false">${name}</button>`).join("");
  menu.innerHTML = `<div class="f1nb-seg" role="group" aria-label="Layout">${presets}</div><div class="f1nb-boxes"></div>`;
  const [seg, list] = menu.children;
  seg.firstElementChild.autofocus = true;
  const boxes = () => [...list.querySelectorAll("input")];
  const open = () => {
    const names = COLUMNS.filter((c) => known().includes(c.name));
    put(
      list,
      names.map((c) => `<label><input type="checkbox" value="${c.name}"><span>${c.title}</span><small></small></label>`).join("")
    );
    tick();
  };
  const tick = () => {
    for (const box of boxes()) {
      box.checked = wanted().includes(box.value);
      put(box.parentElement?.lastElementChild, box.checked && !shown().includes(box.value) ? "no room here" : "");
    }
    const text = (columns) => columns.filter((name) => known().includes(name)).join();
    PRESETS.forEach(([, columns], i) => {
      seg.children[i].setAttribute("aria-pressed", String(text(columns) === text(wanted())));
    });
  };
  seg.addEventListener("click", (event) => {
    const i = [...seg.children].indexOf(event.target.closest("button"));
    if (i < 0) return;
    choose(PRESETS[i][1]);
    tick();
  });
  list.addEventListener("change", () => {
    const before = wanted();
    const isWanted = (name) => known().includes(name) ? boxes().some((box) => box.value === name && box.checked) : before.includes(name);
    choose(inOrder(COLUMNS.map((c) => c.name).filter(isWanted)));
    tick();
  });
  popover(button, menu, signal, open);
}

// src/timing_table/refresh.ts
var EVERY_MS = 500;
function isDue(shown, now, playing, speed2) {
  const passed = now.time_s - shown.time_s;
  const isSeek = !playing || passed < 0 || passed > speed2;
  return isSeek || now.order !== shown.order || now.at_ms - shown.at_ms >= EVERY_MS;
}

// src/timing_table/reorder.ts
var MOTION = { duration: 420, easing: "cubic-bezier(.2, .7, .2, 1)", id: "f1nb-move" };
var ON_TOP = { zIndex: 1 };
var top = (row) => row.getBoundingClientRect().top;
function reorder(body, rows, isAnimated) {
  const moves = isAnimated && !reducedMotion();
  const before = moves ? rows.map(top) : [];
  const focused = body.contains(document.activeElement) ? document.activeElement : null;
  let next = body.firstElementChild;
  for (const row of rows) {
    if (row === next) next = next.nextElementSibling;
    else body.insertBefore(row, next);
  }
  if (focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
  if (!moves) return;
  for (const row of rows) for (const a of row.getAnimations()) if (a.id === MOTION.id) a.cancel();
  const after = rows.map(top);
  rows.forEach((row, i) => {
    const from = before[i] - after[i];
    if (from)
      row.animate(
        [
          { transform: `translateY(${from}px)`, ...ON_TOP },
          { transform: "none", ...ON_TOP }
        ],
        MOTION
      );
  });
}

// src/timing_table/table.ts
var ALL = [...FIXED, ...COLUMNS];
function makeTable(caption) {
  const table = element("table", "f1nb-table");
  const width = ({ ch, px }) => `calc(${ch}ch + ${px}px)`;
  const cols = ALL.map((c) => `<col data-col="${c.name}" style="width: ${width(c)}">`);
  const title = ({ title: title2, help }) => help ? `${title2}: ${help}` : title2;
  const heads = ALL.map((c) => `<th scope="col" data-col="${c.name}"><abbr title="${title(c)}">${c.head}</abbr></th>`);
  const foot = ALL.map(
    (c) => c.name === "driver" ? '<th scope="row" data-col="driver">Best</th>' : `<td data-col="${c.name}"></td>`
  );
  table.innerHTML = `<caption class="f1nb-sr">${caption}</caption><colgroup>${cols.join("")}</colgroup><thead><tr>${heads.join("")}</tr></thead><tbody></tbody><tfoot><tr>${foot.join("")}</tr></tfoot>`;
  return table;
}
function makeLine({ code, name, team, number }) {
  const row = element("tr");
  row.dataset.driver = code;
  const title = [name, team, number && `car ${number}`].filter(Boolean).join(", ");
  const driver = `<button type="button" aria-pressed="false" title="${esc(title)}">${esc(code)}</button><span class="f1nb-slot"></span>`;
  row.innerHTML = ALL.map(
    (c) => c.name === "driver" ? `<th scope="row" data-col="driver">${driver}</th>` : `<td data-col="${c.name}"></td>`
  ).join("");
  const cells2 = Object.fromEntries(ALL.map((c, i) => [c.name, row.cells[i]]));
  const [button, sample] = cells2.driver.children;
  return { row, cells: cells2, button, sample };
}
function mark({ row, cells: cells2 }, car, before, after, moment) {
  car.sectors.forEach((sector3, i) => {
    cells2[`sector_${i + 1}`].classList.toggle("is-old", !sector3.isCurrent);
  });
  const isGone = moment.isRace && car.isOut;
  row.dataset.state = car.state;
  row.classList.toggle("is-pit", moment.isRace && car.state === "pit");
  row.classList.toggle("is-out", car.isOut || car.fate === "out");
  row.classList.toggle("is-first-out", isGone && !before?.isOut);
  row.classList.toggle("is-fastest", moment.isRace && car.isFastest);
  row.classList.toggle("is-drop", car.fate === "drop");
  row.classList.toggle("is-last-safe", isLastSafe(car, after));
}
var isLastSafe = (car, after) => car.fate !== "drop" && car.fate !== "out" && (after?.fate === "drop" || after?.fate === "out");
function fillFoot(table, html) {
  const cells2 = table.tFoot?.rows[0].cells ?? [];
  ALL.forEach((c, i) => {
    if (c.name !== "driver") put(cells2[i], html[c.name] ?? "");
  });
}
function nameCompared(table, other) {
  const head = table.tHead?.querySelector('[data-col="compare"] abbr');
  if (head) put(head, `vs ${esc(other ?? NONE)}`);
}
function figureWidth(table) {
  const probe = element("span");
  probe.style.cssText = "position: absolute; visibility: hidden; width: 100ch";
  table.append(probe);
  const width = probe.getBoundingClientRect().width / 100;
  probe.remove();
  return width;
}
function showColumns(table, columns) {
  const names = [...FIXED.map((c) => c.name), ...columns];
  for (const cell of table.querySelectorAll("[data-col]")) cell.hidden = !names.includes(cell.dataset.col ?? "");
}
function paint(root, lines, drivers, selection) {
  const colours = tokens(root);
  const selected = selection.slice(0, MAX_SELECTED);
  for (const { code, color } of drivers.values()) {
    const { row, button, sample } = lines.get(code);
    const index = selected.indexOf(code);
    row.style.setProperty("--c", readable(color, colours.surface));
    row.classList.toggle("is-selected", index >= 0);
    button.setAttribute("aria-pressed", String(index >= 0));
    put(sample, index >= 0 ? lineSample(index) : "");
    if (index >= 0) sample.style.setProperty("--c", lineColor(drivers, selected, index, colours));
  }
}

// src/timing_table/index.ts
var MOVED_S = 8;
var MOVED_SEEN_S = 2;
var LEGEND = '<span class="f1nb-legend"><span class="f1nb-t" data-k="best">session best</span><span class="f1nb-t" data-k="personal">personal best</span><span class="f1nb-t" data-k="slower">slower</span></span>';
var SWITCH = '<span class="f1nb-seg f1nb-which" role="group" aria-label="Column"><button type="button" aria-pressed="true" data-which="gap">Gap</button><button type="button" aria-pressed="false" data-which="interval">Interval</button></span>';
function setup(p) {
  const { model, clock, selection, tables, tools, root } = p;
  const drivers = readDrivers(tables.drivers);
  const board = new Board(tables, drivers);
  const { isRace } = board;
  let known = board.columns();
  if (!known.length) {
    const text = clock.get("live") ? "Waiting for the first car." : "This session has no lap that could be timed.";
    p.blank({ kind: "info", title: "No timing", text, code: "" });
    p.grows(["timing"], p.restart);
    return;
  }
  const table = makeTable(`Timing at the session clock, ${isRace ? "in running order" : "by best lap"}`);
  const lines = new Map([...drivers.values()].map((d) => [d.code, makeLine(d)]));
  const lineOf = (driver) => lines.get(driver);
  p.body.append(table);
  tools.innerHTML = `${LEGEND}${SWITCH}`;
  const switches = tools.querySelector(".f1nb-which");
  const choice = new ColumnChoice(model, board.kind);
  let which = "gap";
  let layout = { columns: [], hasSwitch: false, isNarrow: false };
  let part2 = 0;
  const layOut = () => {
    part2 = board.partAt(clock.get("time_s"));
    const wanted = choice.wanted.filter((name) => known.includes(name) && hasSense(name, part2));
    layout = fitting(wanted, root.clientWidth, figureWidth(table), which);
    showColumns(table, layout.columns);
    table.classList.toggle("is-narrow", layout.isNarrow);
    switches.hidden = !layout.hasSwitch;
    p.meta.hidden = layout.hasSwitch;
  };
  switches.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-which]");
    if (!pressed) return;
    which = pressed.dataset.which;
    for (const b of switches.children) b.setAttribute("aria-pressed", String(b === pressed));
    layOut();
    update();
  });
  const relayOut = () => {
    const before = layout.columns.join();
    layOut();
    if (layout.columns.join() !== before) update();
  };
  let shown = { time_s: Number.NaN, order: -1, at_ms: Number.NEGATIVE_INFINITY };
  let order = "";
  const now = () => {
    const time_s = clock.get("time_s");
    return { time_s, order: board.log.orderAt(time_s), at_ms: performance.now() };
  };
  const update = () => {
    shown = now();
    const { time_s } = shown;
    if (board.partAt(time_s) !== part2) layOut();
    const since = time_s - Math.max(MOVED_S, MOVED_SEEN_S * clock.get("speed"));
    const other = model.get("compare") || (selection.get("drivers")[0] ?? null);
    const { moment, cars } = board.at(time_s, since, other);
    cars.forEach((car, i) => {
      const line = lineOf(car.driver);
      const html = cells(car, moment, layout.columns);
      for (const name of ["position", ...layout.columns]) put(line.cells[name], html[name]);
      mark(line, car, cars[i - 1], cars[i + 1], moment);
    });
    fillFoot(table, bests(cars, moment, layout.columns));
    nameCompared(table, moment.other);
    const next = cars.map((car) => car.driver).join();
    if (next !== order) {
      const rows = cars.map((car) => lineOf(car.driver).row);
      reorder(table.tBodies[0], rows, order !== "" && clock.get("playing"));
      order = next;
    }
    p.meta.textContent = summary(cars, isRace);
  };
  const driverAt = (event) => event.target.closest("tr")?.dataset.driver;
  const compareWith = (driver) => {
    model.set("compare", model.get("compare") === driver ? "" : driver);
    model.save_changes();
    if (choice.wanted.includes("compare")) return;
    choice.choose(inOrder([...choice.wanted, "compare"]));
    relayOut();
  };
  table.tBodies[0].addEventListener("click", (event) => {
    const driver = driverAt(event);
    if (!driver) return;
    if (event.target.closest(".f1nb-vs")) compareWith(driver);
    else toggleDriver(selection, driver);
  });
  table.tBodies[0].addEventListener("keydown", (event) => {
    const row = event.target.closest("tr");
    const driver = driverAt(event);
    if (event.key === "c" && driver && !(event.ctrlKey || event.metaKey || event.altKey)) {
      compareWith(driver);
      event.preventDefault();
      return;
    }
    const beside = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key];
    if (!beside) return;
    beside.querySelector("button")?.focus();
    event.preventDefault();
  });
  chooser(
    tools,
    {
      known: () => known,
      shown: () => layout.columns,
      wanted: () => choice.wanted,
      choose(names) {
        choice.choose(names);
        relayOut();
      }
    },
    p.signal
  );
  const repaint = () => paint(root, lines, drivers, selection.get("drivers"));
  layOut();
  repaint();
  p.onTheme(repaint);
  p.follow(selection, "drivers", () => {
    repaint();
    update();
  });
  p.follow(model, "compare", update);
  p.follow(model, "columns", () => {
    choice.hear();
    relayOut();
  });
  p.follow(clock, "playing", update);
  let waiting = 0;
  const onFrame = p.guard(() => {
    waiting = 0;
    if (!p.signal.aborted) update();
  });
  const onTime = () => {
    if (!waiting && isDue(shown, now(), clock.get("playing"), clock.get("speed"))) waiting = requestAnimationFrame(onFrame);
  };
  p.follow(clock, "time_s", onTime);
  update();
  p.grows(READ, (from) => {
    board.take(from);
    const before = known.join();
    known = board.columns();
    if (known.join() !== before) layOut();
    update();
  });
  const observer = new ResizeObserver(relayOut);
  observer.observe(root);
  p.signal.addEventListener("abort", () => observer.disconnect());
}
var timing_table_default = { render: panel("timing", setup) };
export {
  timing_table_default as default
};
