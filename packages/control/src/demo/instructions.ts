import { DEMO_ADMIN, DEMO_READER, DEMO_USER } from "./identity.ts";

/** What the operator should know of a running demo. */
export interface DemoSummary {
  readonly socketPath: string;
  /** Where the API is, such as `http://127.0.0.1:8774`. */
  readonly apiUrl: string;
  /** Of `/healthz` and `/metrics`; undefined where they are not served. */
  readonly monitoringUrl: string | undefined;
  /** The file with the settings for the API's clients. */
  readonly openrcPath: string;
  /** The file with the passwords of the panel's users. */
  readonly passwordsPath: string;
  readonly serviceLogPath: string;
  readonly guestName: string;
  readonly domid: number;
  readonly hostname: string;
  readonly agentVersion: string;
  readonly enclosure: "namespaces" | "root-tree";
  /** Why there are no namespaces, where there are none. */
  readonly reason: string | undefined;
  readonly ifupdown: "machine" | "stand-in" | "none";
  readonly tree: string;
  readonly logPath: string;
  /** The command that leads into the guest; none where there is no inside. */
  readonly enterCommand: readonly string[] | undefined;
}

/** The text that tells how to use the demo. */
export function renderInstructions(summary: DemoSummary): string {
  const { guestName: name, domid, tree } = summary;
  const facts = [
    ["Panel", `${summary.apiUrl} (in a browser)`],
    ["Guest", `"${name}", domain ${domid}: agent ${summary.agentVersion}, host name ${summary.hostname}`],
    ["Mode", renderMode(summary)],
    ...(summary.ifupdown === "stand-in" ? [["", IFUPDOWN_NOTE]] : []),
    ["Its files", `${tree} (look at etc/shadow, etc/hostname, etc/network/interfaces)`],
    ["Its log", summary.logPath],
    ["Cloud API", `${summary.apiUrl} (its log: ${summary.serviceLogPath})`],
    ...(summary.monitoringUrl === undefined
      ? []
      : [["Monitoring", `${summary.monitoringUrl}/metrics, ${summary.monitoringUrl}/healthz`]]),
  ];
  return [
    ...facts.map(([label = "", text = ""]) => `  ${label.padEnd(10)} ${text}`),
    "",
    `In the panel, sign in as ${DEMO_USER}, as ${DEMO_READER}, who may only look, or as ${DEMO_ADMIN}, who sees`,
    "every project and the host. Their passwords are of this start alone:",
    "",
    `  cat ${quoteWord(summary.passwordsPath)}`,
    "",
    "In another terminal, in this directory:",
    "",
    ...renderCommands(commands(name, domid, summary.socketPath)),
    "",
    "With the OpenStack clients (python3-openstackclient) the guest is a server:",
    "",
    ...renderCommands(openstackCommands(name, summary.openrcPath)),
    ...renderInside(summary.enterCommand),
    "",
  ].join("\n");
}

const IFUPDOWN_NOTE =
  "this machine has no ifupdown: a small ifup and ifdown of our own stand in for it in the guest";

function renderMode({ enclosure, reason }: DemoSummary): string {
  if (enclosure === "namespaces") {
    return "namespaces: host name, network, processes and files are the guest's own; this machine is not touched";
  }
  const why = reason === undefined ? "" : ` (${reason})`;
  return `root tree${why}: files are the guest's own; no program is run, so its host name and network stay unset, and a password needs root`;
}

function commands(name: string, domid: number, socketPath: string): [command: string, what: string][] {
  return [
    [`export XENSTORED_PATH=${quoteWord(socketPath)}`, ""],
    ["npx guestctl list", "the domains"],
    [`npx guestctl version ${name}`, "ask its agent"],
    [`npx guestctl password ${name}`, "set root's password"],
    [`npx guestctl inject-file ${name} package.json /root/package.json`, "write a file"],
    [`npx guestctl reset-network ${name}`, "set host name and network anew"],
    [`npx guestctl ls /local/domain/${domid}`, "what XenStore holds of it"],
    [`npx guestctl watch /local/domain/${domid}/data`, "see requests and replies pass"],
  ];
}

function openstackCommands(name: string, openrcPath: string): [command: string, what: string][] {
  return [
    [`. ${quoteWord(openrcPath)}`, ""],
    ["openstack server list", "the servers"],
    [`openstack server show ${name}`, "all that is known of one"],
    [`openstack server set --root-password ${name}`, "set root's password"],
  ];
}

function renderCommands(commands: readonly [command: string, what: string][]): string[] {
  const columns = Math.max(...commands.map(([command]) => command.length)) + 2;
  return commands.map(([command, what]) => `  ${command.padEnd(columns)}${what}`.trimEnd());
}

function renderInside(enterCommand: readonly string[] | undefined): string[] {
  if (enterCommand === undefined) return [];
  return [
    "",
    "A shell inside the guest (try: ip address, hostname, cat /etc/shadow):",
    "",
    `  ${[...enterCommand, "sh"].join(" ")}`,
  ];
}

/** A word as a shell takes it: quoted only where it must be. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
