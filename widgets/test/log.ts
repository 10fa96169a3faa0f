// A change log as the browser opens it, without the wire.
import type { Table } from "../src/shared/columns";

export type Change = [time_s: number, driver: string, field: string, value: number | null];

/** Rows sorted by driver and field, as they travel. */
export function logOf(changes: Change[]): Table {
  const rows = [...changes].sort((a, b) => a[1].localeCompare(b[1]) || a[2].localeCompare(b[2]) || a[0] - b[0]);
  const numbers: Record<string, Float64Array> = {
    time_s: Float64Array.from(rows, (r) => r[0]),
    value: Float64Array.from(rows, (r) => r[3] ?? Number.NaN),
  };
  const texts: Record<string, string[]> = { driver: rows.map((r) => r[1]), field: rows.map((r) => r[2]) };
  return {
    rows: rows.length,
    has: (name: string) => name in numbers || name in texts,
    number: (name: string) => numbers[name],
    text: (name: string) => texts[name],
  } as unknown as Table;
}
