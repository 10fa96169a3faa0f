// src/shared/columns.ts
var Table = class {
  rows;
  bytes;
  at = /* @__PURE__ */ new Map();
  numbers = /* @__PURE__ */ new Map();
  texts = /* @__PURE__ */ new Map();
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
  initialize({ model }) {
    let opened;
    return {
      table() {
        opened ??= openTable(model.get("data"));
        return opened;
      }
    };
  }
};
export {
  columns_default as default
};
