import type { ClockModel } from "../shared/models";

export interface Model extends ClockModel {
  selection: string | null;
  hide_ahead: boolean;
  /** true while a finger holds the playhead: the clock waits */
  _held: boolean;
  _tables: Record<string, string>;
}
