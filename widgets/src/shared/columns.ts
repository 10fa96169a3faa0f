// Reads what f1nb/panels/_wire.py writes: zlib(u32 header length | header JSON | buffers).

interface ColumnHeader {
  name: string;
  order: number;
  planes: number;
  scale?: number;
  values?: string[];
  missing?: boolean;
}

interface Header {
  rows: number;
  columns: ColumnHeader[];
}

/** Told which row is the first that is new, or another one than before. */
export type Growth = (from: number) => void;

/** A table whose columns are decoded when first asked for. That of a session that goes on grows in place. */
export class Table {
  rows: number;
  private readonly bytes: Uint8Array;
  private readonly at = new Map<string, { head: ColumnHeader; offset: number }>();
  private readonly numbers = new Map<string, Float64Array>();
  private readonly texts = new Map<string, (string | null)[]>();
  private readonly watchers = new Set<Growth>();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const header: Header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    this.rows = header.rows;
    let offset = 4 + length;
    for (const head of header.columns) {
      this.at.set(head.name, { head, offset });
      offset += header.rows * (head.planes + (head.missing ? 1 : 0));
    }
  }

  has(name: string): boolean {
    return this.at.has(name);
  }

  isText(name: string): boolean {
    return this.at.get(name)?.head.values !== undefined;
  }

  /** A column of numbers, or of booleans as 0 and 1. Missing is NaN. */
  number(name: string): Float64Array {
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
  text(name: string): (string | null)[] {
    let out = this.texts.get(name);
    if (!out) {
      const { head, missing, steps } = this.decode(name);
      const values = head.values ?? [];
      out = Array.from(steps, (code, i) => (missing?.[i] ? null : values[code]));
      this.texts.set(name, out);
    }
    return out;
  }

  /** Be told when it has grown, until the signal aborts. Columns have to be read again. */
  watch(callback: Growth, signal: AbortSignal): void {
    this.watchers.add(callback);
    signal.addEventListener("abort", () => this.watchers.delete(callback));
  }

  /** Keep the first rows and put others behind them. */
  grow(kept: number, tail: Table): void {
    for (const [name, { head }] of this.at) {
      if (head.values) {
        const column = this.text(name);
        column.length = kept;
        for (const text of tail.text(name)) column.push(text);
      } else {
        const column = this.number(name);
        const length = kept + tail.rows;
        // room for as much again, so that most of the time nothing is copied but what is new
        const room = column.buffer.byteLength >= 8 * length ? new Float64Array(column.buffer) : new Float64Array(2 * length);
        if (room.buffer !== column.buffer) room.set(column.subarray(0, kept));
        room.set(tail.number(name), kept);
        this.numbers.set(name, room.subarray(0, length));
      }
    }
    this.rows = kept + tail.rows;
    for (const watcher of [...this.watchers]) watcher(kept);
  }

  private decode(name: string): { head: ColumnHeader; missing: Uint8Array | null; steps: Int32Array } {
    const found = this.at.get(name);
    if (!found) throw new Error(`no column ${name}`);
    const { head } = found;
    let { offset } = found;
    const n = this.rows;
    let missing: Uint8Array | null = null;
    if (head.missing) {
      missing = this.bytes.subarray(offset, offset + n);
      offset += n;
    }
    const steps = new Int32Array(n);
    for (let p = 0; p < head.planes; p++) {
      const plane = this.bytes.subarray(offset + p * n, offset + (p + 1) * n);
      for (let i = 0; i < n; i++) steps[i] |= plane[i] << (8 * p);
    }
    for (let i = 0; i < n; i++) steps[i] = (steps[i] >>> 1) ^ -(steps[i] & 1);
    for (let k = 0; k < head.order; k++) for (let i = 1; i < n; i++) steps[i] = (steps[i] + steps[i - 1]) | 0;
    return { head, missing, steps };
  }
}

/** Inflate and open a payload. */
export async function openTable(data: DataView): Promise<Table> {
  const packed = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Table(new Uint8Array(await new Response(stream).arrayBuffer()));
}
