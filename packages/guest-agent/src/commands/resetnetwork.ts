import { XenstoreError } from "@nova-agent/xenstore";
import { parseNetworking } from "../network/parse-networking.ts";
import type { WantedLink } from "../network/wanted-link.ts";
import { joinNetwork, type WantedNetwork } from "../network/wanted-network.ts";
import type { NetworkFacts } from "../os/backend.ts";
import { parseHostname, planHostname } from "../os/hostname.ts";
import { chooseBackend } from "../os/index.ts";
import type { Plan, Step } from "../plan.ts";
import { readNetworkFacts, waitForVifs } from "../system/network-facts.ts";
import { rootFiles } from "../system/rooted-files.ts";
import { command, type Guest, type XenstoreReader } from "./command.ts";

const NETWORKING_PATH = "vm-data/networking";
const HOSTNAME_PATH = "vm-data/hostname";

/** What the host wants of the guest, and what the guest is. */
export interface ResetFacts {
  readonly links: readonly WantedLink[];
  /** Undefined when the host says nothing: the name the guest has stays. */
  readonly hostname: string | undefined;
  readonly network: NetworkFacts;
}

/** `resetnetwork`: the host name and the network as `vm-data` has them. The value says nothing. */
export const resetnetwork = command({
  name: "resetnetwork",
  // Hosts take "500" for a success here: old agents sent it although the reset had worked.
  failureCode: "1",
  gather: readResetFacts,
  plan: (_value, facts) => planReset(facts),
});

/** The plan that brings the wanted name and network about; without steps when all is so already. */
export function planReset({ links, hostname, network }: ResetFacts): Plan {
  const wanted = joinNetwork(links, network.vifs);
  return {
    steps: [
      ...(hostname === undefined ? [] : planHostname(hostname, network)),
      ...planNetwork(wanted, network),
    ],
    reply: { returncode: "0", message: describeMissing(wanted) },
  };
}

function planNetwork(wanted: WantedNetwork, facts: NetworkFacts): readonly Step[] {
  // Without anything to write the guest may keep its network as it likes.
  return wanted.interfaces.length === 0 ? [] : chooseBackend(facts).plan(wanted, facts);
}

/** Empty when every network has its interface, as hosts expect it. */
function describeMissing({ missing }: WantedNetwork): string {
  if (missing.length === 0) return "";
  const names = missing.map(({ mac, label }) => (label === "" ? mac : `${mac} (${label})`));
  return `Left out, because no interface of this guest has the MAC address: ${names.join(", ")}`;
}

async function readResetFacts({ system, xenstore, root }: Guest): Promise<ResetFacts> {
  const links = await readLinks(xenstore);
  const hostname = (await readIfThere(xenstore, HOSTNAME_PATH))?.trim() ?? "";
  const files = rootFiles(system.files, root);
  await waitForVifs(
    links.map((link) => link.mac),
    { files, clock: system.clock },
  );
  return {
    links,
    hostname: hostname === "" ? undefined : parseHostname(hostname),
    network: readNetworkFacts(files),
  };
}

async function readLinks(xenstore: XenstoreReader): Promise<WantedLink[]> {
  const keys = await ifThere(xenstore.list(NETWORKING_PATH));
  const texts = await Promise.all(
    (keys ?? []).map(async (key) => ({
      key,
      text: await readIfThere(xenstore, `${NETWORKING_PATH}/${key}`),
    })),
  );
  // A network may be detached between the list and the look at it.
  return texts.flatMap(({ key, text }) => (text === undefined ? [] : [parseNetworking(key, text)]));
}

function readIfThere(xenstore: XenstoreReader, path: string): Promise<string | undefined> {
  return ifThere(xenstore.readText(path));
}

async function ifThere<Value>(answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof XenstoreError && error.code === "ENOENT") return undefined;
    throw error;
  }
}
