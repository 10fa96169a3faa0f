// What stands against a car: incidents that are looked into, warnings and penalties.
import type { Table } from "../shared/columns";

export interface Matter {
  kind: string;
  /** penalty in short */
  penalty: string | null;
  text: string;
}

/** The gravest first. */
const KINDS = ["penalty", "investigation", "after_session", "noted", "warning"];

export class Stewards {
  private readonly all = new Map<string, { from_s: number; until_s: number; matter: Matter }[]>();

  constructor(table: Table) {
    const [from, until] = [table.number("time_s"), table.number("until_s")];
    const [driver, kind, penalty, text] = ["driver", "kind", "penalty", "text"].map((c) => table.text(c));
    for (let i = 0; i < table.rows; i++) {
      const own = this.all.get(driver[i] ?? "") ?? [];
      this.all.set(driver[i] ?? "", own);
      const until_s = Number.isNaN(until[i]) ? Number.POSITIVE_INFINITY : until[i];
      own.push({ from_s: from[i], until_s, matter: { kind: kind[i] ?? "", penalty: penalty[i], text: text[i] ?? "" } });
    }
  }

  /** What stands at a moment, the gravest first and of those the latest. */
  at(driver: string, time_s: number): Matter[] {
    const standing = (this.all.get(driver) ?? []).filter((m) => m.from_s <= time_s && time_s < m.until_s);
    const rank = (m: Matter) => KINDS.indexOf(m.kind);
    return standing
      .map(({ matter }) => matter)
      .filter((m) => rank(m) >= 0)
      .reverse()
      .sort((a, b) => rank(a) - rank(b));
  }
}
