// One table of one session. Opened once per page, however many panels refer to it.
import type { AnyModel } from "@anywidget/types";
import { openTable, type Table } from "../shared/columns";
import type { Model } from "./model";

export interface ColumnsExports {
  table(): Promise<Table>;
}

/** What the kernel says of a table that grows: so many rows stay as they are; the others come with it. */
interface Growth {
  kept: number;
  version: number;
}

export default {
  initialize({ model, signal }: { model: AnyModel<Model>; signal: AbortSignal }): ColumnsExports {
    let opened: Promise<Table> | undefined;
    let version = model.get("version");
    const table = () => {
      opened ??= openTable(model.get("data"));
      return opened;
    };
    // one after the other: each says how many rows of what was there before it stay
    let growing: Promise<void> = Promise.resolve();
    const grow = async (growth: Growth, tail: DataView, before: Promise<void>) => {
      const [whole, rows] = await Promise.all([table(), openTable(tail), before]);
      if (growth.kept && growth.version !== version + 1) {
        model.send({ type: "again" }); // one before it was lost, while this page was being drawn
        return;
      }
      version = growth.version;
      whole.grow(growth.kept, rows);
    };
    const onMessage = (growth: Growth, buffers: DataView[]) => {
      growing = grow(growth, buffers[0], growing).catch((error) => console.error(error)); // the next must not wait for ever
    };
    model.on("msg:custom", onMessage);
    signal.addEventListener("abort", () => model.off("msg:custom", onMessage));
    return { table };
  },
};
