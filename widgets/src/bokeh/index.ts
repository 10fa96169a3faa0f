// BokehJS for all charts of a page: inflated and evaluated once, when the first chart asks for it.
import type { AnyModel } from "@anywidget/types";
import type { BokehRoot } from "./bokehjs";
import type { Model } from "./model";

export interface BokehExports {
  load(): Promise<BokehRoot>;
}

async function evaluate(data: DataView): Promise<BokehRoot> {
  const packed = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const source = await new Response(stream).text();
  // an object of its own to hang itself on: a Bokeh that the page may have already stays as it is
  const root: { Bokeh?: BokehRoot } = {};
  new Function(source).call(root);
  if (!root.Bokeh) throw new Error("BokehJS did not start");
  root.Bokeh.logger.set_level("warn"); // it announces every chart in the console
  return root.Bokeh;
}

export default {
  initialize({ model }: { model: AnyModel<Model> }): BokehExports {
    let loaded: Promise<BokehRoot> | undefined;
    return {
      load() {
        loaded ??= evaluate(model.get("data"));
        return loaded;
      },
    };
  },
};
