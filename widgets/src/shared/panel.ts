// What every panel is: a title, a body, the shared clock and selection, its tables, and a word for every state.
import type { AnyModel, Host, RenderProps } from "@anywidget/types";
import type { ColumnsExports } from "../columns/index";
import type { Table } from "./columns";
import { esc } from "./format";
import type { Clock, Note, PanelModel, Selection } from "./models";
import { keepKeys } from "./page";
import { icon } from "./status";
import { onTheme } from "./theme";

/** What a panel is connected to, whatever it looks like. */
export interface Bare<M extends PanelModel = PanelModel> {
  model: AnyModel<M>;
  host: Host;
  signal: AbortSignal;
  clock: Clock;
  selection: Selection;
  tables: Record<string, Table>;
  /** the panel's <section>; container queries ask its width */
  root: HTMLElement;
  /** follow a trait until the panel goes; called once now when `now` is true */
  follow<T extends object>(model: AnyModel<T>, trait: keyof T & string, callback: () => void, now?: boolean): void;
  /** make a callback of the panel's own (a frame) as safe as those of `follow`: what it throws is said on the panel */
  guard(callback: () => void): () => void;
  /** dark or light has changed */
  onTheme(callback: () => void): void;
  /** these tables have grown: told once a frame, with the first row of each that is new or another one than before */
  grows(names: string[], callback: (from: Record<string, number>) => void): void;
  /** set the panel up again, from an empty body: what it shows is of another kind now */
  restart(): void;
}

export interface Panel<M extends PanelModel = PanelModel> extends Bare<M> {
  /** muted words after the title */
  meta: HTMLElement;
  /** controls at the right of the title */
  tools: HTMLElement;
  body: HTMLElement;
  /** fill the body with a reason and a remedy instead of data */
  blank(note: Blank): void;
}

/** `<tag class="…">html</tag>`. The caller has escaped what comes from data. */
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, className = "", html = ""): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (html) e.innerHTML = html;
  return e;
}

/** Set innerHTML only when it differs: figures that stay do not repaint. */
export function put(e: Element & { f1nbHtml?: string }, html: string): void {
  if (e.f1nbHtml === html) return;
  e.f1nbHtml = html;
  e.innerHTML = html;
}

