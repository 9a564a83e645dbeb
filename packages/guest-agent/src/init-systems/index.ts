import type { RootedFiles } from "../system/rooted-files.ts";
import { openrc } from "./openrc.ts";
import { SERVICE_NAMES, type InitSystem, type InstalledService } from "./service.ts";
import { systemd } from "./systemd.ts";
import { sysv } from "./sysv.ts";
import { upstart } from "./upstart.ts";

/** Every init system, the one that is asked first standing first: scripts of System V lie in most systems. */
const initSystems: readonly InitSystem[] = [systemd, openrc, upstart, sysv];

/** The one that starts this system; undefined when none is known there. */
export function findInitSystem(files: RootedFiles): InitSystem | undefined {
  return initSystems.find((init) => init.isUsed(files));
}

/** Those of the services that are installed. */
export function readServices(init: InitSystem, files: RootedFiles): readonly InstalledService[] {
  return SERVICE_NAMES.flatMap((name) => init.read(name, files) ?? []);
}
