import type { Step } from "../plan.ts";
import type { RootedFiles } from "../system/rooted-files.ts";
import { readTextIfThere, statusBehindLinks } from "./read-text.ts";
import type { InitSystem, InstalledService, ServiceName } from "./service.ts";

/** Links there start a service with the system: those a system has by itself, and the usual one. */
const RUNLEVELS = ["sysinit", "boot", "default"].map((level) => `/etc/runlevels/${level}`);
const RUNLEVEL = "/etc/runlevels/default";

/** OpenRC: links in the directories of runlevels, and `depend` in the scripts (openrc-run(8)). */
export const openrc: InitSystem = {
  name: "OpenRC",
  isUsed: (files) => ["/sbin/openrc", "/usr/bin/openrc"].some((path) => statusBehindLinks(path, files)),
  read: readScript,
  planEnabling,
  enablingCommand: (name) => `rc-update add ${name} default`,
  restartingCommand: (name) => `rc-service ${name} restart`,
  explainingCommand: "tail -n 50 /var/log/nova-agent.log",
};

function readScript(name: ServiceName, files: RootedFiles): InstalledService | undefined {
  const path = `/etc/init.d/${name}`;
  if (statusBehindLinks(path, files)?.kind !== "file") return undefined;
  const text = readTextIfThere(path, files) ?? "";
  const links = RUNLEVELS.map((level) => `${level}/${name}`);
  return {
    name,
    path,
    text,
    enabledBy: links.filter((link) => files.status(link) !== undefined),
    maskedBy: undefined,
    after: ["after", "need", "use", "want"].flatMap((word) => namesBehind(word, text)),
    before: namesBehind("before", text),
  };
}

/** The names on the lines of `depend` that begin with a word. */
function namesBehind(word: string, text: string): string[] {
  const lines = [...text.matchAll(new RegExp(`^\\s*${word}\\s+(.+)$`, "gm"))];
  return lines.flatMap(([, names = ""]) => names.split(/\s+/).filter((name) => name !== ""));
}

function planEnabling({ name, path, enabledBy }: InstalledService): Step[] {
  return enabledBy.length > 0 ? [] : [{ step: "makeLink", path: `${RUNLEVEL}/${name}`, target: path }];
}
