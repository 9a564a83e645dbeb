import type { Step } from "../plan.ts";
import type { RootedFiles } from "../system/rooted-files.ts";
import { listIfThere, readTextIfThere, statusBehindLinks } from "./read-text.ts";
import { SERVICE_NAMES, type InitSystem, type InstalledService, type ServiceName } from "./service.ts";

/** What a script asks for that does not say. */
const USUAL_LEVELS = ["2", "3", "4", "5"];
const USUAL_START = 15;
const LAST_NUMBER = 99;

/**
 * Scripts of System V: links `S<number><name>` and `K<number><name>` in a directory a runlevel, as
 * chkconfig(8) makes them from the script's `chkconfig:` line and insserv(8) from its LSB header (Linux
 * Standard Base, "Comment Conventions for Init Scripts").
 */
export const sysv: InitSystem = {
  name: "SysV",
  isUsed: (files) => statusBehindLinks("/etc/init.d", files)?.kind === "directory",
  read: readScript,
  planEnabling,
  enablingCommand: (name) => `chkconfig ${name} on || update-rc.d ${name} defaults; service ${name} start`,
  restartingCommand: (name) => `service ${name} restart`,
  explainingCommand: "tail -n 50 /var/log/nova-agent.log",
};

function readScript(name: ServiceName, files: RootedFiles): InstalledService | undefined {
  const path = `/etc/init.d/${name}`;
  if (statusBehindLinks(path, files)?.kind !== "file") return undefined;
  const text = readTextIfThere(path, files) ?? "";
  const levels = USUAL_LEVELS.map((level) => linksOf(level, files));
  const links = levels.flatMap((all) => all.filter((link) => link.isStart && link.name === name));
  const firsts = links.map((own) => ({
    own,
    others: levels.flat().filter((other) => other.isStart && other.directory === own.directory),
  }));
  const others = SERVICE_NAMES.filter((other) => other !== name);
  const isEach = (other: string, sign: number) =>
    firsts.length > 0 &&
    firsts.every(({ own, others: all }) =>
      all.some((link) => link.name === other && Math.sign(own.rank - link.rank) === sign),
    );
  return {
    name,
    path,
    text,
    enabledBy: links.map((link) => link.path),
    maskedBy: undefined,
    after: others.filter((other) => isEach(other, 1)),
    before: others.filter((other) => isEach(other, -1)),
  };
}

interface RunlevelLink {
  readonly directory: string;
  readonly path: string;
  readonly name: string;
  readonly isStart: boolean;
  readonly number: number;
  /** Its place among the links of its directory, which are started in order of their names. */
  readonly rank: number;
}

/** Debian's directories, and Red Hat's, to which its own of Debian's names are links. */
function directoryOf(level: string, files: RootedFiles): string {
  const redHats = `/etc/rc.d/rc${level}.d`;
  return files.status(redHats)?.kind === "directory" ? redHats : `/etc/rc${level}.d`;
}

function linksOf(level: string, files: RootedFiles): RunlevelLink[] {
  const directory = directoryOf(level, files);
  return listIfThere(directory, files).flatMap((entry, rank) => {
    const [, kind, digits = "", name = ""] = /^([SK])(\d\d)(.+)$/.exec(entry) ?? [];
    if (kind === undefined) return [];
    const path = `${directory}/${entry}`;
    return [{ directory, path, name, isStart: kind === "S", number: Number(digits), rank }];
  });
}

function planEnabling({ name, text }: InstalledService, files: RootedFiles): Step[] {
  const wanted = readHeader(text);
  return wanted.levels.flatMap((level) => {
    const links = linksOf(level, files);
    if (links.some((link) => link.isStart && link.name === name)) return [];
    const required = links.filter((link) => link.isStart && wanted.required.includes(link.name));
    const number = Math.min(Math.max(wanted.start, ...required.map((link) => link.number + 1)), LAST_NUMBER);
    const path = `${directoryOf(level, files)}/S${String(number).padStart(2, "0")}${name}`;
    return [
      // A link to stop in the same level would undo it.
      ...links
        .filter((link) => !link.isStart && link.name === name)
        .map((link) => ({ step: "removeFile", path: link.path, backup: false }) as const),
      { step: "makeLink", path, target: `../init.d/${name}` } as const,
    ];
  });
}

interface ScriptHeader {
  /** Runlevels, a digit each. */
  readonly levels: readonly string[];
  readonly start: number;
  /** Names of what has to be started before. */
  readonly required: readonly string[];
}

function readHeader(text: string): ScriptHeader {
  const chkconfig = /^#\s*chkconfig:\s*([\d-]+)\s+(\d+)/m.exec(text);
  const lsb = /^### BEGIN INIT INFO([^]*?)^### END INIT INFO/m.exec(text)?.[1] ?? "";
  const field = (key: string) => new RegExp(`^#\\s*${key}:[ \\t]*(.*)$`, "mi").exec(lsb)?.[1] ?? "";
  const levels = [chkconfig?.[1] ?? "", field("Default-Start")]
    .map((each) => each.match(/\d/g) ?? [])
    .find((each) => each.length > 0);
  return {
    levels: levels ?? USUAL_LEVELS,
    start: Number(chkconfig?.[2] ?? USUAL_START),
    required: `${field("Required-Start")} ${field("Should-Start")}`.split(/\s+/),
  };
}
