import { findAnswering } from "./gateway-probe.ts";
import { readKernelNetwork } from "./kernel-facts.ts";
import { prefixText } from "../network/address.ts";
import { type Gateway, gatewaysInKernel, isSameGateway, wantedGateways } from "../network/gateway.ts";
import {
  describeDifferences,
  type ForeignAddress,
  foreignAddresses,
  type KernelNetwork,
} from "../network/kernel-network.ts";
import {
  DIFFERENCES_TOLD_MAX,
  FOREIGN_ADDRESSES_TOLD_MAX,
  GATEWAY_WAIT_MS,
  NETWORK_POLL_MS,
  NETWORK_SETTLE_MS,
} from "../network/limits.ts";
import type { WantedInterface } from "../network/wanted-network.ts";
import type { Logger } from "../log.ts";
import { type StepContext, stepFailure } from "./steps/step.ts";

/** What a change of the network is about. */
export interface NetworkCheckOptions {
  readonly interfaces: readonly WantedInterface[];
  /** Links that are to be left alone: the gateways that answer there have to go on with it. */
  readonly bystanders?: readonly string[];
  readonly context: StepContext;
}

/**
 * Watches over a change of the network: begun before it, asked after it. What counts is the kernel's
 * addresses and routes, and that a gateway answers wherever one of the same interface and family
 * answered before: a network that was good is given up only for another one that is.
 */
export class NetworkCheck {
  readonly #interfaces: readonly WantedInterface[];
  readonly #bystanders: ReadonlySet<string>;
  readonly #context: StepContext;
  readonly #before: KernelNetwork;
  /** The gateways that answered before. */
  readonly #answering: readonly Gateway[];
  /** What stays, when all is as wanted. */
  #foreign: readonly ForeignAddress[] = [];

  private constructor(
    { interfaces, bystanders = [], context }: NetworkCheckOptions,
    found: { readonly before: KernelNetwork; readonly answering: readonly Gateway[] },
  ) {
    this.#interfaces = interfaces;
    this.#bystanders = new Set(bystanders);
    this.#context = context;
    this.#before = found.before;
    this.#answering = found.answering;
  }

  /** Looks at the network as it is; undefined, with a warning, when the kernel does not tell. */
  static async begin(options: NetworkCheckOptions): Promise<NetworkCheck | undefined> {
    const { interfaces, bystanders = [], context } = options;
    const before = await readKernelNetwork(context.system);
    if (before === undefined) {
      context.log?.warn("The network is not checked, because ip does not tell what the kernel has");
      return undefined;
    }
    const links = [...interfaces, ...bystanders.map((name) => ({ name }))];
    const answering = await findAnswering(gatewaysInKernel(links, before), context.system);
    return new NetworkCheck(options, { before, answering });
  }

  /**
   * Waits until the network is as it is wanted. Throws AGENT_STEP_FAILED with what is not; but when
   * there was no network before, logs it, because taking back would give nothing better.
   */
  async verify(): Promise<void> {
    const differences = await this.#differences();
    const reasons = differences.length > 0 ? differences : await this.#silences();
    if (reasons.length === 0) return warnOfForeign(this.#foreign, this.#context.log);
    const told = tell(reasons);
    if (this.#hadNetwork()) throw stepFailure(`The network is not as wanted: ${told}`);
    this.#context.log?.warn("The network is not as wanted, and stays so because there was none before", {
      differences: told,
    });
  }

