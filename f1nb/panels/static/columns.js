// src/shared/columns.ts
var Table = class {
  rows;
  bytes;
  at = /* @__PURE__ */ new Map();
  numbers = /* @__PURE__ */ new Map();
  texts = /* @__PURE__ */ new Map();
  watchers = /* @__PURE__ */ new Set();
  constructor(bytes) {
    this.bytes = bytes;
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    this.rows = header.rows;
    let offset = 4 + length;
    for (const head of header.columns) {
      this.at.set(head.name, { head, offset });
      offset += header.rows * (head.planes + (head.missing ? 1 : 0));
    }
  }
  has(name) {
    return this.at.has(name);
  }
  isText(name) {
    return this.at.get(name)?.head.values !== void 0;
  }
  /** A column of numbers, or of booleans as 0 and 1. Missing is NaN. */
  number(name) {
    let out = this.numbers.get(name);
    if (!out) {
      const { head, missing, steps } = this.decode(name);
      out = new Float64Array(this.rows);
      const scale = head.scale ?? 1;
      for (let i = 0; i < this.rows; i++) out[i] = missing?.[i] ? Number.NaN : steps[i] / scale;
      this.numbers.set(name, out);
    }
    return out;
  }
  /** A column of texts. Missing is null. */
  text(name) {
    let out = this.texts.get(name);
    if (!out) {
      const { head, missing, steps } = this.decode(name);
      const values = head.values ?? [];
      out = Array.from(steps, (code, i) => missing?.[i] ? null : values[code]);
      this.texts.set(name, out);
    }
    return out;
  }
  /** Be told when it has grown, until the signal aborts. Columns have to be read again. */
  watch(callback, signal) {
    this.watchers.add(callback);
    signal.addEventListener("abort", () => this.watchers.delete(callback));
  }
  /** Keep the first rows and put others behind them. */
  grow(kept, tail) {
    for (const [name, { head }] of this.at) {
      if (head.values) {
        const column = this.text(name);
        column.length = kept;
        for (const text of tail.text(name)) column.push(text);
      } else {
        const column = this.number(name);
        const length = kept + tail.rows;
        const room = column.buffer.byteLength >= 8 * length ? new Float64Array(column.buffer) : new Float64Array(2 * length);
        if (room.buffer !== column.buffer) room.set(column.subarray(0, kept));
        room.set(tail.number(name), kept);
        this.numbers.set(name, room.subarray(0, length));
      }
    }
    this.rows = kept + tail.rows;
    for (const watcher of [...this.watchers]) watcher(kept);
  }
  decode(name) {
    const found = this.at.get(name);
    if (!found) throw new Error(`no column ${name}`);
    const { head } = found;
    let { offset } = found;
    const n = this.rows;
    let missing = null;
    if (head.missing) {
      missing = this.bytes.subarray(offset, offset + n);
      offset += n;
    }
    const steps = new Int32Array(n);
    for (let p = 0; p < head.planes; p++) {
      const plane = this.bytes.subarray(offset + p * n, offset + (p + 1) * n);
      for (let i = 0; i < n; i++) steps[i] |= plane[i] << 8 * p;
    }
    for (let i = 0; i < n; i++) steps[i] = steps[i] >>> 1 ^ -(steps[i] & 1);
    for (let k = 0; k < head.order; k++) for (let i = 1; i < n; i++) steps[i] = steps[i] + steps[i - 1] | 0;
    return { head, missing, steps };
  }
};
async function openTable(data) {
  const packed = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Table(new Uint8Array(await new Response(stream).arrayBuffer()));
}

// src/columns/index.ts
var columns_default = {
  initialize({ model, signal }) {
    let opened;
    let version = model.get("version");
    const table = () => {
      opened ??= openTable(model.get("data"));
      return opened;
    };
    let growing = Promise.resolve();
    const grow = async (growth, tail, before) => {
      const [whole, rows] = await Promise.all([table(), openTable(tail), before]);
      if (growth.kept && growth.version !== version + 1) {
        model.send({ type: "again" });
        return;
      }
      version = growth.version;
      whole.grow(growth.kept, rows);
    };
    const onMessage = (growth, buffers) => {
      growing = grow(growth, buffers[0], growing).catch((error) => console.error(error));
    };
    model.on("msg:custom", onMessage);
    signal.addEventListener("abort", () => model.off("msg:custom", onMessage));
    return { table };
  }
};
export {
  columns_default as default
};
