// A table as the browser opens it, without the wire.
import type { Table } from "../src/shared/columns";

/** Columns of numbers or of texts; null: missing. */
export function tableOf(columns: Record<string, (string | number | null)[]>): Table {
  return {
    rows: Object.values(columns)[0].length,
    has: (name: string) => name in columns,
    number: (name: string) => Float64Array.from(columns[name], (value) => (value === null ? Number.NaN : Number(value))),
    text: (name: string) => columns[name],
  } as unknown as Table;
}
