import { render } from "preact";
import * as z from "zod/mini";
import { App } from "./app.tsx";
import { createPanel, PanelContext } from "./state/panel.ts";

// Zod would try whether it may make functions of text, which the page's policy forbids and reports.
z.config({ jitless: true });

const root = document.getElementById("panel");
if (root === null) throw new Error("The page has no place for the panel");
const panel = createPanel(window);
void panel.sessions.resume();
root.replaceChildren();
render(
  <PanelContext.Provider value={panel}>
    <App />
  </PanelContext.Provider>,
  root,
);
