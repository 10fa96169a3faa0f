// src/shared/page.ts
var isStandalone = () => document.documentElement.dataset.f1nb === "standalone";
var isVoila = () => document.body.dataset.voila !== void 0;
var isOurs = () => isStandalone() || isVoila();
function keepKeys(el, signal) {
  if (isOurs()) return;
  const keep2 = (event) => {
    const isForHost = event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape" || event.shiftKey && event.key === "Enter";
    if (!isForHost) event.stopPropagation();
  };
  el.addEventListener("keydown", keep2, { signal });
}

// src/shared/format.ts
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

// src/shared/theme.ts
var chosenTheme = () => document.body.dataset.f1nbTheme;
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

// src/shared/models.ts
var MAX_SELECTED = 4;
var latest = (clock) => clock.get("end_s") - (clock.get("live") ? clock.get("delay_s") : 0);
function seek(clock, time_s) {
  clock.set("following", false);
  clock.set("time_s", Math.min(latest(clock), Math.max(clock.get("start_s"), time_s)));
  clock.save_changes();
}

// src/dashboard/address.ts
function read(search) {
  const query = new URLSearchParams(search);
  const out = {};
  const t = query.get("t");
  if (t && /^\d+(\.\d+)?$/.test(t)) out.t = Number(t);
  const drivers = query.get("drivers");
  if (drivers !== null) {
    const codes = drivers.split(",").map((code) => code.trim().toUpperCase());
    out.drivers = [...new Set(codes.filter(Boolean))].slice(0, MAX_SELECTED);
  }
  const theme = query.get("theme");
  if (theme === "dark" || theme === "light") out.theme = theme;
  return out;
}
function write(search, { t, drivers, theme }) {
  const query = new URLSearchParams(search);
  if (t !== void 0) query.set("t", String(Math.floor(t)));
  if (drivers) {
    if (drivers.length) query.set("drivers", drivers.join(","));
    else query.delete("drivers");
  }
  if (theme) query.set("theme", theme);
  const text = query.toString().replaceAll("%2C", ",");
  return text && `?${text}`;
}
function apply(bookmark, clock, selection, known) {
  if (clock && bookmark.t !== void 0) seek(clock, bookmark.t);
  const drivers = bookmark.drivers?.filter((code) => !known || known.has(code));
  if (selection && drivers?.length) {
    selection.set("drivers", drivers);
    selection.save_changes();
  }
}
var QUIET_MS = 300;
function keep(clock, selection, follow, signal) {
  let timer = 0;
  let pending = {};
  const later = (change) => {
    pending = { ...pending, ...change };
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const url = location.pathname + write(location.search, pending) + location.hash;
      pending = {};
      history.replaceState(history.state, "", url);
    }, QUIET_MS);
  };
  if (clock) {
    const onTime = () => {
      if (!clock.get("playing")) later({ t: clock.get("time_s") });
    };
    follow(clock, "time_s", onTime);
    follow(clock, "playing", onTime);
  }
  if (selection)
    follow(selection, "drivers", () => later({ drivers: selection.get("drivers") }));
  onTheme(() => {
    const theme = chosenTheme();
    if (theme) later({ theme });
  }, signal);
  signal.addEventListener("abort", () => clearTimeout(timer));
}

// src/dashboard/help.ts
var KEYS = [
  [
    "Session clock",
    [
      ["Space", "play or pause"],
      [", .", "previous and next event"],
      ["L", "to the live edge, or the end"],
      ["← →", "5 seconds; with Shift about a lap"],
      ["1 … 9", "10 % to 90 % of the session"],
      ["Home End", "the start, and the live edge or the end"]
    ]
  ],
  [
    "Timing",
    [
      ["↑ ↓", "the driver above and below"],
      ["Enter", "select or release a driver"],
      ["C", "compare all others with this driver"]
    ]
  ],
  [
    "Telemetry",
    [
      ["← →", "the cursor by 10 metres; with Shift by 100"],
      ["+ −", "closer and wider"],
      ["Esc", "the whole lap"]
    ]
  ],
  [
    "Everywhere",
    [
      ["Tab", "the next control"],
      ["Esc", "close what is open"],
      ["?", "this list"]
    ]
  ]
];
function help(el, hears, signal) {
  const keys = (names) => names.split(" ").map((name) => name === "…" ? " to " : `<kbd>${name}</kbd>`).join(" ");
  const group = ([title, lines]) => `<section><h3>${title}</h3><dl>${lines.map(([names, what]) => `<div><dt>${keys(names)}</dt><dd>${what}</dd></div>`).join("")}</dl></section>`;
  const dialog = element(
    "dialog",
    "f1nb-help",
    `<header><h2 id="f1nb-help-title">Keys</h2><button class="f1nb-button" type="button" aria-label="Close">×</button></header>
     <div class="f1nb-help-groups">${KEYS.map(group).join("")}</div>
     <p>Keys of the clock but space, comma, full stop and L work while its bar has the focus.</p>`
  );
  dialog.setAttribute("aria-labelledby", "f1nb-help-title");
  el.append(dialog);
  const toggle = () => dialog.open ? dialog.close() : dialog.showModal();
  dialog.addEventListener("click", (event) => {
    const isBeside = event.target === dialog;
    if (isBeside || event.target.closest("button")) dialog.close();
  });
  const press = (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const isTyping = target.closest("input, select, textarea, [contenteditable]");
    if (key !== "?" || isTyping || ctrlKey || metaKey || altKey) return;
    event.preventDefault();
    toggle();
  };
  hears.addEventListener("keydown", press, { signal });
  const button = element("button", "f1nb-button f1nb-help-button", "?");
  button.type = "button";
  button.title = "Keys (?)";
  button.setAttribute("aria-label", "Keys");
  button.addEventListener("click", toggle);
  return button;
}

