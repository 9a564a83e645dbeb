export * from "./errors.ts";
export { openPanel, type Panel } from "./open-panel.ts";
export { PACKAGED_PANEL, panelDirectory } from "./panel-directory.ts";
