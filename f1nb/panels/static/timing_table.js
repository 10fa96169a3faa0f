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
  const state2 = model;
  const [clock, selection, tables] = await Promise.all([
    host.getModel(state2.get("clock")),
    host.getModel(state2.get("selection")),
    readTables(host, state2.get("_tables"))
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
      const mark = value(`${field}_mark`);
      return { time_s, mark: mark == null ? null : MARKS[mark], isCurrent: since > lapSince || time - since < HELD_S };
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
      for (const behind2 of driving.slice(i + 1)) {
        if (behind2.gap_s >= ahead.gap_s) continue;
        (behind2.since < ahead.since ? behind2 : ahead).row.isGapStale = true;
      }
    });
  }
};

// src/timing_table/cells.ts
var none = `<span class="f1nb-none">${NONE}</span>`;
var seconds = (s) => s.toFixed(3);
var MEANINGS = { best: "best of the session", personal: "personal best", slower: "no improvement" };
function marked({ time_s, mark }, write) {
  if (time_s == null) return none;
  return mark ? `<span class="f1nb-t" data-k="${mark}" title="${MEANINGS[mark]}">${write(time_s)}</span>` : `<span class="f1nb-t">${write(time_s)}</span>`;
}
var arrow = (places) => places ? `<span class="f1nb-mv" data-k="${places > 0 ? "up" : "down"}">${places > 0 ? "▴" : "▾"}</span>` : "";
function gained(row, driver) {
  if (row.position == null || driver?.grid == null) return none;
  const places = driver.grid - row.position;
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
var isClose = (row, { status, isRace }) => isRace && !row.isGapStale && status === "clear" && row.state === "running" && row.interval_laps === 0 && (row.interval_s ?? 1) < 1;
function interval(row, moment) {
  const text = behind(row.interval_laps, row.interval_s, row.position === 1, "");
  return row.position !== 1 && isClose(row, moment) ? `<span class="f1nb-close" title="under a second">${text}</span>` : text;
}
var chip = (kind, text) => `<span class="f1nb-chip" data-k="${kind}">${text}</span>`;
function state(row, { time_s }) {
  switch (row.state) {
    case "pit":
      return chip("pit", `PIT ${ago(time_s - row.state_since_s)}`);
    case "out_lap":
      return chip("outlap", "OUT LAP");
    case "stopped":
      return chip("stopped", "STOPPED");
    case "retired":
      return chip("out", row.lap == null ? "OUT" : `OUT L${row.lap}`);
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
function cells(row, driver, moment, moved) {
  const isGone = moment.isRace && row.isOut;
  const [s1, s2, s3] = row.sectors.map((sector) => isGone ? "" : marked(sector, seconds));
  return {
    position: isGone || row.position == null ? none : `${arrow(moved)}${row.position}`,
    gained: isGone ? "" : gained(row, driver),
    lap: row.lap == null ? none : String(row.lap),
    gap: isGone ? "" : aged(row, behind(row.gap_laps, row.gap_s, row.position === 1, leader(row, moment))),
    interval: isGone ? "" : aged(row, interval(row, moment)),
    last: isGone ? "" : marked(row.last, lapTime),
    // every best lap is a personal best: only the best of all is worth a mark
    best: marked(row.best.mark === "best" ? row.best : { ...row.best, mark: null }, lapTime),
    sector_1: s1,
    sector_2: s2,
    sector_3: s3,
    tyre: row.compound ? tyre(row.compound, row.tyre_age_laps) : none,
    stops: String(row.stops),
    state: state(row, moment)
  };
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

// src/timing_table/columns.ts
var FIXED = [
  { name: "position", head: "Pos", title: "Position", fields: [], ch: 0, px: 36 },
  { name: "driver", head: "Driver", title: "Driver", fields: [], ch: 4.5, px: 54 }
];
var COLUMNS = [
  { name: "gained", head: "+/−", title: "Places gained since the start", fields: ["position"], ch: 2, px: 24 },
  { name: "lap", head: "Lap", title: "Lap", fields: ["lap"], ch: 2, px: 22 },
  { name: "gap", head: "Gap", title: "Gap to the leader, seconds", fields: ["gap_s", "gap_laps"], ch: 8, px: 10 },
  {
    name: "interval",
    head: "Int",
    title: "Interval to the car ahead, seconds",
    fields: ["interval_s", "interval_laps"],
    ch: 6.8,
    px: 10
  },
  { name: "last", head: "Last", title: "Last lap time", fields: ["last_lap_time_s"], ch: 7, px: 21 },
  { name: "best", head: "Best", title: "Best lap time", fields: ["best_lap_time_s"], ch: 7, px: 21 },
  { name: "sector_1", head: "S1", title: "Sector 1", fields: ["sector_1_time_s"], ch: 5.5, px: 19 },
  { name: "sector_2", head: "S2", title: "Sector 2", fields: ["sector_2_time_s"], ch: 5.5, px: 19 },
  { name: "sector_3", head: "S3", title: "Sector 3", fields: ["sector_3_time_s"], ch: 5.5, px: 19 },
  { name: "tyre", head: "Tyre", title: "Compound and age in laps", fields: ["compound"], ch: 3, px: 30 },
  { name: "stops", head: "Stops", title: "Pit stops", fields: ["stops"], ch: 0, px: 36 },
  { name: "state", head: "State", title: "Pit lane, out lap, retired", fields: ["state"], ch: 7, px: 18 }
];
var FIRST_TO_GO = [["gained"], ["lap"], ["sector_1", "sector_2", "sector_3"]];
var NOT_NARROW = ["best", "stops"];
var LAST_TO_GO = ["last", "tyre"];
var SPARED_PX = 24;
var widthOf = (names, ch) => [...FIXED, ...COLUMNS.filter((c) => names.includes(c.name))].reduce((width, c) => width + c.ch * ch + c.px, 0);
function fitting(wanted, width, ch, which) {
  let columns = COLUMNS.map((c) => c.name).filter((name) => wanted.includes(name));
  let spared = 0;
  const fits = () => widthOf(columns, ch) - spared <= width;
  const without = (names) => columns.filter((name) => !names.includes(name));
  for (const names of FIRST_TO_GO) if (!fits()) columns = without(names);
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
function available(log, isRace, hasGrid) {
  const ofRaces = ["gained", "interval", "stops"];
  const hasSense = (name) => (isRace || !ofRaces.includes(name)) && (name !== "gained" || hasGrid);
  return COLUMNS.filter((c) => hasSense(c.name) && c.fields.some((field) => log.has(field))).map((c) => c.name);
}
var keyOf = (given) => `f1nb:timing-columns:${given.join()}`;
function remembered(given) {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(given)) ?? "null");
    return Array.isArray(kept) ? COLUMNS.map((c) => c.name).filter((name) => kept.includes(name)) : given;
  } catch {
    return given;
  }
}
function remember(given, chosen) {
  try {
    localStorage.setItem(keyOf(given), JSON.stringify(chosen));
  } catch {
    return;
  }
}

// src/timing_table/chooser.ts
var GLYPH = icon('<path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" fill="none" stroke="currentColor" stroke-width="1.4"/>');
function chooser(tools, model, known, shown, signal) {
  const given = model.get("columns");
  const chosen = remembered(given);
  if (chosen.join() !== given.join()) model.set("columns", chosen);
  const button = element("button", "f1nb-button f1nb-choose", GLYPH);
  button.type = "button";
  button.title = "Columns";
  button.setAttribute("aria-label", "Choose columns");
  const menu = element("div", "f1nb-columns");
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Columns");
  tools.append(button, menu);
  const choices = COLUMNS.filter((c) => known.includes(c.name));
  put(menu, choices.map((c) => `<label><input type="checkbox" value="${c.name}">${c.title}<small></small></label>`).join(""));
  const boxes = [...menu.querySelectorAll("input")];
  boxes[0].autofocus = true;
  const tick = () => {
    for (const box of boxes) {
      box.checked = model.get("columns").includes(box.value);
      put(box.parentElement?.lastElementChild, box.checked && !shown().includes(box.value) ? "no room here" : "");
    }
  };
  menu.addEventListener("change", () => {
    const isWanted = (name) => known.includes(name) ? boxes.some((box) => box.value === name && box.checked) : model.get("columns").includes(name);
    const names = COLUMNS.map((c) => c.name).filter(isWanted);
    remember(given, names);
    model.set("columns", names);
    model.save_changes();
    tick();
  });
  popover(button, menu, signal, tick);
}

// src/timing_table/refresh.ts
var EVERY_MS = 500;
function isDue(shown, now, playing, speed) {
  const passed = now.time_s - shown.time_s;
  const isSeek = !playing || passed < 0 || passed > speed;
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
  const heads = ALL.map((c) => `<th scope="col" data-col="${c.name}"><abbr title="${c.title}">${c.head}</abbr></th>`);
  table.innerHTML = `<caption class="f1nb-sr">${caption}</caption><colgroup>${cols.join("")}</colgroup><thead><tr>${heads.join("")}</tr></thead><tbody></tbody>`;
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
  const log = new TimingLog(tables.timing, drivers.keys());
  const statuses = readStatus(tables.status);
  const isRace = ["R", "S"].includes(tables.session.text("session")[0] ?? "");
  const hasGrid = [...drivers.values()].some((d) => d.grid != null);
  const known = available(log, isRace, hasGrid);
  if (!known.length) {
    p.blank({ kind: "info", title: "No timing", text: "This session has no lap that could be timed.", code: "" });
    return;
  }
  const table = makeTable(`Timing at the session clock, ${isRace ? "in running order" : "by best lap"}`);
  const lines = new Map([...drivers.values()].map((d) => [d.code, makeLine(d)]));
  const lineOf = (row) => lines.get(row.driver);
  p.body.append(table);
  tools.innerHTML = `${LEGEND}${SWITCH}`;
  const choice = tools.querySelector(".f1nb-which");
  let which = "gap";
  let layout = { columns: [], hasSwitch: false, isNarrow: false };
  const layOut = () => {
    const wanted = model.get("columns").filter((name) => known.includes(name));
    layout = fitting(wanted, root.clientWidth, figureWidth(table), which);
    showColumns(table, layout.columns);
    table.classList.toggle("is-narrow", layout.isNarrow);
    choice.hidden = !layout.hasSwitch;
    p.meta.hidden = layout.hasSwitch;
  };
  choice.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-which]");
    if (!pressed) return;
    which = pressed.dataset.which;
    for (const b of choice.children) b.setAttribute("aria-pressed", String(b === pressed));
    layOut();
    update();
  });
  chooser(tools, model, known, () => layout.columns, p.signal);
  let shown = { time_s: Number.NaN, order: -1, at_ms: Number.NEGATIVE_INFINITY };
  let order = "";
  const now = () => {
    const time_s = clock.get("time_s");
    return { time_s, order: log.orderAt(time_s), at_ms: performance.now() };
  };
  const update = () => {
    shown = now();
    const { time_s } = shown;
    const moment = { time_s, status: statusAt(statuses, time_s).status, isRace };
    const since = time_s - Math.max(MOVED_S, MOVED_SEEN_S * clock.get("speed"));
    const all = log.rows(time_s, isRace);
    const firstOut = isRace ? all.find((row) => row.isOut) : void 0;
    for (const row of all) {
      const line = lineOf(row);
      const moved = isRace ? log.moved(row.driver, since, time_s) : 0;
      const html = cells(row, drivers.get(row.driver), moment, moved);
      for (const name of ["position", ...layout.columns]) put(line.cells[name], html[name]);
      row.sectors.forEach((sector, i) => {
        line.cells[`sector_${i + 1}`].classList.toggle("is-old", !sector.isCurrent);
      });
      line.row.dataset.state = row.state;
      line.row.classList.toggle("is-pit", isRace && row.state === "pit");
      line.row.classList.toggle("is-out", row.isOut);
      line.row.classList.toggle("is-first-out", row === firstOut);
    }
    const next = all.map((row) => row.driver).join();
    if (next !== order) {
      const elements = all.map((row) => lineOf(row).row);
      reorder(table.tBodies[0], elements, order !== "" && clock.get("playing"));
      order = next;
    }
    p.meta.textContent = summary(all, isRace);
  };
  table.tBodies[0].addEventListener("click", (event) => {
    const driver = event.target.closest("tr")?.dataset.driver;
    if (driver) toggleDriver(selection, driver);
  });
  table.tBodies[0].addEventListener("keydown", (event) => {
    const row = event.target.closest("tr");
    const beside = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key];
    if (!beside) return;
    beside.querySelector("button")?.focus();
    event.preventDefault();
  });
  const repaint = () => paint(root, lines, drivers, selection.get("drivers"));
  const relayOut = () => {
    const before = layout.columns.join();
    layOut();
    if (layout.columns.join() !== before) update();
  };
  layOut();
  repaint();
  p.onTheme(repaint);
  p.follow(selection, "drivers", repaint);
  p.follow(model, "columns", relayOut);
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
  const observer = new ResizeObserver(relayOut);
  observer.observe(root);
  p.signal.addEventListener("abort", () => observer.disconnect());
}
var timing_table_default = { render: panel("timing", setup) };
export {
  timing_table_default as default
};
