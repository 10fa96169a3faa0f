// One table of one session. Opened once per page, however many panels refer to it.
import type { AnyModel } from "@anywidget/types";
import { openTable, type Table } from "../shared/columns";
import type { Model } from "./model";

export interface ColumnsExports {
  table(): Promise<Table>;
}

export default {
  initialize({ model }: { model: AnyModel<Model> }): ColumnsExports {
    let opened: Promise<Table> | undefined;
    return {
      table() {
        opened ??= openTable(model.get("data"));
        return opened;
      },
    };
  },
};