  /** Whether the gateways that answered before do so again, in words; to be asked after taking back. */
  async describeReturn(context: StepContext): Promise<string | undefined> {
    if (this.#answering.length === 0) return undefined;
    const silent = await waitForGateways(this.#answering, context);
    return silent.length === 0
      ? `gateway ${namesOf(this.#answering)} answers again`
      : `gateway ${namesOf(silent)} does not answer again`;
  }

  #hadNetwork(): boolean {
    const hadAddress = this.#interfaces.some(
      ({ name }) => (this.#before.links.get(name)?.addresses.length ?? 0) > 0,
    );
    return this.#answering.length > 0 || hadAddress;
  }

  async #differences(): Promise<readonly string[]> {
    let differences = ["ip does not tell any more what the kernel has"];
    await poll(NETWORK_SETTLE_MS, {
      context: this.#context,
      isSo: async () => {
        const kernel = await readKernelNetwork(this.#context.system);
        if (kernel === undefined) return false;
        const told = this.#interfaces.flatMap((wanted) => describeDifferences(wanted, kernel));
        // Which default route comes first is told of both interfaces.
        differences = [...new Set(told)];
        this.#foreign = foreignAddresses(this.#interfaces, kernel);
        return differences.length === 0 && !this.#isTentative(kernel);
      },
    });
    return differences;
  }

  #isTentative(kernel: KernelNetwork): boolean {
    return this.#interfaces.some(({ name, addresses }) => {
      const isWanted = new Set(addresses.map(prefixText));
      const { addresses: found = [], localAddresses = [] } = kernel.links.get(name) ?? {};
      const local = localAddresses.filter((each) => isWanted.has(prefixText(each)));
      return [...found, ...local].some(({ isTentative }) => isTentative === true);
    });
  }

  /** The wanted gateways that should answer and do not, in words. */
  async #silences(): Promise<string[]> {
    const expected = wantedGateways(this.#interfaces).filter(({ linkName, address }) =>
      this.#answering.some((other) => other.linkName === linkName && other.address.family === address.family),
    );
    const others = this.#answering.filter(({ linkName }) => this.#bystanders.has(linkName));
    const silent = await waitForGateways([...expected, ...others], this.#context);
    return silent.map(({ linkName, address }) => `gateway ${address.text} does not answer on ${linkName}`);
  }
}

/** Logs each address that stays although the host does not want it, and how it goes. */
export function warnOfForeign(foreign: readonly ForeignAddress[], log: Logger | undefined): void {
  for (const { linkName, address } of foreign.slice(0, FOREIGN_ADDRESSES_TOLD_MAX)) {
    const command = `ip address del ${address} dev ${linkName}`;
    log?.warn("An address is not the host's, and stays", { interface: linkName, address, command });
  }
  const left = foreign.length - FOREIGN_ADDRESSES_TOLD_MAX;
  if (left > 0) log?.warn("More addresses are not the host's, and stay", { count: left });
}

/** Those that have not answered when the time is up. */
async function waitForGateways(
  gateways: readonly Gateway[],
  context: StepContext,
): Promise<readonly Gateway[]> {
  let silent = gateways;
  await poll(GATEWAY_WAIT_MS, {
    context,
    isSo: async () => {
      const answering = await findAnswering(silent, context.system);
      silent = silent.filter((gateway) => !answering.some((each) => isSameGateway(each, gateway)));
      return silent.length === 0;
    },
  });
  return silent;
}

interface Question {
  readonly context: StepContext;
  readonly isSo: () => Promise<boolean>;
}

/** Asks again and again until it is so or the time is up. */
async function poll(limitMs: number, { context, isSo }: Question): Promise<void> {
  const { clock } = context.system;
  const endMs = Math.min(clock.nowMs() + limitMs, context.deadlineMs);
  while (!(await isSo()) && clock.nowMs() < endMs) {
    await new Promise<void>((resolve) => {
      clock.after(NETWORK_POLL_MS, resolve);
    });
  }
}

function namesOf(gateways: readonly Gateway[]): string {
  return gateways.map(({ address }) => address.text).join(", ");
}

function tell(reasons: readonly string[]): string {
  const told = reasons.slice(0, DIFFERENCES_TOLD_MAX).join("; ");
  const left = reasons.length - DIFFERENCES_TOLD_MAX;
  return left > 0 ? `${told}; and ${left} more` : told;
}