export async function readTables(host: Host, refs: Record<string, string>): Promise<Record<string, Table>> {
  const entries = Object.entries(refs).map(async ([name, ref]) => {
    const { exports } = await host.getWidget<ColumnsExports>(ref);
    return [name, await exports.table()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** A callback whose first failure is told, and which never throws: the clock and the other panels go on. */
function guarded(callback: () => void, report: (error: unknown) => void): () => void {
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

/** What follows traits until the signal aborts. */
export function follower(signal: AbortSignal, report: (error: unknown) => void = () => {}) {
  return <T extends object>(model: AnyModel<T>, trait: keyof T & string, callback: () => void, now = false): void => {
    const safe = guarded(callback, report);
    model.on(`change:${trait}`, safe);
    signal.addEventListener("abort", () => model.off(`change:${trait}`, safe));
    if (now) callback();
  };
}

const GLYPHS: Record<Exclude<Note["kind"], "derived">, string> = {
  info: '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M5 8h6" stroke="currentColor" stroke-width="1.4"/>',
  warn: '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round"/><path d="M8 6v4m0 1.4v1" stroke="currentColor" stroke-width="1.5"/>',
  error:
    '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round"/><path d="M8 6v4m0 1.4v1" stroke="currentColor" stroke-width="1.5"/>',
  act: '<path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3 7h10v7H3z" fill="none" stroke="currentColor" stroke-width="1.4"/>',
};

export type Blank = Omit<Note, "blank" | "kind"> & { kind: keyof typeof GLYPHS };

export function blankHtml(note: Blank): string {
  const code = note.code ? `<span class="f1nb-code">${esc(note.code)}</span>` : "";
  return `<div class="f1nb-blank" data-k="${note.kind}">${icon(GLYPHS[note.kind], 26)}<h3>${esc(note.title)}</h3><p>${esc(note.text)}</p>${code}</div>`;
}

function noteHtml(note: Omit<Note, "blank">): string {
  const code = note.code ? ` <span class="f1nb-code">${esc(note.code)}</span>` : "";
  return `<div class="f1nb-note" data-k="${note.kind}"><span><b>${esc(note.title)}</b> ${esc(note.text)}${code}</span></div>`;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Where a panel says what went wrong in it after it was drawn: here, the first time, and in a callback in Python. */
export class Trouble {
  readonly el = element("div", "f1nb-trouble");
  private failed = "";
  private python = "";

  constructor() {
    this.el.setAttribute("role", "alert");
  }

  readonly report = (error: unknown): void => {
    if (this.failed) return;
    const text = "What it shows may be old; the others go on. Reload the page; if it happens again, report:";
    this.failed = noteHtml({ kind: "error", title: "A panel failed.", text, code: reason(error) });
    put(this.el, this.failed + this.python);
  };

  fromPython(text: string): void {
    this.python = text && noteHtml({ kind: "error", title: "A callback failed.", text, code: "" });
    put(this.el, this.failed + this.python);
  }
}

/** What says which session it is, and who is in it: where that changes, a panel is another one. */
const IDENTITY: Record<string, string[]> = {
  session: ["year", "event", "session", "start_epoch_s", "total_laps"],
  drivers: ["driver", "full_name", "team", "team_color", "number", "grid_position"],
};

const identity = (name: string, table: Table): string =>
  IDENTITY[name]
    .filter((column) => table.has(column))
    .map((column) => (table.isText(column) ? table.text(column) : table.number(column)).join())
    .join(";");

/** A callback that runs once in the next frame, however often it is asked for until then. */
function oncePerFrame(callback: () => void, signal: AbortSignal): () => void {
  let waiting = 0;
  signal.addEventListener("abort", () => cancelAnimationFrame(waiting));
  return () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      if (!signal.aborted) callback();
    });
  };
}

/** Open what the panel refers to; undefined when the panel is gone by then. */
async function connect<M extends PanelModel>(
  { model, host }: RenderProps<M>,
  signal: AbortSignal,
  root: HTMLElement,
  trouble: Trouble,
  restart: () => void,
): Promise<Bare<M> | undefined> {
  const state = model as unknown as AnyModel<PanelModel>;
  const [clock, selection, tables] = await Promise.all([
    host.getModel(state.get("clock")) as Promise<unknown> as Promise<Clock>,
    host.getModel(state.get("selection")) as Promise<unknown> as Promise<Selection>,
    readTables(host, state.get("_tables")),
  ]);
  if (signal.aborted) return undefined;
  const guard = (callback: () => void) => guarded(callback, trouble.report);
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
      let from: Record<string, number> = {};
      const tell = oncePerFrame(
        guard(() => {
          const known = from;
          from = {};
          callback(known);
        }),
        signal,
      );
      for (const name of names)
        tables[name].watch((row) => {
          from[name] = Math.min(row, from[name] ?? row);
          tell();
        }, signal);
    },
    restart: again,
  };
}

/** Call `start` now and whenever it asks for it again; what it began before is aborted then. */
function startable(signal: AbortSignal, start: (signal: AbortSignal, restart: () => void) => Promise<void>): Promise<void> {
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

/** A panel without a shared clock carries the controls of its own. */
async function ownClock<M extends PanelModel>({ model, el, host, signal }: RenderProps<M>): Promise<void> {
  const state = model as unknown as AnyModel<PanelModel>;
  if (!state.get("_owns_clock")) return;
  const foot = element("footer", "f1nb-own-clock");
  el.append(foot);
  await (await host.getWidget(state.get("clock"))).render({ el: foot, signal });
}

/** The `render` of a panel that has no title bar and draws into `root` itself. */
export function bare<M extends PanelModel>(name: string, setup: (p: Bare<M>) => void | Promise<void>) {
  return async (props: RenderProps<M>): Promise<void> => {
    const { model, el, signal } = props;
    el.classList.add("f1nb", "f1nb-cell");
    keepKeys(el, signal);
    const root = element("section", `f1nb-panel f1nb-${name}`);
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", (model as unknown as AnyModel<PanelModel>).get("title"));
    el.replaceChildren(root);
    await startable(signal, async (own, restart) => {
      const trouble = new Trouble();
      const p = await connect(props, own, root, trouble, restart);
      if (!p) return;
      root.replaceChildren();
      await setup(p);
      root.append(trouble.el);
    });
    await ownClock(props);
  };
}

/**
 * The `render` of a panel. `name` becomes the class `f1nb-<name>`; `setup` gets the panel when its tables are there and
 * draws into `body`. It is not called when a note says that there is nothing to show.
 */
export function panel<M extends PanelModel>(name: string, setup: (p: Panel<M>) => void | Promise<void>) {
  return async (props: RenderProps<M>): Promise<void> => {
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
    const [title, marks] = head.children as unknown as HTMLElement[];
    const follow = follower(signal, trouble.report);
    const state = model as unknown as AnyModel<PanelModel>; // the traits every panel has
    follow(
      state,
      "title",
      () => {
        title.textContent = state.get("title");
        root.setAttribute("aria-label", state.get("title"));
      },
      true,
    );
    follow(
      state,
      "height",
      () => {
        const height = state.get("height");
        root.style.height = height ? `${height}px` : "";
      },
      true,
    );
    follow(state, "_error", () => trouble.fromPython(state.get("_error")), true);
    const blankNote = () => state.get("_notes").find((n): n is Note & Blank => n.blank && n.kind !== "derived");
    follow(
      state,
      "_notes",
      () => {
        const all = state.get("_notes");
        const derived = all.filter((n) => n.kind === "derived"); // one badge, however many tables it is true of
        const why = derived.map((n) => n.text).join("\n");
        put(
          marks,
          derived.length ? `<span class="f1nb-badge" data-k="est" title="${esc(why)}">${esc(derived[0].title)}</span>` : "",
        );
        put(
          notes,
          all
            .filter((n) => !n.blank && n.kind !== "derived")
            .map(noteHtml)
            .join(""),
        );
      },
      true,
    );

    let parts: HTMLElement[] = [];
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
        if (Boolean(blankNote()) !== Boolean(blank)) restart(); // while a session goes on, what there was not can come
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
        if (year) root.dataset.season = String(year); // the colours of tyres depend on it
        await setup({
          ...p,
          meta,
          tools,
          body,
          blank: (note) => {
            body.innerHTML = blankHtml(note);
          },
        });
      } catch (error) {
        body.innerHTML = blankHtml({
          kind: "error",
          title: "This panel could not be drawn",
          text: "The other panels go on. Reload the page; if it happens again, report the text below.",
          code: reason(error),
        });
        throw error;
      }
    });
    await ownClock(props);
  };
}
