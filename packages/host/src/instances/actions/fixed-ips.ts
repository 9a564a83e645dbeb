import { HostError } from "../../errors.ts";
import type { Requester } from "../../ports/requester.ts";
import { parseAddress, renderAddress } from "../addresses.ts";
import { type ActionRule, actionRules } from "../states.ts";
import { beginAction, finishAction, type RunningAction, step } from "../action.ts";
import { findNetwork } from "../domains/domains-of-instances.ts";
import { renewNetworking, tellGuest } from "./guest-network.ts";
import type { FixedIp, Port } from "../instance.ts";
import type { InstanceContext } from "../instance-context.ts";
import { hasGuest } from "../domains/live-vm-data.ts";
import { freeAddresses } from "./new-port.ts";
import { orTakeBack } from "./take-back.ts";

/** Gives the instance's card in a network one more IPv4 address, and resolves when the guest has it. */
export async function addFixedIp(
  context: InstanceContext,
  requester: Requester,
  { id, networkId }: { readonly id: string; readonly networkId: string },
): Promise<FixedIp> {
  const network = await findNetwork(context, networkId, requester.projectId);
  return changeAddresses(context, requester, {
    id,
    rule: actionRules.addFixedIp,
    decide: async (ports) => {
      const port = ports.find((port) => port.networkId === networkId);
      if (port === undefined) {
        throw new HostError("BAD_ARGUMENT", `Instance ${id} has no port in network ${networkId}`);
      }
      const [fixedIp] = await freeAddresses(context, network);
      if (fixedIp === undefined) {
        throw new HostError("NO_ADDRESS_LEFT", `Network ${network.name} has no address left`);
      }
      return { port, fixedIps: [...port.fixedIps, fixedIp], result: fixedIp };
    },
  });
}

/** Takes one address from the instance, and resolves when the guest has it no more. */
export async function removeFixedIp(
  context: InstanceContext,
  requester: Requester,
  { id, address }: { readonly id: string; readonly address: string },
): Promise<void> {
  const parsed = parseAddress(address);
  const canonical = parsed === undefined ? address : renderAddress(parsed);
  await changeAddresses(context, requester, {
    id,
    rule: actionRules.removeFixedIp,
    decide: async (ports) => {
      const port = ports.find(({ fixedIps }) => fixedIps.some((fixedIp) => fixedIp.address === canonical));
      if (port === undefined) {
        throw new HostError("BAD_ARGUMENT", `Address ${canonical} is not one of instance ${id}`);
      }
      const fixedIps = port.fixedIps.filter((fixedIp) => fixedIp.address !== canonical);
      return { port, fixedIps, result: undefined };
    },
  });
}

interface AddressChange<Result> {
  readonly id: string;
  readonly rule: ActionRule;
  readonly decide: (ports: readonly Port[]) => Promise<{
    readonly port: Port;
    readonly fixedIps: readonly FixedIp[];
    readonly result: Result;
  }>;
}

async function changeAddresses<Result>(
  context: InstanceContext,
  requester: Requester,
  { id, rule, decide }: AddressChange<Result>,
): Promise<Result> {
  const { instances } = context.database;
  const running = await beginAction(context, requester, { id, rule });
  return finishAction(running, () =>
    orTakeBack(async (onFailure) => {
      const { port, fixedIps, result } = await decide(await instances.ports(id));
      await step(running, "port", () => instances.setFixedIps(port.id, fixedIps));
      onFailure("the port's addresses", () => takeAddressesBack(running, port));
      if (await hasGuest(context, running.instance)) {
        await renewNetworking(running);
        await tellGuest(running);
      }
      return { changes: {}, result };
    }),
  );
}

async function takeAddressesBack(running: RunningAction, { id, fixedIps }: Port): Promise<void> {
  await running.context.database.instances.setFixedIps(id, fixedIps);
  if (await hasGuest(running.context, running.instance)) await renewNetworking(running);
}
