// f1nb.panels.message: a sentence where a panel would be.
import type { RenderProps } from "@anywidget/types";
import { blankHtml, element, follower } from "../shared/panel";
import type { Model } from "./model";

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("f1nb", "f1nb-cell");
  const root = element("section", "f1nb-panel f1nb-message");
  root.setAttribute("role", "alert");
  el.replaceChildren(root);
  const follow = follower(signal);
  const show = () => {
    root.innerHTML = blankHtml({
      kind: "info",
      title: model.get("title"),
      text: model.get("text"),
      code: model.get("code"),
    });
  };
  follow(model, "text", show, true);
  follow(model, "title", show);
  follow(model, "code", show);
}

export default { render };