// src/dashboard/layout.ts
var PLACES = ["map", "timing", "telemetry", "race_control", "weather"];
var FRAME = ["picker", "header", "transport"];
var quote = (rows) => rows.map((cells) => `"${cells.join(" ")}"`).join(" ");
function wide(has) {
  const top = ["map", "side"].filter(has);
  const bottom = has("telemetry");
  const right = top.length || (bottom ? 1 : 0);
  const columns = [
    ...has("timing") ? [right ? "var(--f1nb-timing-width)" : "minmax(0, 1fr)"] : [],
    ...right === 2 ? ["minmax(0, 1fr)", "var(--f1nb-side-width)"] : right ? ["minmax(0, 1fr)"] : []
  ];
  const left = has("timing") ? ["timing"] : [];
  const rows = [...top.length ? [[...left, ...top]] : [], ...bottom ? [[...left, ...Array(right).fill("telemetry")]] : []];
  return {
    areas: quote(rows.length ? rows : [left]),
    columns: columns.join(" "),
    rows: rows.length === 2 ? "minmax(0, 1fr) var(--f1nb-low-height)" : "minmax(0, 1fr)"
  };
}
function middle(has) {
  const right = ["map", "side"].filter(has);
  const height = { map: "372px", side: "minmax(330px, auto)" };
  const isSplit = has("timing") && right.length > 0;
  const upper = right.length ? right.map((area) => isSplit ? ["timing", area] : [area]) : has("timing") ? [["timing"]] : [];
  const across = Array(isSplit ? 2 : 1).fill("telemetry");
  return {
    areas: quote([...upper, ...has("telemetry") ? [across] : []]),
    columns: isSplit ? "minmax(0, 54fr) minmax(0, 46fr)" : "minmax(0, 1fr)",
    rows: [...upper.map((cells) => height[cells.at(-1)] ?? "auto"), ...has("telemetry") ? ["340px"] : []].join(" ")
  };
}

// src/dashboard/tabs.ts
var count = 0;
var WIDE_PX = 1240;
function seat(list, top, el, signal) {
  const place = () => {
    const event = el.clientWidth >= WIDE_PX ? top.querySelector(".f1nb-event") : null;
    if (event ? event.nextElementSibling === list : list.parentElement === top) return;
    const focused = document.activeElement;
    if (event) event.after(list);
    else top.insertBefore(list, top.querySelector(":scope > .f1nb-help-button"));
    if (focused instanceof HTMLElement && list.contains(focused)) focused.focus();
  };
  const width = new ResizeObserver(place);
  width.observe(el);
  const header = new MutationObserver(place);
  header.observe(top, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    width.disconnect();
    header.disconnect();
  });
}
function tabs(pages) {
  const list = element("div", "f1nb-tabs");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Pages");
  const opened = /* @__PURE__ */ new Set();
  const buttons = pages.map(({ name, panel }) => {
    const button = element("button");
    const id = `f1nb-tab-${++count}`;
    button.textContent = name;
    button.id = id;
    button.setAttribute("role", "tab");
    panel.id = `${id}-page`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", id);
    button.setAttribute("aria-controls", panel.id);
    list.append(button);
    return button;
  });
  const choose = (chosen) => {
    buttons.forEach((button, i) => {
      button.setAttribute("aria-selected", String(i === chosen));
      button.tabIndex = i === chosen ? 0 : -1;
      pages[i].panel.hidden = i !== chosen;
    });
    const page2 = pages[chosen];
    if (opened.has(page2)) return;
    opened.add(page2);
    page2.open();
  };
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => choose(i));
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = buttons.indexOf(document.activeElement);
    if (!step || at < 0) return;
    const next = (at + step + buttons.length) % buttons.length;
    buttons[next].focus();
    choose(next);
    event.preventDefault();
  });
  choose(0);
  return list;
}

