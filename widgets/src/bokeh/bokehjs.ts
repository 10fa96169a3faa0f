// The little of BokehJS that charts use. Written down because Bokeh's own types are 3 MB and not on this page.

export interface BokehModel {
  setv(values: Record<string, unknown>): void;
  [property: string]: unknown;
}

export interface BokehDocument {
  get_model_by_name(name: string): BokehModel | null;
}

export interface BokehView {
  model: BokehModel & { document: BokehDocument };
  remove(): void;
}

export interface BokehRoot {
  embed: { embed_item(item: unknown, target: HTMLElement): Promise<Iterable<BokehView>> };
  logger: { set_level(level: string): void };
}
