// What a standalone file has in place of a kernel and a widget manager: models that only live in the page, and a host that
// finds and draws them. `f1nb/export.py` puts it behind the state it reads.
import type { AnyModel, AnyWidget, Host } from "@anywidget/types";
import { chosenTheme } from "../shared/theme";
import { box, unsupported } from "./boxes";
import { decode, type Page, readPage, refId, type WidgetState } from "./page";
import { Model } from "./traits";

const experimental = {
  invoke: () => Promise.reject(new Error("There is no kernel behind this file; open the notebook for this.")),
};

interface Live {
  model: Model;
  exports: unknown;
  render(el: HTMLElement, signal: AbortSignal): Promise<void>;
}

class Manager {
  private readonly live = new Map<string, Promise<Live>>();
  private readonly modules = new Map<string, Promise<AnyWidget>>();
  private readonly forever = new AbortController().signal;

  constructor(private readonly page: Page) {}

  readonly host: Host = {
    getModel: async (ref) => (await this.widget(ref)).model as unknown as AnyModel<never>,
    getWidget: async <T>(ref: string) => {
      const { exports, render } = await this.widget(ref);
      return { exports: exports as T, render: ({ el, signal }) => render(el, signal ?? this.forever) };
    },
  };

  widget(ref: string): Promise<Live> {
    const id = refId(ref);
    const known = this.live.get(id);
    if (known) return known;
    const state = this.page.widgets[id];
    if (!state) return Promise.reject(new Error(`This file has no widget ${id}`));
    const opened = state.esm ? this.open(state) : Promise.resolve(this.openBox(state));
    this.live.set(id, opened);
    return opened;
  }

  private newModel(widget: WidgetState): Model {
    return new Model(decode(widget), (id) => this.host.getModel(id));
  }

  private async open(widget: WidgetState): Promise<Live> {
    const model = this.newModel(widget);
    const module = await this.module(widget.esm as string);
    const definition = typeof module === "function" ? await module() : module;
    const props = { model: model as unknown as AnyModel, experimental };
    const made = await definition.initialize?.({ ...props, signal: this.forever });
    return {
      model,
      exports: typeof made === "object" ? made : {},
      render: async (el, signal) => {
        this.dress(el, model);
        const leave = await definition.render?.({ ...props, el, signal, host: this.host } as never);
        if (typeof leave === "function") signal.addEventListener("abort", () => leave());
      },
    };
  }

  private openBox(widget: WidgetState): Live {
    const model = this.newModel(widget);
    const render = async (el: HTMLElement, signal: AbortSignal) => {
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
  private dress(el: HTMLElement, model: Model): void {
    el.classList.add(...((model.get("_dom_classes") as string[] | undefined) ?? []));
    const layout = model.get("layout") as string | null | undefined;
    const wanted = layout ? this.page.widgets[refId(layout)]?.state : undefined;
    for (const [name, value] of Object.entries(wanted ?? {})) {
      if (!name.startsWith("_") && value) el.style.setProperty(name.replaceAll("_", "-"), String(value));
    }
  }

  private module(hash: string): Promise<AnyWidget> {
    const known = this.modules.get(hash);
    if (known) return known;
    const url = URL.createObjectURL(new Blob([this.page.texts[hash]], { type: "text/javascript" }));
    const loaded = import(url).then((m) => {
      URL.revokeObjectURL(url);
      return m.default as AnyWidget;
    });
    this.modules.set(hash, loaded);
    return loaded;
  }
}

/** The viewer decides, in the address or with a button, then the file, then the system; panels follow the attribute that Jupyter sets, too. */
function applyTheme(page: Page): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const asked = new URLSearchParams(location.search).get("theme") ?? page.theme;
  const apply = (isDark: boolean) => document.body.setAttribute("data-jp-theme-light", String(!isDark));
  apply(asked === "dark" || (asked !== "light" && dark.matches));
  if (asked !== "dark" && asked !== "light") dark.addEventListener("change", () => chosenTheme() || apply(dark.matches));
}

function addStyles(page: Page): void {
  for (const hash of page.styles) {
    const style = document.createElement("style");
    style.textContent = page.texts[hash];
    document.head.append(style);
  }
}

async function start(): Promise<void> {
  const page = readPage(document.getElementById("f1nb-state")?.textContent ?? "");
  const root = document.getElementById("f1nb-root") as HTMLElement;
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
