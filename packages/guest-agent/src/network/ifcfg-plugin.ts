/**
 * What tells of NetworkManager's plugin ifcfg-rh: its bus policy, because it lies itself in a folder
 * named after NetworkManager's version since 1.12.
 */
export const pluginEvidence: readonly string[] = [
  "/usr/share/dbus-1/system.d/nm-ifcfg-rh.conf",
  "/etc/dbus-1/system.d/nm-ifcfg-rh.conf",
  "/usr/lib64/NetworkManager/libnm-settings-plugin-ifcfg-rh.so",
  "/usr/lib/NetworkManager/libnm-settings-plugin-ifcfg-rh.so",
];

/** What NetworkManager is told, to which plugins belong (NetworkManager.conf(5)). */
export const pluginFiles: readonly string[] = [
  "/usr/lib/NetworkManager/conf.d/*.conf",
  "/etc/NetworkManager/NetworkManager.conf",
  "/etc/NetworkManager/conf.d/*.conf",
];

/** Of what was found of the guest, what tells. */
interface PluginFacts {
  /** Of the paths that were looked for, those that are there. */
  readonly evidence: ReadonlyMap<string, unknown>;
  readonly files: ReadonlyMap<string, string>;
}

/** Whether the plugin is there and none of NetworkManager's files names other plugins. */
export function hasPlugin({ evidence, files }: PluginFacts): boolean {
  const confs = [...files].filter(([path]) => path.includes("/NetworkManager/") && path.endsWith(".conf"));
  const lists = confs.flatMap(([, text]) => [...text.matchAll(/^\s*plugins\s*=(.*)$/gm)]);
  const isLeftOut = lists.some(([, list = ""]) => !list.includes("ifcfg-rh"));
  return pluginEvidence.some((path) => evidence.has(path)) && !isLeftOut;
}
