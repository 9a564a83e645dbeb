export { buildPanel, type BuildPanelOptions } from "./build-panel.ts";
export { repositoryPanel } from "./repository-panel.ts";
