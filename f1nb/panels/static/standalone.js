// src/shared/theme.ts
var chosenTheme = () => document.body.dataset.f1nbTheme;

// src/standalone/boxes.ts
var DIRECTIONS = { BoxModel: "row", HBoxModel: "row", VBoxModel: "column" };
function box(el, name, get) {
  if (name === "LabelModel") {
    el.textContent = String(get("value") ?? "");
    return [];
  }
  if (name === "HTMLModel" || name === "HTMLMathModel") {
    el.innerHTML = String(get("value") ?? "");
    return [];
  }
  if (name !== "GridBoxModel" && !(name in DIRECTIONS)) return null;
  el.style.display = name === "GridBoxModel" ? "grid" : "flex";
  if (name in DIRECTIONS && !el.style.flexFlow) el.style.flexDirection = DIRECTIONS[name];
  return get("children") ?? [];
}
function unsupported(el, name) {
  el.textContent = `${name.replace(/Model$/, "")} needs a kernel: open the notebook for it.`;
}

// src/standalone/page.ts
var readPage = (json) => JSON.parse(json);
var refId = (ref) => ref.replace(/^(anywidget:|IPY_MODEL_)/, "");
function bytes(base64) {
  const text = atob(base64);
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return new DataView(out.buffer);
}
function decode(widget) {
  for (const [path, base64] of widget.buffers) {
    const last = path[path.length - 1];
    const parent = path.slice(0, -1).reduce((at, key) => at[key], widget.state);
    parent[last] = bytes(base64);
  }
  return widget.state;
}
function equal(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}

// src/standalone/traits.ts
var Model = class {
  state;
  callbacks = /* @__PURE__ */ new Map();
  widget_manager;
  constructor(state, getModel) {
    this.state = state;
    this.widget_manager = { get_model: getModel };
  }
  get(key) {
    return this.state[key];
  }
  set(key, value) {
    const changes = typeof key === "string" ? { [key]: value } : key;
    const changed = Object.keys(changes).filter((name) => !equal(this.state[name], changes[name]));
    for (const name of changed) this.state[name] = changes[name];
    for (const name of changed) this.trigger(`change:${name}`, this, changes[name]);
    if (changed.length) this.trigger("change", this);
  }
  on(name, callback) {
    for (const one of name.split(" ")) {
      const callbacks = this.callbacks.get(one) ?? /* @__PURE__ */ new Set();
      this.callbacks.set(one, callbacks.add(callback));
    }
  }
  off(name, callback) {
    for (const one of name ? name.split(" ") : this.callbacks.keys()) {
      if (callback) this.callbacks.get(one)?.delete(callback);
      else this.callbacks.delete(one);
    }
  }
  save_changes() {
  }
  send() {
  }
  trigger(name, ...args) {
    for (const callback of [...this.callbacks.get(name) ?? []]) {
      try {
        callback(...args);
      } catch (error) {
        console.error(error);
      }
    }
  }
};

// src/standalone/index.ts
var experimental = {
  invoke: () => Promise.reject(new Error("There is no kernel behind this file; open the notebook for this."))
};
var Manager = class {
  constructor(page) {
    this.page = page;
  }
  page;
  live = /* @__PURE__ */ new Map();
  modules = /* @__PURE__ */ new Map();
  forever = new AbortController().signal;
  host = {
    getModel: async (ref) => (await this.widget(ref)).model,
    getWidget: async (ref) => {
      const { exports, render } = await this.widget(ref);
      return { exports, render: ({ el, signal }) => render(el, signal ?? this.forever) };
    }
  };
  widget(ref) {
    const id = refId(ref);
    const known = this.live.get(id);
    if (known) return known;
    const state = this.page.widgets[id];
    if (!state) return Promise.reject(new Error(`This file has no widget ${id}`));
    const opened = state.esm ? this.open(state) : Promise.resolve(this.openBox(state));
    this.live.set(id, opened);
    return opened;
  }
  newModel(widget) {
    return new Model(decode(widget), (id) => this.host.getModel(id));
  }
  async open(widget) {
    const model = this.newModel(widget);
    const module = await this.module(widget.esm);
    const definition = typeof module === "function" ? await module() : module;
    const props = { model, experimental };
    const made = await definition.initialize?.({ ...props, signal: this.forever });
    return {
      model,
      exports: typeof made === "object" ? made : {},
      render: async (el, signal) => {
        this.dress(el, model);
        const leave = await definition.render?.({ ...props, el, signal, host: this.host });
        if (typeof leave === "function") signal.addEventListener("abort", () => leave());
      }
    };
  }
  openBox(widget) {
    const model = this.newModel(widget);
    const render = async (el, signal) => {
      this.dress(el, model);
      const children = box(el, widget.name, (key) => model.get(key));
      if (!children) unsupported(el, widget.name);
      for (const ref of children ?? []) {
        const child = el.appendChild(document.createElement("div"));
        await (await this.widget(ref)).render(child, signal);
      }
    };
    return { model, exports: {}, render };
  }
  /** Classes and layout that Python gave the widget. */
  dress(el, model) {
    el.classList.add(...model.get("_dom_classes") ?? []);
    const layout = model.get("layout");
    const wanted = layout ? this.page.widgets[refId(layout)]?.state : void 0;
    for (const [name, value] of Object.entries(wanted ?? {})) {
      if (!name.startsWith("_") && value) el.style.setProperty(name.replaceAll("_", "-"), String(value));
    }
  }
  module(hash) {
    const known = this.modules.get(hash);
    if (known) return known;
    const url = URL.createObjectURL(new Blob([this.page.texts[hash]], { type: "text/javascript" }));
    const loaded = import(url).then((m) => {
      URL.revokeObjectURL(url);
      return m.default;
    });
    this.modules.set(hash, loaded);
    return loaded;
  }
};
function applyTheme(page) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const asked = new URLSearchParams(location.search).get("theme") ?? page.theme;
  const apply = (isDark) => document.body.setAttribute("data-jp-theme-light", String(!isDark));
  apply(asked === "dark" || asked !== "light" && dark.matches);
  if (asked !== "dark" && asked !== "light") dark.addEventListener("change", () => chosenTheme() || apply(dark.matches));
}
function addStyles(page) {
  for (const hash of page.styles) {
    const style = document.createElement("style");
    style.textContent = page.texts[hash];
    document.head.append(style);
  }
}
async function start() {
  const page = readPage(document.getElementById("f1nb-state")?.textContent ?? "");
  const root = document.getElementById("f1nb-root");
  applyTheme(page);
  addStyles(page);
  try {
    const { render } = await new Manager(page).host.getWidget(page.root);
    await render({ el: root });
    root.removeAttribute("aria-busy");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    root.textContent = `This page could not be drawn: ${reason}. It needs a browser from 2023 or later.`;
    throw error;
  }
}
void start();
