// src/bokeh/index.ts
async function evaluate(data) {
  const packed = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const source = await new Response(stream).text();
  const root = {};
  new Function(source).call(root);
  if (!root.Bokeh) throw new Error("BokehJS did not start");
  root.Bokeh.logger.set_level("warn");
  return root.Bokeh;
}
var bokeh_default = {
  initialize({ model }) {
    let loaded;
    return {
      load() {
        loaded ??= evaluate(model.get("data"));
        return loaded;
      }
    };
  }
};
export {
  bokeh_default as default
};
