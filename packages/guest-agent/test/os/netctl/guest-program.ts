// The guest's side of the system test: a profile is up, a reset to another network fails, and what is
// there then is printed as JSON. Its argument is the directory that reset-namespace.sh has prepared.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createNodeSystem } from "../../../src/hosts/node/index.ts";
import { netctl } from "../../../src/os/netctl.ts";
import { execute } from "../../../src/system/executor.ts";
import type { Files, ProgramCall, System } from "../../../src/system/system.ts";
import { wantedOf } from "../models.ts";

/** What is there after the reset that failed. */
export interface FailedReset {
  readonly error: string;
  readonly profile: string;
  /** As ip(8) shows it of the interface, without what the kernel makes of itself. */
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
}

const work = process.argv[2] ?? "";
const profilePath = `${work}/profiles/office`;
const vifs = [{ name: "eth0", mac: "00:16:3e:00:00:01", index: 0 }];
const networking = {
  a: { mac: "00:16:3e:00:00:01", ips: [{ ip: "192.0.2.10", netmask: "255.255.255.0" }], mtu: 1400 },
};

// The route by ip's own words can be set only where the second address is.
const before = `Interface=eth0
Connection=ethernet
IP=static
Address=('192.0.2.10/24' '198.51.100.10/24')
Gateway=192.0.2.1
IPCustom=('route add 203.0.113.0/24 via 198.51.100.1 dev eth0')
`;
writeFileSync(profilePath, before);
spawnSync(`${work}/bin/netctl`, ["start", "office"]);
const files = new Map([["/etc/netctl/office", before]]);
const facts = { vifs, hostname: "x", evidence: new Map(), files };
const steps = netctl.plan(wantedOf({ vifs, networking }), facts);
const error = await execute(
  { steps, reply: { returncode: "0", message: "" } },
  { system: guestSystem(), root: "/" },
).then(
  () => "none",
  (reason: Error) => reason.message,
);
const outcome: FailedReset = {
  error,
  profile: readFileSync(profilePath, "utf8"),
  addresses: show("-4", "address", "show", "dev", "eth0").filter((line) => line.startsWith("inet")),
  routes: show("-4", "route", "show").filter((line) => line.includes(" via ")),
};
writeFileSync(1, `${JSON.stringify(outcome)}\n`);

function at(path: string): string {
  return path.replace(/^\/etc\/netctl/, `${work}/profiles`);
}

/** The machine, but with netctl's files and program where they are here. */
function guestSystem(): System {
  const system = createNodeSystem({
    connectXenstore: () => Promise.reject(new Error("Not used")),
    environment: process.env,
  });
  const { files: own } = system;
  const moved: Files = {
    read: (path, maxBytes) => own.read(at(path), maxBytes),
    list: (path) => own.list(at(path)),
    status: (path) => own.status(at(path)),
    readLink: (path) => own.readLink(at(path)),
    label: (path) => own.label(at(path)),
    makeDirectory: (path, mode) => own.makeDirectory(at(path), mode),
    create: (path, content, attributes) => own.create(at(path), content, attributes),
    rename: (from, to) => own.rename(at(from), at(to)),
    remove: (path) => own.remove(at(path)),
    makeLink: (target, path) => own.makeLink(target, at(path)),
  };
  const run = (call: ProgramCall) => {
    const [program, ...words] = call.argv;
    return system.run({ ...call, argv: [program === "netctl" ? `${work}/bin/netctl` : program, ...words] });
  };
  return { ...system, files: moved, run };
}

function show(...words: readonly string[]): string[] {
  const { stdout } = spawnSync("ip", words, { encoding: "utf8" });
  return stdout.split("\n").map((line) => line.trim());
}
