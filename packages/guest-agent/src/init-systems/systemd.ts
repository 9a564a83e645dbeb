import { parseIni } from "../ini-file.ts";
import type { Step } from "../plan.ts";
import type { RootedFiles } from "../system/rooted-files.ts";
import { listIfThere, readTextIfThere, statusBehindLinks } from "./read-text.ts";
import type { InitSystem, InstalledService, ServiceName } from "./service.ts";

/** What the administrator has; links there enable services. */
const OWN_DIRECTORY = "/etc/systemd/system";
/** Where units are, the one that counts first (systemd.unit(5), "Unit File Load Path"). */
const UNIT_DIRECTORIES = [
  OWN_DIRECTORY,
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];
const PROGRAMS = ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"];
const NOWHERE = "/dev/null";

/** systemd: links in the `.wants` and `.requires` directories of targets enable a unit (systemctl(1)). */
export const systemd: InitSystem = {
  name: "systemd",
  isUsed: (files) => startsByInit(files) && PROGRAMS.some((path) => statusBehindLinks(path, files)),
  read: readUnit,
  planEnabling,
  enablingCommand: (name) => `systemctl enable --now ${name}`,
  restartingCommand: (name) => `systemctl restart ${name}`,
  explainingCommand: "journalctl -u nova-agent -n 50",
};

/** Another init may be in charge although systemd is installed: then `/sbin/init` is no link to it. */
function startsByInit(files: RootedFiles): boolean {
  const init = statusBehindLinks("/sbin/init", files);
  return init === undefined || files.resolve("/sbin/init").endsWith("/systemd");
}

function readUnit(name: ServiceName, files: RootedFiles): InstalledService | undefined {
  const unit = `${name}.service`;
  const mask = `${OWN_DIRECTORY}/${unit}`;
  const isMasked = linkTarget(mask, files) === NOWHERE;
  const places = UNIT_DIRECTORIES.map((directory) => `${directory}/${unit}`);
  const path = places.find((each) => statusBehindLinks(each, files)?.kind === "file");
  if (path === undefined) return undefined;
  const text = [readTextIfThere(path, files) ?? "", ...readDropIns(unit, files)].join("\n");
  return {
    name,
    path,
    text,
    enabledBy: linksTo(unit, files),
    maskedBy: isMasked ? mask : undefined,
    after: unitNames(text, "After"),
    before: unitNames(text, "Before"),
  };
}

function linkTarget(path: string, files: RootedFiles): string | undefined {
  return files.status(path)?.kind === "link" ? files.readLink(path) : undefined;
}

function readDropIns(unit: string, files: RootedFiles): string[] {
  return UNIT_DIRECTORIES.flatMap((directory) => {
    const names = listIfThere(`${directory}/${unit}.d`, files).filter((name) => name.endsWith(".conf"));
    return names.map((name) => readTextIfThere(`${directory}/${unit}.d/${name}`, files) ?? "");
  });
}

/** Where the unit is wanted or required. */
function linksTo(unit: string, files: RootedFiles): string[] {
  return UNIT_DIRECTORIES.flatMap((directory) => {
    const targets = listIfThere(directory, files).filter((name) => /\.(?:wants|requires)$/.test(name));
    const links = targets.map((target) => `${directory}/${target}/${unit}`);
    return links.filter((link) => files.status(link) !== undefined);
  });
}

/** The names that a setting of `[Unit]` lists, services without their ending. */
function unitNames(text: string, key: string): string[] {
  return wordsOf(text, { section: "Unit", key }).map((name) => name.replace(/\.service$/, ""));
}

function wordsOf(text: string, { section, key }: { section: string; key: string }): string[] {
  return parseIni(text)
    .filter(({ name }) => name === section)
    .flatMap(({ entries }) => entries.filter((entry) => entry.key === key))
    .flatMap(({ value }) => value.split(/\s+/).filter((word) => word !== ""));
}

/** What `systemctl enable` does with the `[Install]` section. */
function planEnabling({ name, path, text, maskedBy }: InstalledService, files: RootedFiles): Step[] {
  const unit = `${name}.service`;
  const linksIn = (key: string, ending: string) =>
    wordsOf(text, { section: "Install", key }).map((target) => `${OWN_DIRECTORY}/${target}${ending}/${unit}`);
  const aliases = wordsOf(text, { section: "Install", key: "Alias" }).map(
    (alias) => `${OWN_DIRECTORY}/${alias}`,
  );
  const links = [...linksIn("WantedBy", ".wants"), ...linksIn("RequiredBy", ".requires"), ...aliases];
  const missing = links.filter((link) => files.status(link) === undefined);
  return [
    ...(maskedBy === undefined ? [] : [{ step: "removeFile", path: maskedBy, backup: false } as const]),
    ...missing.map((link) => ({ step: "makeLink", path: link, target: path }) as const),
  ];
}
