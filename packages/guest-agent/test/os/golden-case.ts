import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeUtf8 } from "@nova-agent/xenstore";
import { planReset } from "../../src/commands/resetnetwork.ts";
import type { KernelNetwork } from "../../src/network/kernel-network.ts";
import { parseNetworking } from "../../src/network/parse-networking.ts";
import type { Vif } from "../../src/network/wanted-network.ts";
import type { Evidence, NetworkFacts } from "../../src/os/backend.ts";
import { flatSteps, type Plan, type SimpleStep, type Step } from "../../src/plan.ts";

/** Where the golden files are; the compiled tests stand in `dist/test`. */
const goldenDirectory = fileURLToPath(new URL("../../../test/golden/", import.meta.url));

/** A network that a host wants of a guest: `golden/networks/<name>.json`. */
export interface GoldenNetwork {
  readonly vifs: readonly Vif[];
  readonly hostname?: string;
  readonly networking: Readonly<Record<string, unknown>>;
}

/** A guest before and after: `golden/<backend>/<case>/`. */
export interface GoldenCase {
  readonly name: string;
  readonly network: GoldenNetwork;
  readonly evidence: readonly string[];
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  readonly steps: string;
}

/** Reads `golden/networks/<name>.json`. */
export function readGoldenNetwork(name: string): GoldenNetwork {
  return readJson(`networks/${name}.json`) as GoldenNetwork;
}

/** The cases of one back end, in the order of their names. */
export function readGoldenCases(backend: string): GoldenCase[] {
  const folder = join(goldenDirectory, backend);
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  return names.sort().map((name) => {
    const own = `${backend}/${name}`;
    const guest = (readOptional(`${own}/guest.json`) ?? {}) as { network?: string; evidence?: string[] };
    return {
      name,
      network: readGoldenNetwork(guest.network ?? name),
      evidence: guest.evidence ?? readGoldenEvidence(backend),
      before: readTree(join(goldenDirectory, own, "before")),
      after: readTree(join(goldenDirectory, own, "after")),
      steps: readFileSync(join(goldenDirectory, own, "steps.txt"), "utf8"),
    };
  });
}

/** What is there of a guest that has a back end's programs and nothing else. */
export function readGoldenEvidence(backend: string): string[] {
  return readJson(`${backend}/evidence.json`) as string[];
}

/** The plan, its steps flat, of a network on a guest with these files, whose kernel calls itself `debian`. */
export function planOf(
  network: GoldenNetwork,
  guest: {
    readonly files: ReadonlyMap<string, string>;
    readonly evidence: readonly string[];
    readonly kernel?: KernelNetwork;
  },
): Plan {
  const facts: NetworkFacts = {
    vifs: network.vifs,
    hostname: "debian",
    evidence: new Map(guest.evidence.map(readEvidence)),
    files: guest.files,
    ...(guest.kernel && { kernel: guest.kernel }),
  };
  const links = Object.entries(network.networking).map(([key, value]) =>
    parseNetworking(key, JSON.stringify(value)),
  );
  const plan = planReset({ links, hostname: network.hostname, network: facts });
  return { ...plan, steps: flatSteps(plan.steps) };
}

/** `/sbin/ifup`, or `/sbin/ifup -> /bin/busybox` for a link. */
function readEvidence(text: string): [string, Evidence] {
  const [path = text, link] = text.split(" -> ");
  return [path, link === undefined ? {} : { link }];
}

/** The files as they are when the steps have been carried out. */
export function filesAfter(files: ReadonlyMap<string, string>, steps: readonly Step[]): Map<string, string> {
  const result = new Map(files);
  for (const step of flatSteps(steps)) {
    if (step.step === "writeFile") result.set(step.path, decodeUtf8(step.content) ?? "not UTF-8");
    if (step.step === "removeFile") result.delete(step.path);
  }
  return result;
}

/** The files of a guest whose interfaces ifup has brought up, as it keeps them (ifup(8), "FILES"). */
export function withAllUp(
  files: ReadonlyMap<string, string>,
  { vifs }: Pick<GoldenNetwork, "vifs">,
): Map<string, string> {
  const state = ["lo", ...vifs.map(({ name }) => name)].map((name) => `${name}=${name}\n`).join("");
  return new Map([...files, ["/run/network/ifstate", state], ["/run/ifstate", state]]);
}

/** The steps as golden files spell them, one a line. */
export function spellSteps(steps: readonly Step[]): string {
  return flatSteps(steps)
    .map((step) => `${spellStep(step)}\n`)
    .join("");
}

function spellStep(step: SimpleStep): string {
  switch (step.step) {
    case "writeFile":
      return `write ${step.path} ${step.mode.toString(8).padStart(4, "0")}${step.backup ? " backup" : ""}`;
    case "removeFile":
      return `remove ${step.path}${step.backup ? " backup" : ""}`;
    case "makeLink":
      return `link ${step.path} to ${step.target}`;
    case "run":
      return `run ${step.argv.join(" ")}${step.undo ? ` (undo: ${step.undo.join(" ")})` : ""}`;
    case "whenTakenBack":
      return `if taken back: ${step.argv.join(" ")}`;
    case "setHostname":
      return `hostname ${step.hostname}`;
    case "setPassword":
    case "resetPassword":
    case "runPython":
      break;
  }
  throw new TypeError(`No reset of the network has the step ${step.step}`);
}

function readTree(root: string): Map<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(root, name)).isFile());
  return new Map(files.map((name) => [`/${name}`, readFileSync(join(root, name), "utf8")]));
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(goldenDirectory, path), "utf8"));
}

function readOptional(path: string): unknown {
  try {
    return readJson(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
