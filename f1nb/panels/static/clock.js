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
function lineColor(drivers, selected, index, t) {
  const driver = drivers.get(selected[index]);
  if (!driver) return t["ink-2"];
  const twin = selected.slice(0, index).some((code) => drivers.get(code)?.team === driver.team);
  const color = readable(driver.color, t.surface, 3.2);
  return twin ? css(mix(parse(color), parse(t.ink), 0.45)) : color;
}

// src/shared/format.ts
function clockTime(seconds) {
  const s = Math.floor(Math.abs(seconds) + 1e-6);
  const two = (v) => String(v).padStart(2, "0");
  return `${seconds < 0 && s ? "−" : ""}${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
var ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
var esc = (text) => String(text ?? "").replace(/[&<>"']/g, (c) => ENTITIES[c]);

// src/shared/models.ts
var latest = (clock) => clock.get("end_s") - (clock.get("live") ? clock.get("delay_s") : 0);
function seek(clock, time_s) {
  clock.set("following", false);
  clock.set("time_s", Math.min(latest(clock), Math.max(clock.get("start_s"), time_s)));
  clock.save_changes();
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

// src/shared/timing.ts
var EMPTY = { times: new Float64Array(), values: new Float64Array() };
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

// src/clock/moments.ts
var LEAD_IN_S = 4;
var SETTLED_S = 2;
var MARKS = { out: "×", fastest_lap: "◆" };
var RACE_JUMPS = ["start", "safety_car", "vsc", "red", "out", "overtake", "finish"];
var OTHER_JUMPS = ["start", "red", "out", "fastest_lap", "finish"];
function readMoments(table) {
  const time = table.number("time_s");
  const lap = table.number("lap");
  const [kind, driver, text] = ["kind", "driver", "text"].map((name) => table.text(name));
  return Array.from({ length: table.rows }, (_, i) => ({
    time_s: time[i],
    kind: kind[i] ?? "",
    driver: driver[i],
    lap: Number.isNaN(lap[i]) ? null : lap[i],
    text: text[i] ?? ""
  })).sort((a, b) => a.time_s - b.time_s);
}
function spans(changes, start_s, end_s) {
  const out = [];
  changes.forEach(({ time_s, status }, i) => {
    const previous = out.at(-1);
    const from_s = Math.max(time_s, start_s);
    const to_s = Math.min(changes[i + 1]?.time_s ?? end_s, end_s);
    if (status === "clear" || to_s <= from_s) return;
    if (previous?.status === status && previous.to_s === from_s) previous.to_s = to_s;
    else out.push({ status, from_s, to_s });
  });
  return out;
}
function jump(moments, isRace, now_s, direction) {
  const kinds = isRace ? RACE_JUMPS : OTHER_JUMPS;
  const landings = moments.filter((m) => kinds.includes(m.kind)).map((m) => m.time_s - LEAD_IN_S);
  const found = direction > 0 ? landings.find((time) => time > now_s + SETTLED_S) : landings.findLast((time) => time < now_s - SETTLED_S);
  return found ?? null;
}
function lapAt(laps, now_s) {
  return laps.lap[Math.max(0, lastAt(laps.time_s, now_s))] ?? 1;
}
var LAP_STEPS = [1, 2, 5, 10, 20, 50];
function lapTicks(laps) {
  const last = laps.lap.length - 1;
  if (last < 0) return [];
  const step = LAP_STEPS.find((s) => laps.lap[last] / s <= 8) ?? 100;
  const out = [];
  laps.lap.forEach((lap, i) => {
    const isRound = lap % step === 0 && laps.lap[last] - lap >= step / 2;
    if (i === 0 || i === last || isRound) out.push({ time_s: laps.time_s[i], text: i === 0 ? `Lap ${lap}` : String(lap) });
  });
  return out;
}
function minuteTicks(start_s, end_s) {
  const minutes = (end_s - start_s) / 60;
  const step = [1, 2, 5, 10, 15, 30].find((s) => minutes / s <= 8) ?? 60;
  return Array.from({ length: Math.floor(minutes / step) + 1 }, (_, i) => ({
    time_s: start_s + i * step * 60,
    text: i ? String(i * step) : "0 min"
  }));
}
function placeSigns(signs) {
  const taken = [];
  const isFree = (from, to) => taken.every(([a, b]) => to <= a || from >= b);
  const out = signs.map(() => null);
  const put2 = (i, from, at) => {
    if (!isFree(from, from + signs[i].width)) return false;
    taken.push([from, from + signs[i].width]);
    out[i] = at;
    return true;
  };
  signs.forEach(({ x, isTag }, i) => {
    if (isTag) put2(i, x, x);
  });
  const tags = [...taken];
  signs.forEach(({ x, width, isTag }, i) => {
    if (isTag || put2(i, x - width / 2, x)) return;
    const tag = tags.find(([from, to]) => x + width / 2 > from && x - width / 2 < to);
    if (tag) put2(i, tag[0] - width, tag[0] - width / 2);
  });
  return out;
}

// src/clock/bar.ts
var asClock = (model) => model;
function toggle(model) {
  const starts = !model.get("playing");
  if (starts && !model.get("live") && model.get("time_s") >= model.get("end_s")) model.set("time_s", model.get("start_s"));
  if (!starts) model.set("following", false);
  model.set("playing", starts);
  model.save_changes();
}
function goToMoment(model, time_s) {
  seek(asClock(model), time_s - LEAD_IN_S);
}
function goToNext({ model, known }, direction) {
  const time = jump(known.moments, known.isRace, model.get("time_s"), direction);
  if (time === null && direction > 0) goToEnd(model);
  else seek(asClock(model), time ?? model.get("start_s"));
}
var hidesAhead = (model) => model.get("hide_ahead") || model.get("live") && model.get("delay_s") > 0;
function goToEnd(model) {
  if (model.get("live")) {
    model.set("following", true);
    model.set("playing", true);
    model.set("time_s", latest(asClock(model)));
    model.save_changes();
  } else seek(asClock(model), model.get("end_s") - model.get("delay_s"));
}
var Hold = class {
  constructor(model, signal) {
    this.model = model;
    signal.addEventListener("abort", () => this.release());
  }
  model;
  isOn = false;
  take() {
    this.isOn = true;
    this.model.set("_held", true);
  }
  release() {
    if (!this.isOn) return;
    this.isOn = false;
    this.model.set("_held", false);
    seek(asClock(this.model), this.model.get("time_s"));
  }
};
var MAX_DELAY_S = 600;
function setDelay(model, seconds) {
  const before = model.get("delay_s");
  const delay2 = Number.isFinite(seconds) ? Math.min(MAX_DELAY_S, Math.max(0, Math.round(seconds))) : before;
  model.set("delay_s", delay2);
  if (model.get("following")) {
    model.set("time_s", latest(asClock(model)));
    model.save_changes();
  } else seek(asClock(model), model.get("time_s") - (delay2 - before));
}

// src/clock/delay.ts
function delay(model, follow) {
  const box = element(
    "span",
    "f1nb-delay",
    `<span class="f1nb-lab">TV delay</span>
     <button class="f1nb-button" data-a="less" aria-label="Less delay">−</button>
     <label><input type="number" min="0" max="600" step="1" inputmode="numeric" aria-label="TV delay in seconds"> s</label>
     <button class="f1nb-button" data-a="more" aria-label="More delay">+</button>`
  );
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "TV delay");
  box.title = "Hold everything back to match a television picture";
  const [less, more] = box.querySelectorAll("button");
  const input = box.querySelector("input");
  const draw = () => {
    input.value = String(model.get("delay_s"));
  };
  follow(model, "delay_s", draw, true);
  less.addEventListener("click", () => setDelay(model, model.get("delay_s") - 1));
  more.addEventListener("click", () => setDelay(model, model.get("delay_s") + 1));
  input.addEventListener("change", () => {
    setDelay(model, input.valueAsNumber);
    draw();
  });
  return box;
}

// src/clock/icons.ts
var PLAY = icon('<path d="M4 2.2v11.6L13.6 8z" fill="currentColor"/>', 18);
var PAUSE = icon('<path d="M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z" fill="currentColor"/>', 18);
var PREVIOUS = icon('<path d="M2.5 3v10h1.8V3zM13.5 3v10L5.5 8z" fill="currentColor"/>');
var NEXT = icon('<path d="M13.5 3v10h-1.8V3zM2.5 3v10l8-5z" fill="currentColor"/>');
var END = icon('<path d="M3 2.5 10 8l-7 5.5zM11.2 2.5H13v11h-1.8z" fill="currentColor"/>', 13);
var LIST = icon(
  '<path d="M2 3.2h2v2H2zm4 .2h8v1.6H6zM2 7h2v2H2zm4 .2h8v1.6H6zM2 10.8h2v2H2zm4 .2h8v1.6H6z" fill="currentColor"/>'
);

// src/clock/keys.ts
var STEP_S = 5;
var LAP_S = 75;
var KEYS_HELP = [
  "Play or pause (space)",
  "Arrows: 5 s; with Shift, or Page up and down: about a lap (75 s)",
  ", and . : previous and next event",
  "1 to 9: 10 % to 90 % of the session; Home, End",
  "l: to the live edge, or the end"
].join("\n");
var PAGE_WIDE = [" ", ",", ".", "l"];
function action({ key, shiftKey }) {
  const step = shiftKey ? LAP_S : STEP_S;
  switch (key) {
    case " ":
      return { do: "toggle" };
    case "ArrowRight":
    case "ArrowUp":
      return { do: "move", by_s: step };
    case "ArrowLeft":
    case "ArrowDown":
      return { do: "move", by_s: -step };
    case "PageUp":
      return { do: "move", by_s: LAP_S };
    case "PageDown":
      return { do: "move", by_s: -LAP_S };
    case ",":
      return { do: "jump", direction: -1 };
    case ".":
      return { do: "jump", direction: 1 };
    case "Home":
      return { do: "seek", share: 0 };
    case "End":
    case "l":
      return { do: "end" };
    default:
      return /^[1-9]$/.test(key) ? { do: "seek", share: Number(key) / 10 } : null;
  }
}

// src/clock/loop.ts
var LONGEST_FRAME_S = 0.25;
function advance(time_s, frame_s, speed, end_s) {
  const elapsed = Math.min(Math.max(frame_s, 0), LONGEST_FRAME_S);
  return Math.min(time_s + elapsed * speed, Math.max(end_s, time_s));
}
var UNHEARD_S = 2;
var AHEAD_S = 1;
var edgeAt = ({ end_s, rate, heard_ms }, now_ms) => end_s + Math.min((now_ms - heard_ms) / 1e3, UNHEARD_S) * rate;
function followed(time_s, target_s, rate) {
  return target_s < time_s && time_s - target_s < AHEAD_S * rate ? time_s : target_s;
}
function run(model, signal) {
  let frame = 0;
  let last = Number.NaN;
  let edge2 = { end_s: model.get("end_s"), rate: model.get("rate"), heard_ms: performance.now() };
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
  };
  const step = (now) => {
    frame = requestAnimationFrame(step);
    const elapsed = Number.isNaN(last) ? 0 : (now - last) / 1e3;
    last = now;
    if (model.get("_held")) return;
    const time = model.get("time_s");
    if (model.get("live")) {
      const target = edgeAt(edge2, now) - model.get("delay_s");
      const next2 = advance(time, elapsed, model.get("speed"), target);
      if (!model.get("following") && next2 >= target) {
        model.set("following", true);
        model.set("speed", 1);
      }
      model.set("time_s", model.get("following") ? followed(time, target, edge2.rate) : next2);
      return;
    }
    const end = model.get("end_s");
    const next = advance(time, elapsed, model.get("speed"), end);
    model.set("time_s", next);
    if (next >= end) model.set("playing", false);
  };
  const startOrStop = () => {
    if (model.get("playing") && !frame) {
      last = Number.NaN;
      frame = requestAnimationFrame(step);
    } else if (!model.get("playing") && frame) {
      stop();
      queueMicrotask(() => model.save_changes());
    }
  };
  const follow = follower(signal);
  if (model.get("live") && isStandalone()) {
    model.set("live", false);
    model.set("following", false);
    model.set("playing", false);
  }
  const hear = () => {
    edge2 = { end_s: model.get("end_s"), rate: model.get("rate"), heard_ms: performance.now() };
    if (model.get("time_s") > edge2.end_s + UNHEARD_S * edge2.rate) model.set("time_s", edge2.end_s - model.get("delay_s"));
  };
  follow(model, "end_s", hear);
  follow(model, "rate", hear);
  follow(model, "live", () => {
    if (model.get("live")) return;
    model.set("following", false);
    model.set("speed", Math.max(1, model.get("speed")));
  });
  follow(model, "playing", startOrStop, true);
  signal.addEventListener("abort", stop);
}

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

// src/clock/menu.ts
function groups(bar, hideAhead) {
  const { model, selection } = bar;
  const { moments, status, isRace, laps } = bar.known;
  const now = model.get("time_s");
  const known = (m) => !hideAhead || m.time_s <= now || m.kind === "finish";
  const of = (kind) => moments.filter((m) => m.kind === kind);
  const neutral = spans(status, model.get("start_s"), model.get("end_s")).filter((s) => s.status === "safety_car" || s.status === "vsc" || s.status === "red").map((s) => ({
    time_s: s.from_s,
    kind: s.status,
    driver: null,
    lap: isRace ? lapAt(laps, s.from_s) : null,
    text: STATUS[s.status].name
  }));
  const stops = (code) => ({
    title: `Stops of ${code}`,
    moments: of("pit_stop").filter((m) => m.driver === code)
  });
  const all = [
    { title: "Session", moments: [...of("start"), ...model.get("live") ? [] : of("finish")] },
    { title: "Safety car and red flag", moments: neutral },
    { title: "Overtakes for the lead", moments: of("overtake") },
    { title: "Retirements", moments: of("out") },
    { title: "Fastest laps", moments: isRace ? [] : of("fastest_lap") },
    ...(selection?.get("drivers") ?? []).map(stops)
  ];
  return all.map((g) => ({ ...g, moments: g.moments.filter(known) })).filter((g) => g.moments.length);
}
function sign({ kind }) {
  if (kind === "safety_car" || kind === "vsc" || kind === "red")
    return `<i class="f1nb-jump-sign" data-s="${kind}">${icon(STATUS[kind].glyph, 12)}</i>`;
  return `<i class="f1nb-jump-sign" data-k="${esc(kind)}">${MARKS[kind] ?? ""}</i>`;
}
function menu(bar) {
  const { model, signal, follow } = bar;
  const button = element("button", "f1nb-button f1nb-jump", `${LIST}<span>Jump to</span>`);
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-label", "Jump to");
  const content = element(
    "div",
    "f1nb-jumps",
    '<div class="f1nb-jump-list"></div><label class="f1nb-switch"><input type="checkbox" name="hide_ahead"> Hide what comes</label>'
  );
  content.setAttribute("role", "dialog");
  content.setAttribute("aria-label", "Jump to");
  const [list, label] = content.children;
  label.before(delay(model, follow));
  const hide = label.firstElementChild;
  function draw() {
    const item = (m) => `<li><button data-t="${m.time_s}" data-k="${esc(m.kind)}">${sign(m)}<span>${esc(m.text)}</span><small>${m.lap === null ? "" : `L${m.lap} · `}${clockTime(m.time_s)}</small></button></li>`;
    list.innerHTML = groups(bar, hidesAhead(model)).map((g) => `<h3>${esc(g.title)}</h3><ul>${g.moments.map(item).join("")}</ul>`).join("");
  }
  popover(button, content, signal, () => {
    draw();
    (list.querySelector("button") ?? hide).focus();
  });
  follow(
    model,
    "hide_ahead",
    () => {
      hide.checked = model.get("hide_ahead");
      draw();
    },
    true
  );
  hide.addEventListener("change", () => {
    model.set("hide_ahead", hide.checked);
    model.save_changes();
  });
  list.addEventListener("click", (event) => {
    const at = event.target.closest("button");
    if (!at) return;
    if (at.dataset.k === "finish") goToEnd(model);
    else goToMoment(model, Number(at.dataset.t));
    content.hidePopover();
  });
  content.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const all = [...content.querySelectorAll("button, input")];
    const at = all.indexOf(document.activeElement);
    all[(at + step + all.length) % all.length].focus();
    event.preventDefault();
  });
  return [button, content];
}

// src/clock/rail.ts
var SHORTEST_BAND_S = 8;
var MARK_WIDTH_PX = { out: 14, fastest_lap: 9 };
var LABEL_PX = 24;
var FIRST_LABEL_PX = 14;
var OVERHANG_PX = 12;
var SELDOM_MS = 1e3;
function rail(bar) {
  const { model, selection, signal, follow, root, known } = bar;
  const seekbar = element(
    "div",
    "f1nb-seek",
    `<div class="f1nb-tags"></div>
     <div class="f1nb-rail" role="slider" tabindex="0" aria-label="Session time">
       <i class="f1nb-done"></i><span class="f1nb-bands"></span><span class="f1nb-stops"></span><i class="f1nb-ahead"></i>
       <i class="f1nb-head-line"><b></b></i>
     </div>
     <div class="f1nb-ticks" aria-hidden="true"></div>`
  );
  const find = (name) => seekbar.querySelector(`.f1nb-${name}`);
  const [tags, track, done, bands, stops, ahead, head, ticks] = ["tags", "rail", "done", "bands", "stops", "ahead", "head-line", "ticks"].map(find);
  const label = head.firstElementChild;
  let start = 0;
  let length = 1;
  const share = (time_s) => Math.min(1, Math.max(0, (time_s - start) / length));
  const percent = (time_s) => `${(share(time_s) * 100).toFixed(3)}%`;
  const words = (time_s) => known.isRace ? `lap ${lapAt(known.laps, time_s)}, ${clockTime(time_s)}` : clockTime(time_s);
  let width = 0;
  let signs = [];
  function drawSigns() {
    tags.replaceChildren();
    signs = [];
    const flags = spans(known.status, model.get("start_s"), model.get("end_s"));
    for (const { status: kind, from_s } of flags) {
      if (kind !== "safety_car" && kind !== "vsc" && kind !== "red") continue;
      const { name, short } = STATUS[kind];
      const node = element("button", "f1nb-tag", `<span>${short}</span>`);
      node.dataset.s = kind;
      node.setAttribute("aria-label", `Go to: ${name}, ${words(from_s)}`);
      signs.push({ node, time_s: from_s, isTag: true, width: 11 + 7.5 * short.length });
    }
    const marks = known.moments.filter((m) => m.kind in MARKS).sort((a, b) => b.kind.localeCompare(a.kind) || b.time_s - a.time_s);
    for (const { kind, time_s, text } of marks) {
      const node = element("span", "f1nb-mark", MARKS[kind]);
      node.dataset.k = kind;
      node.title = text;
      signs.push({ node, time_s, isTag: false, width: MARK_WIDTH_PX[kind] });
    }
    for (const { node, time_s } of signs) {
      node.dataset.t = String(time_s);
      tags.append(node);
    }
    bands.innerHTML = flags.filter((f) => f.to_s - f.from_s >= SHORTEST_BAND_S).map(
      (f) => `<i class="f1nb-band" data-s="${f.status}" style="left:${percent(f.from_s)};width:calc(${percent(f.to_s)} - ${percent(f.from_s)})" title="${STATUS[f.status].name}"></i>`
    ).join("");
  }
  function layOut() {
    width = track.clientWidth;
    const places = placeSigns(signs.map((s) => ({ x: share(s.time_s) * width, width: s.width, isTag: s.isTag })));
    signs.forEach(({ node }, i) => {
      const x = places[i];
      node.classList.toggle("is-crowded", x === null);
      node.style.left = `${x ?? 0}px`;
    });
  }
  let labels = [];
  function drawTicks() {
    labels = known.isRace ? lapTicks(known.laps) : minuteTicks(model.get("start_s"), model.get("end_s"));
    ticks.innerHTML = labels.map((t) => `<span style="left:${percent(t.time_s)}">${t.text}</span>`).join("");
  }
  function clearTicks(now) {
    labels.forEach(({ time_s }, i) => {
      const offset = i ? 0 : FIRST_LABEL_PX;
      const isUnder = Math.abs((share(now) - share(time_s)) * width - offset) < LABEL_PX;
      ticks.children[i].classList.toggle("is-under", isUnder);
    });
  }
  function drawStops() {
    const codes = selection?.get("drivers") ?? [];
    const t = tokens(root);
    const stopsOf = (code, i) => known.moments.filter((m) => m.kind === "pit_stop" && m.driver === code).map(
      (m) => `<i style="left:${percent(m.time_s)};--c:${lineColor(known.drivers, codes, i, t)}" title="${esc(m.text)}"></i>`
    ).join("");
    put(stops, codes.map(stopsOf).join(""));
  }
  let shown = "";
  function drawTime() {
    const now = model.get("time_s");
    const at = percent(now);
    done.style.width = at;
    head.style.left = at;
    ahead.style.left = at;
    const hides = hidesAhead(model);
    const text = `${Math.floor(now)} ${hides}`;
    if (text === shown) return;
    shown = text;
    label.textContent = known.isRace ? `L${lapAt(known.laps, now)}` : clockTime(now);
    const at_px = share(now) * width;
    const half = Math.max(0, label.offsetWidth / 2 - OVERHANG_PX);
    label.style.marginLeft = `${Math.max(half - at_px, 0) - Math.max(at_px + half - width, 0)}px`;
    track.setAttribute("aria-valuenow", String(Math.round(now)));
    track.setAttribute("aria-valuetext", words(now));
    ahead.hidden = !hides;
    clearTicks(now);
    for (const { node, time_s } of signs) node.hidden = hides && time_s > now;
  }
  function drawAll() {
    start = model.get("start_s");
    length = Math.max(1, model.get("end_s") - start);
    track.setAttribute("aria-valuemin", String(Math.floor(start)));
    track.setAttribute("aria-valuemax", String(Math.ceil(start + length)));
    shown = "";
    drawSigns();
    layOut();
    drawTicks();
    drawStops();
    drawTime();
  }
  const observer = new ResizeObserver(() => {
    layOut();
    shown = "";
    drawTime();
    drawStops();
  });
  observer.observe(track);
  signal.addEventListener("abort", () => observer.disconnect());
  let drawn_ms = performance.now();
  follow(
    model,
    "end_s",
    () => {
      if (model.get("live") && performance.now() - drawn_ms < SELDOM_MS) return;
      drawn_ms = performance.now();
      drawAll();
    },
    true
  );
  follow(model, "live", drawAll);
  bar.onGrowth(drawAll);
  follow(model, "time_s", drawTime);
  follow(model, "hide_ahead", drawTime);
  if (selection) follow(selection, "drivers", drawStops);
  onTheme(drawStops, signal);
  tags.addEventListener("click", (event) => {
    const at = event.target.closest("[data-t]");
    if (at) goToMoment(model, Number(at.dataset.t));
  });
  const hold = new Hold(model, signal);
  const drag = (event) => {
    const box = track.getBoundingClientRect();
    const at = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    model.set("time_s", start + at * length);
  };
  track.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    track.setPointerCapture(event.pointerId);
    hold.take();
    drag(event);
  });
  track.addEventListener("pointermove", (event) => {
    if (hold.isOn && track.hasPointerCapture(event.pointerId)) drag(event);
  });
  track.addEventListener("lostpointercapture", () => hold.release());
  return seekbar;
}

// src/clock/index.ts
var SPEEDS = [0.5, 1, 5, 10, 30];
function speeds({ model, follow }) {
  const group = element("span", "f1nb-seg f1nb-speed");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Speed");
  const draw = () => {
    const now = model.get("speed");
    const all = SPEEDS.includes(now) ? SPEEDS : [...SPEEDS, now].sort((a, b) => a - b);
    put(group, all.map((x) => `<button data-speed="${x}" aria-pressed="${x === now}">${x}×</button>`).join(""));
  };
  follow(model, "speed", draw, true);
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const speed = Number(button.dataset.speed);
    model.set("speed", speed);
    model.save_changes();
    group.querySelector(`[data-speed="${speed}"]`)?.focus();
  });
  return group;
}
function controls(bar) {
  const { model, follow } = bar;
  const box = element(
    "div",
    "f1nb-ctl",
    `<button class="f1nb-button" data-a="previous" aria-label="Previous event" title="Previous event (,)">${PREVIOUS}</button>
     <button class="f1nb-button f1nb-play" data-a="play" title="${KEYS_HELP}"></button>
     <button class="f1nb-button" data-a="next" aria-label="Next event" title="Next event (.)">${NEXT}</button>`
  );
  const [previous, play, next] = box.children;
  previous.addEventListener("click", () => goToNext(bar, -1));
  play.addEventListener("click", () => toggle(model));
  next.addEventListener("click", () => goToNext(bar, 1));
  const draw = () => {
    const playing = model.get("playing");
    put(play, playing ? PAUSE : PLAY);
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
  };
  follow(model, "playing", draw, true);
  box.append(...menu(bar), speeds(bar));
  return box;
}
function edge({ model, follow }) {
  const box = element("div", "f1nb-edge");
  const end = element("button", "f1nb-live", `${END}<span>To the end<small></small></span>`);
  const ahead = end.querySelector("small");
  end.dataset.a = "end";
  end.addEventListener("click", () => goToEnd(model));
  const words = end.querySelector("span");
  const draw = () => {
    const isLive = model.get("live");
    const left = model.get("end_s") - model.get("delay_s") - model.get("time_s");
    const isThere = isLive ? model.get("following") : left < 1;
    if (end.dataset.live !== String(isLive)) {
      end.dataset.live = String(isLive);
      words.firstChild.data = isLive ? "Live" : "To the end";
      end.title = isLive ? "Go to the live edge and stay there (End)" : "";
    }
    end.classList.toggle("is-there", isLive && isThere);
    end.setAttribute("aria-pressed", String(isLive && isThere));
    const held = model.get("delay_s") ? `${model.get("delay_s")} s delay` : "at the edge";
    put(ahead, isThere ? isLive ? held : "at the end" : `${clockTime(Math.max(0, left))} ${isLive ? "behind" : "ahead"}`);
  };
  for (const trait of ["time_s", "end_s", "delay_s", "live", "following"]) follow(model, trait, draw);
  draw();
  box.append(delay(model, follow), end);
  return box;
}
function act(bar, what) {
  const { model } = bar;
  const [start, end] = [model.get("start_s"), model.get("end_s")];
  if (what.do === "end") goToEnd(model);
  else if (what.do === "toggle") toggle(model);
  else if (what.do === "jump") goToNext(bar, what.direction);
  else if (what.do === "move") seek(asClock(model), model.get("time_s") + what.by_s);
  else seek(asClock(model), start + what.share * (end - start));
}
function keys(bar) {
  const { root, signal } = bar;
  const press = (event) => {
    const target = event.target;
    const isTyping = target.matches("input, select, textarea");
    const isClick = event.key === " " && target.matches("button");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping || isClick) return;
    const what = action(event);
    if (!what) return;
    event.preventDefault();
    act(bar, what);
  };
  root.addEventListener("keydown", press, { signal });
  root.tabIndex = -1;
  const leave = (event) => {
    const target = event.target;
    if (event.detail && target.closest("button") && !target.closest("[popover]")) root.focus({ preventScroll: true });
  };
  root.addEventListener("click", leave, { signal });
  const pageWide = (event) => {
    const target = event.target;
    const isFirst = document.querySelector(".f1nb-transport") === root;
    const isWanted = target.closest("a, button, input, select, textarea, summary, [role=slider], [contenteditable]");
    if (PAGE_WIDE.includes(event.key) && isOurs() && isFirst && !isWanted && !root.contains(target)) press(event);
  };
  document.addEventListener("keydown", pageWide, { signal });
}
function readKnown(tables) {
  return {
    moments: readMoments(tables.events),
    status: readStatus(tables.status),
    laps: { lap: tables.leader_laps.number("lap"), time_s: tables.leader_laps.number("time_s") },
    drivers: readDrivers(tables.drivers),
    isRace: ["R", "S"].includes(tables.session.text("session")[0] ?? "") && tables.leader_laps.rows > 0
  };
}
async function render({ model, el, host, signal }) {
  const selected = model.get("selection");
  const [tables, selection] = await Promise.all([
    readTables(host, model.get("_tables")),
    selected ? host.getModel(selected) : null
  ]);
  if (signal.aborted) return;
  const root = element("div", "f1nb-transport");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Session clock");
  const told = [];
  const bar = {
    model,
    selection,
    signal,
    follow: follower(signal),
    root,
    known: readKnown(tables),
    onGrowth: (callback) => {
      told.push(callback);
    }
  };
  for (const table of Object.values(tables))
    table.watch(() => {
      Object.assign(bar.known, readKnown(tables));
      for (const callback of told) callback();
    }, signal);
  el.classList.add("f1nb", "f1nb-cell");
  keepKeys(el, signal);
  const strip = element("div", "f1nb-strip");
  root.append(strip);
  el.replaceChildren(root);
  strip.append(controls(bar), rail(bar), edge(bar));
  keys(bar);
}
var clock_default = {
  initialize({ model, signal }) {
    run(model, signal);
  },
  render
};
export {
  clock_default as default
};