// src/dashboard/index.ts
function drawer(host, signal) {
  return async (area, ref, parent) => {
    const el = element("div");
    el.dataset.area = area;
    parent.append(el);
    try {
      await (await host.getWidget(ref)).render({ el, signal });
    } catch (error) {
      const code = error instanceof Error ? error.message : String(error);
      const text = "The other panels go on. Reload the page; if it happens again, report the text below.";
      el.innerHTML = blankHtml({
        kind: "error",
        title: `The ${area.replaceAll("_", " ")} panel could not be drawn`,
        text,
        code
      });
    }
  };
}
function setGrid(el, name, grid) {
  for (const part of ["areas", "columns", "rows"]) el.style.setProperty(`--f1nb-${name}-${part}`, grid[part]);
}
function page(name, areas, draw, drawn) {
  const panel = element("div", "f1nb-main");
  const open = () => {
    const named = PLACES.filter((area) => area in areas);
    const further = Object.keys(areas).filter((area) => !PLACES.includes(area) && !FRAME.includes(area));
    if (named.length) {
      const grid = element("div", "f1nb-grid");
      const has = (area) => area === "side" ? named.includes("race_control") || named.includes("weather") : named.includes(area);
      setGrid(grid, "wide", wide(has));
      setGrid(grid, "middle", middle(has));
      const side = element("div", "f1nb-side");
      for (const area of named) {
        const isSide = area === "race_control" || area === "weather";
        if (isSide) grid.append(side);
        drawn.push(draw(area, areas[area], isSide ? side : grid));
      }
      panel.append(grid);
    }
    if (further.length) {
      const grid = element("div", "f1nb-further");
      panel.append(grid);
      for (const area of further) drawn.push(draw(area, areas[area], grid));
    }
  };
  return { name, panel, open };
}
async function render({ model, el, host, signal }) {
  const ours = isOurs();
  const bookmark = ours ? read(location.search) : {};
  if (bookmark.theme) chooseTheme(bookmark.theme);
  const follow = follower(signal);
  const [clockRef, selectionRef] = [model.get("clock"), model.get("selection")];
  const [clock, selection] = await Promise.all([
    clockRef ? host.getModel(clockRef) : null,
    selectionRef ? host.getModel(selectionRef) : null
  ]);
  const refs = clock ? clock.get("_tables") : {};
  const tables = await readTables(host, refs);
  if (signal.aborted) return;
  if (ours) {
    const known = tables.drivers ? new Set(tables.drivers.text("driver").map(String)) : null;
    apply(bookmark, clock, selection, known);
    keep(clock, selection, follow, signal);
    follow(
      model,
      "title",
      () => {
        document.title = model.get("title") || document.title;
      },
      true
    );
  }
  el.classList.add("f1nb", "f1nb-dashboard");
  keepKeys(el, signal);
  el.classList.toggle("f1nb--dashboard", ours);
  el.dataset.host = ours ? "page" : "cell";
  const frame = element("div", "f1nb-frame");
  const top = element("header", "f1nb-top");
  const space = element(ours && !el.closest("main") ? "main" : "div", "f1nb-space");
  const foot = element("footer", "f1nb-foot");
  frame.append(top, space, foot);
  el.replaceChildren(frame);
  const areas = model.get("_areas");
  const draw = drawer(host, signal);
  const drawn = [];
  const isTop = (area) => area === "picker" || area === "header";
  for (const area of FRAME) if (areas[area]) drawn.push(draw(area, areas[area], isTop(area) ? top : foot));
  top.hidden = !top.childElementCount;
  foot.hidden = !foot.childElementCount;
  const further = model.get("_tabs");
  const pages = [{ name: model.get("_first_tab"), areas }, ...further].map((p) => page(p.name, p.areas, draw, drawn));
  space.append(...pages.map((p) => p.panel));
  if (further.length) {
    top.hidden = false;
    const list = tabs(pages);
    top.append(list);
    seat(list, top, el, signal);
  } else pages[0].open();
  if (areas.header) top.append(help(el, ours ? document : el, signal));
  if (clock && tables.status) {
    let status = readStatus(tables.status);
    const colour = () => {
      const now = statusAt(status, clock.get("time_s")).status;
      if (top.dataset.s !== now) top.dataset.s = now;
    };
    follow(clock, "time_s", colour, true);
    tables.status.watch(() => {
      status = readStatus(tables.status);
      colour();
    }, signal);
  }
  await Promise.all(drawn);
}
var dashboard_default = { render };
export {
  dashboard_default as default
};
