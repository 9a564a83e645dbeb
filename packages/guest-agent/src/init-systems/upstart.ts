import type { Step } from "../plan.ts";
import type { RootedFiles } from "../system/rooted-files.ts";
import { readTextIfThere, statusBehindLinks } from "./read-text.ts";
import type { InitSystem, InstalledService, ServiceName } from "./service.ts";

/** Upstart: a job starts by its own `start on`, unless a file beside it says `manual` (init(5)). */
export const upstart: InitSystem = {
  name: "Upstart",
  isUsed: (files) => statusBehindLinks("/sbin/initctl", files) !== undefined && hasJobs(files),
  read: readJob,
  planEnabling,
  enablingCommand: (name) => `rm /etc/init/${name}.override && start ${name}`,
  restartingCommand: (name) => `restart ${name} || start ${name}`,
  explainingCommand: "tail -n 50 /var/log/upstart/nova-agent.log",
};

function hasJobs(files: RootedFiles): boolean {
  return ["rc-sysinit.conf", "rc.conf"].some((name) => files.status(`/etc/init/${name}`) !== undefined);
}

function readJob(name: ServiceName, files: RootedFiles): InstalledService | undefined {
  const path = `/etc/init/${name}.conf`;
  const text = readTextIfThere(path, files);
  if (text === undefined) return undefined;
  const override = `/etc/init/${name}.override`;
  const isManual = /^\s*manual\s*$/m.test(readTextIfThere(override, files) ?? "");
  return {
    name,
    path,
    text,
    enabledBy: !isManual && /^\s*start on\b/m.test(text) ? [path] : [],
    maskedBy: isManual ? override : undefined,
    after: [...text.matchAll(/\bstart(?:ed|ing)\s+([\w-]+)/g)].map(([, other = ""]) => other),
    before: [],
  };
}

function planEnabling({ maskedBy }: InstalledService): Step[] {
  return maskedBy === undefined ? [] : [{ step: "removeFile", path: maskedBy, backup: true }];
}
